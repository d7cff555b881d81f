import { expect, it } from 'vitest';
import { summary } from '../../src/actions/record.ts';
import type { Plan, Verb } from '../../src/actions/verb.ts';
import { judged, workload } from '../helpers/nouns.ts';

const noun = judged<'workload'>(workload('web'));
const told = (from: string, to: string) =>
  summary(noun, { name: 'set-image' } as Verb, { changes: [{ what: 'image', from, to }] } as unknown as Plan);

it('tells what changes where that is short: how it ended has to fit beside it', () => {
  expect(told('3', '5')).toBe('set-image web 3 → 5');
  expect(told('registry.saasodoo.test/web:2026.11', 'registry.saasodoo.test/web:2026.12')).toBe('set-image web');
});
