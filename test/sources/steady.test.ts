import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SteadyLatency } from '../../src/sources/steady.ts';

const told = (latencies: number[]) => {
  const steady = new SteadyLatency();
  return latencies.map(ms => steady.add(ms));
};

test('a hiccup changes nothing, a lasting change does', () => {
  expect(told([12, 14, 300, 9, 15, 11])).toEqual([12, 12, 12, 12, 12, 12]);
  expect(told([12, 12, 12, 400, 420, 410]).at(-1)).toBe(400);
});

test('noise on top of a steady latency is never news', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.array(fc.double({ min: -0.12, max: 0.12, noNaN: true }), { minLength: 1 }),
      (base, noise) => {
        expect(new Set(told([base, ...noise.map(share => base * (1 + share))])).size).toBe(1);
      },
    ),
  );
});
