import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedRows } from '../../src/screen/sorted-rows.ts';

interface Row {
  id: string;
  key: number;
}

const inOrder = (a: Row, b: Row) => a.key - b.key || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

it('keeps the order of a sort through whatever comes, changes and goes', () => {
  const row = fc.record({ id: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), key: fc.integer({ min: 0, max: 5 }) });
  const rows = fc.uniqueArray(row, { selector: ({ id }) => id });
  const step = fc.oneof(fc.record({ put: rows }), fc.record({ remove: fc.uniqueArray(fc.constantFrom(...'abcxyz')) }));
  fc.assert(
    fc.property(fc.array(step), steps => {
      const sorted = new SortedRows<Row>(inOrder);
      const known = new Map<string, Row>();
      for (const step of steps) {
        if ('put' in step) {
          sorted.put(step.put);
          for (const each of step.put) known.set(each.id, each);
        } else {
          sorted.remove(step.remove);
          for (const id of step.remove) known.delete(id);
        }
        const wanted = [...known.values()].sort(inOrder);
        expect(sorted.all).toEqual(wanted);
        expect([...'abcxyz'].map(id => sorted.indexOf(known.get(id) ?? { id, key: 0 }))).toEqual(
          [...'abcxyz'].map(id => wanted.findIndex(each => each.id === id)),
        );
      }
    }),
  );
});

it('compares what stays in its place once, and what moves with a few of ten thousand', () => {
  let compared = 0;
  const sorted = new SortedRows<Row>((a, b) => {
    compared++;
    return inOrder(a, b);
  });
  sorted.put(Array.from({ length: 10_000 }, (_, key) => ({ id: `${key}`, key })));
  const cost = (work: () => void) => {
    compared = 0;
    work();
    return compared;
  };
  expect(cost(() => sorted.put([{ id: '5000', key: 5000 }]))).toBe(1);
  expect(cost(() => sorted.put([{ id: '5000', key: 1 }]))).toBeLessThan(40);
  expect(cost(() => sorted.remove(['5000']))).toBeLessThan(20);
  expect(cost(() => sorted.indexOf({ id: '9999', key: 9999 }))).toBeLessThan(20);
});
