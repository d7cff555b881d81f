import { expect, it } from 'vitest';
import { VERBS } from '../../src/actions/verbs.ts';
import { PERIODS } from '../../src/checklists/checklist.ts';
import { checklistOf } from '../../src/checklists/lists.ts';
import { ChecklistsSchema } from '../../src/checklists/options.ts';
import { parseFilter } from '../../src/filter/filter.ts';

const items = PERIODS.flatMap(period => checklistOf(period, ChecklistsSchema.parse({})).items);

it('each item has a name of its own', () => {
  const names = items.flatMap(({ id, title }) => [id, title]);
  expect(new Set(names).size).toBe(names.length);
});

it.each(items.map(item => [item.id, item] as const))(
  '%s offers verbs that there are, and a pane that can be filtered so',
  (_, item) => {
    for (const { verb, kinds, nouns } of item.fixes) {
      const found = VERBS.find(({ name }) => name === verb);
      expect(found, verb).toBeDefined();
      if (!nouns) expect(kinds.filter(kind => !found?.kinds.includes(kind))).toEqual([]);
    }
    expect(parseFilter(item.look.filter).error).toBeNull();
  },
);
