import { expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Coverage } from '../../src/sources/source.ts';
import { workload } from '../helpers/nouns.ts';
import { open } from './open.tsx';

/** Two systems share a pane: one has told all, the other is where this says. */
function beside(coverage: Coverage) {
  const fleet = new Fleet({ everyMs: 0 });
  for (const name of ['prod', 'other']) {
    fleet.expect(name, 'kubernetes');
    fleet.sink(name, 'kubernetes').state({ phase: 'live', proof: true });
  }
  const told = fleet.sink('prod', 'kubernetes');
  told.put([workload('web')]);
  for (const kind of ['workload', 'replica'] as const) {
    told.coverage(kind, { state: 'complete' });
    fleet.sink('other', 'kubernetes').coverage(kind, coverage);
  }
  fleet.flush();
  return open(fleet, 120, 30).text().join('\n');
}

const NO = { what: 'list pods', on: 'other', why: '403 Forbidden', fix: null };

it('says beside the rows of one system what another does not let be read, once', () => {
  const text = beside({ state: 'forbidden', trouble: NO });
  expect(text.match(/lacks: not allowed: .*403 Forbidden/g)).toHaveLength(1);
});

it('says beside the rows of one system that a list of another has failed', () => {
  expect(beside({ state: 'failed', trouble: NO }).match(/lacks: .*403 Forbidden/g)).toHaveLength(1);
});

it('says that a list is being read while only a part of it is there', () => {
  expect(beside({ state: 'asking' })).toContain('being read');
  expect(beside({ state: 'complete' })).not.toMatch(/being read|lacks/);
});
