import { describe, expect, it } from 'vitest';
import { withPast } from '../../src/demo/past.ts';
import { DAY_MS, type Metric, MINUTE_MS, type Point, type Samples, type StepMs } from '../../src/model/series.ts';

const START = Date.UTC(2026, 10, 23, 14, 3);
const point = (at: number): Point => ({ at, mean: 700, min: 700, max: 700, count: 1 });

/** A store in which the number was 700 in the first ten minutes. */
const real = (begun = true): Samples => ({
  add() {},
  series: async (_key, from, to, stepMs: StepMs = MINUTE_MS) => {
    const at = Array.from({ length: 10 }, (_, minute) => Math.floor((START + minute * MINUTE_MS) / stepMs) * stepMs);
    return { stepMs, points: begun ? [...new Set(at)].filter(at => at >= from - stepMs && at <= to).map(point) : [] };
  },
  close: async () => {},
});

const METRICS: Metric[] = ['connections', 'cpu', 'disk', 'instances', 'latency', 'memory', 'restarts', 'size', 'used'];

describe('the past of the embedded platform', () => {
  it.each(METRICS)('of %s leads to what it is now, in order, and is the same each time', async metric => {
    const samples = withPast(real(), START);
    const end = START + 9 * MINUTE_MS;
    for (const days of [1, 7, 30]) {
      const key = { id: 'demo/x', metric };
      const { points } = await samples.series(key, end - days * DAY_MS, end);
      expect(points.length).toBeGreaterThan(200);
      expect(points.every(({ at }, index) => index === 0 || at > points[index - 1]!.at)).toBe(true);
      expect(points.every(({ min, mean, max }) => min >= 0 && min <= mean && mean <= max)).toBe(true);
      expect(points.at(-1)?.mean).toBe(700);
      expect(Math.abs(points.at(-20)!.mean - 700)).toBeLessThan(700 / 2);
      expect((await samples.series(key, end - days * DAY_MS, end)).points).toEqual(points);
    }
  });

  it('has hours in which nobody watched', async () => {
    const { points } = await withPast(real(), START).series({ id: 'demo/x', metric: 'cpu' }, START - 7 * DAY_MS, START);
    const longest = Math.max(...points.slice(1).map(({ at }, index) => at - points[index]!.at));
    expect(longest).toBe(6 * 60 * MINUTE_MS + 5 * MINUTE_MS);
  });

  it('is none of what has not been read yet', async () => {
    const { points } = await withPast(real(false), START).series({ id: 'demo/x', metric: 'cpu' }, 0, START);
    expect(points).toEqual([]);
  });
});
