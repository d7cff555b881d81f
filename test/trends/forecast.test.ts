import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS, type Point } from '../../src/model/series.ts';
import { outlookOf, perDay, type Trend, trendOf } from '../../src/trends/forecast.ts';

const START = Date.UTC(2026, 10, 1);
const FIVE_MS = 5 * MINUTE_MS;

/** The value at each step, by the number of days since the start; undefined is a gap. */
function series(days: number, stepMs: number, value: (day: number, index: number) => number | undefined): Point[] {
  return Array.from({ length: Math.floor((days * DAY_MS) / stepMs) }, (_, index) => index).flatMap(index => {
    const mean = value((index * stepMs) / DAY_MS, index);
    return mean === undefined ? [] : [{ at: START + index * stepMs, mean, min: mean, max: mean, count: 1 }];
  });
}

/** Numbers between -1 and 1 that look random and are the same each time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
}

function found(points: Point[]): Trend {
  const trend = trendOf(points);
  if (typeof trend === 'string') throw new Error(`no trend: ${trend}`);
  return trend;
}
/** Days to the limit, their least and most. */
function days(points: Point[], limit: number): number[] | null {
  const { full } = outlookOf(points, points.at(-1)!.mean, limit);
  return full && [full.lowMs, full.inMs, full.highMs].map(ms => ms / DAY_MS);
}

describe('a trend', () => {
  test('of few points is not enough history', () => {
    expect(trendOf([])).toBe('short');
    expect(trendOf(series(7, DAY_MS, day => day))).toBe('short');
  });

  test('of what is flat is none', () => {
    expect(trendOf(series(30, DAY_MS, () => 42))).toBe('steady');
    expect(trendOf(series(2, FIVE_MS, () => 0))).toBe('steady');
  });

  test('of a line is its slope, and its band has no width', () => {
    const { rate, low, high, spread } = found(series(20, DAY_MS, day => 100 + 3 * day));
    for (const each of [rate, low, high]) expect(perDay(each)).toBeCloseTo(3, 9);
    expect(spread).toBeCloseTo(0, 9);
  });

  test('of what shrinks is negative, and never full', () => {
    const points = series(20, DAY_MS, day => 100 - 3 * day);
    expect(perDay(found(points).rate)).toBeCloseTo(-3, 9);
    expect(days(points, 200)).toBeNull();
  });

  test.each([1, 2, 3, 4, 5])('of a noisy line has the slope in its band (%i)', seed => {
    const next = noise(seed);
    const { rate, low, high } = found(series(30, DAY_MS, day => 100 + 2 * day + 5 * next()));
    expect(perDay(low)).toBeLessThan(2);
    expect(perDay(high)).toBeGreaterThan(2);
    expect(perDay(rate)).toBeCloseTo(2, 0);
  });

  test('of noise alone is none, whatever the noise, but for the 1 of 20 that was agreed', () => {
    const told = Array.from({ length: 200 }, (_, seed) => {
      const next = noise(seed + 1);
      return trendOf(series(30, DAY_MS, () => 100 + 5 * next()));
    }).filter(trend => trend !== 'steady');
    expect(told.length).toBeLessThan(20);
  });

  test('of a walk that leads nowhere is mostly none', () => {
    const told = Array.from({ length: 100 }, (_, seed) => {
      const next = noise(seed + 1);
      let level = 1_000;
      return trendOf(
        series(4, FIVE_MS, () => {
          level += next();
          return level;
        }),
      );
    }).filter(trend => typeof trend !== 'string');
    expect(told.length).toBeLessThan(30);
  });

  test('is not moved by outliers', () => {
    const points = series(40, DAY_MS, (day, index) => (index % 10 === 3 ? 5_000 : 100 + 3 * day));
    expect(perDay(found(points).rate)).toBeCloseTo(3, 1);
  });

  test('is not moved by gaps', () => {
    const points = series(40, DAY_MS, day => (day > 10 && day < 25 ? undefined : 100 + 3 * day));
    expect(perDay(found(points).rate)).toBeCloseTo(3, 9);
  });

  test('of one leap up is none: it does not leap on', () => {
    expect(trendOf(series(30, DAY_MS, day => (day < 15 ? 100 : 300)))).toBe('steady');
    const next = noise(7);
    expect(trendOf(series(4, FIVE_MS, day => (day < 3 ? 100 : 300) + 4 * next()))).toBe('steady');
  });

  test('with one leap in it is the one beside the leap', () => {
    expect(perDay(found(series(30, DAY_MS, day => 2 * day + (day < 20 ? 0 : 500))).rate)).toBeCloseTo(2, 6);
  });

  test('of stairs, one each night, is growth', () => {
    const { rate } = found(series(20, FIVE_MS, day => 10 * Math.floor(day)));
    expect(perDay(rate)).toBeCloseTo(10, 0);
  });

  test('of a day and a night is none', () => {
    for (const length of [2, 3, 3.5, 4])
      expect(trendOf(series(length, FIVE_MS, day => 50 + 30 * Math.sin(2 * Math.PI * day)))).toBe('steady');
  });

  test('through days and nights is found', () => {
    const points = series(7, FIVE_MS, day => 50 + 20 * day + 10 * Math.sin(2 * Math.PI * day));
    expect(perDay(found(points).rate)).toBeCloseTo(20, 0);
  });

  test.each([3, 4.5, 6.8])('of backups that are cleaned up after each week is none (%d weeks)', weeks => {
    expect(trendOf(series(weeks * 7, DAY_MS, day => 100 + 10 * (day % 7)))).toBe('steady');
  });

  test('of what was cleaned up once is known again when it has passed where it fell from', () => {
    const cleaned = (length: number) => series(length, DAY_MS, day => (day < 20 ? 10 * day : 10 * (day - 20)));
    expect(trendOf(cleaned(30))).toBe('fell');
    expect(perDay(found(cleaned(45)).rate)).toBeCloseTo(10, 6);
  });
});

