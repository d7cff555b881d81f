import { expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../src/model/series.ts';
import { bytes } from '../../src/text/format.ts';
import { fullWords, outlookWords } from '../../src/trends/words.ts';

const full = (inMs: number, offMs = 0) => fullWords({ inMs, lowMs: inMs - offMs, highMs: inMs + offMs });

test('when something will be full, in the unit that fits', () => {
  expect(full(74 * DAY_MS, 9 * DAY_MS)).toBe('full in 74 d ±9');
  expect(full(74 * DAY_MS, 0.2 * DAY_MS)).toBe('full in 74 d');
  expect(full(40 * MINUTE_MS)).toBe('full in about 40 min');
  expect(full(36 * 60 * MINUTE_MS)).toBe('full in about 36 h');
  expect(full(1)).toBe('full in about 1 min');
  expect(full(0)).toBe('full');
});

test('how a number goes on, in its unit and with its band', () => {
  const gib = 2 ** 30;
  const trend = { rate: (12 * gib) / DAY_MS, low: (10 * gib) / DAY_MS, high: (14 * gib) / DAY_MS, spread: 0 };
  const grown = { ...trend, spanMs: 30 * DAY_MS };
  const words = { text: bytes, limit: 9e12 };
  expect(
    outlookWords({ trend: grown, full: { inMs: 74 * DAY_MS, lowMs: 65 * DAY_MS, highMs: 83 * DAY_MS } }, words),
  ).toBe('grows by 12G a day (10G to 14G): full in 74 d ±9');
  expect(outlookWords({ trend: grown, full: null }, words)).toMatch(/not full within what the past can tell$/);
  expect(outlookWords({ trend: grown, full: null }, { ...words, limit: null })).toBe('grows by 12G a day (10G to 14G)');
  const shrunk = { ...grown, rate: -trend.rate, low: -trend.high, high: -trend.low };
  expect(outlookWords({ trend: shrunk, full: null }, words)).toBe('shrinks by 12G a day (10G to 14G)');
  expect(outlookWords({ trend: 'short', full: null }, words)).toBe('not enough history for a forecast');
});
