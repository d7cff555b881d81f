import { expect, test } from 'vitest';
import { fieldOf } from '../../src/filter/fields.ts';
import { orderBy } from '../../src/filter/sort.ts';
import { NOW, replica } from './nouns.ts';

const context = { now: () => NOW, nameOf: () => null };
const sorted = (name: string, changes: Parameters<typeof replica>[0][], descending = false) => {
  const field = fieldOf(name);
  if (!field) throw new Error(`no field ${name}`);
  return changes
    .map(replica)
    .sort(orderBy(field, context, descending))
    .map(({ name }) => name);
};

test('words as people count', () => {
  expect(sorted('name', [{ name: 'w10' }, { name: 'w2' }, { name: 'w1' }])).toEqual(['w1', 'w2', 'w10']);
});

test('unknown is last in both directions', () => {
  const pods = [
    { name: 'unknown', cpuUsedMillicores: null },
    { name: 'much', cpuUsedMillicores: 900 },
    { name: 'little', cpuUsedMillicores: 5 },
  ];
  expect(sorted('cpu', pods)).toEqual(['little', 'much', 'unknown']);
  expect(sorted('cpu', pods, true)).toEqual(['much', 'little', 'unknown']);
});

test('the worst health first', () => {
  const pods = (['ok', 'unknown', 'bad', 'warn', 'off'] as const).map(health => ({ name: health, health }));
  expect(sorted('status', pods)).toEqual(['bad', 'warn', 'unknown', 'off', 'ok']);
});