describe('full', () => {
  test('is when the line comes to the limit', () => {
    const [low, best, high] = days(
      series(20, DAY_MS, day => 100 + 3 * day),
      187,
    )!;
    for (const each of [low, best, high]) expect(each).toBeCloseTo(10, 6);
  });

  test('has a band that grows with the noise', () => {
    const width = (size: number) => {
      const next = noise(3);
      const [low, , high] = days(
        series(40, DAY_MS, day => 100 + 3 * day + size * next()),
        300,
      )!;
      return high! - low!;
    };
    expect(width(1)).toBeLessThan(width(4));
    expect(width(4)).toBeLessThan(width(16));
  });

  test('is not told for longer than four times what is known', () => {
    const points = series(10, DAY_MS, day => day);
    expect(days(points, 44)?.[1]).toBeCloseTo(35, 6);
    expect(days(points, 60)).toBeNull();
  });

  test('is told of an hour as well as of a month', () => {
    const points = series(0.5 / 24, MINUTE_MS, day => 50 + 60 * 24 * day);
    const { full } = outlookOf(points, 79, 100);
    expect(full!.inMs / MINUTE_MS).toBeCloseTo(21, 6);
  });

  test('is now for what is over its limit', () => {
    expect(
      outlookOf(
        series(20, DAY_MS, day => day),
        19,
        15,
      ).full,
    ).toMatchObject({ inMs: 0, lowMs: 0 });
  });

  test('is never told without a limit or a value', () => {
    const points = series(20, DAY_MS, day => day);
    expect(outlookOf(points, 19, null).full).toBeNull();
    expect(outlookOf(points, null, 30).full).toBeNull();
  });

  test('has its best guess within its band, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { maxLength: 300 }), values => {
        const points = series(values.length, DAY_MS, (_, index) => values[index]);
        const { full } = outlookOf(points, values.at(-1) ?? null, 1e15);
        if (full) expect(full.lowMs <= full.inMs && full.inMs <= full.highMs).toBe(true);
      }),
    );
  });
});
