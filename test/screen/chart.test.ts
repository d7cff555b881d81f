import { expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS, type Point } from '../../src/model/series.ts';
import { chart, type Drawing } from '../../src/screen/chart.ts';
import { textWidth } from '../../src/stage/width.ts';
import { bytes, count } from '../../src/text/format.ts';
import { trendOf } from '../../src/trends/forecast.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const FIVE_MS = 5 * MINUTE_MS;

/** The value at each step of the last so many days, by the day; null is a gap. */
function points(days: number, stepMs: number, value: (day: number) => number | null): Point[] {
  const length = Math.floor((days * DAY_MS) / stepMs);
  return Array.from({ length }, (_, index) => {
    const mean = value((index * stepMs) / DAY_MS);
    return mean === null ? [] : [{ at: NOW - (length - index) * stepMs, mean, min: mean, max: mean, count: 5 }];
  }).flat();
}

const drawing = (change: Partial<Drawing>): Drawing => ({
  points: [],
  stepMs: FIVE_MS,
  from: NOW - DAY_MS,
  now: NOW,
  to: NOW,
  trend: null,
  limit: null,
  text: value => count(Math.round(value)),
  ...change,
});
const size = { columns: 60, rows: 12, ascii: false };
const lines = (text: string) => text.split('\n').slice(1, -1);

test('a day and its night, in braille', () => {
  const wave = points(1, FIVE_MS, day => 50 + 40 * Math.sin(2 * Math.PI * day));
  expect(chart(drawing({ points: wave }), size)).toEqual(lines(WAVE));
});

test('growth with a gap, its forecast, its band and its limit, in ASCII', () => {
  const grown = points(7, FIVE_MS, day => (day > 2 && day < 3.2 ? null : 2 ** 30 * (50 + 5 * day + ((day * 24) % 1))));
  const trend = trendOf(grown);
  if (typeof trend === 'string') throw new Error(trend);
  const whole = drawing({
    points: grown,
    from: NOW - 7 * DAY_MS,
    to: NOW + 2.3 * DAY_MS,
    trend,
    limit: 2 ** 30 * 100,
    text: bytes,
  });
  expect(chart(whole, { columns: 76, rows: 14, ascii: true })).toEqual(lines(GROWTH));
});

test('what is flat is a line, not a cliff', () => {
  const [top, ...below] = chart(drawing({ points: points(1, FIVE_MS, () => 100) }), size);
  expect(top).toMatch(/^100 ┤⠉+⠁?$/);
  expect(below.slice(0, -2).every(line => /^[\s\d.]*[┤│] *$/.test(line))).toBe(true);
});

test('a gap is not bridged', () => {
  const [top] = chart(drawing({ points: points(1, FIVE_MS, day => (day > 0.4 && day < 0.6 ? null : 100)) }), size);
  expect(top).toMatch(/^100 ┤[^ ]{20,24} {9,13}[^ ]{20,24}$/);
});

test('points that are far from each other are still joined when none is missing between them', () => {
  const days = points(7, DAY_MS, day => 100 + day);
  const drawn = chart(drawing({ points: days, stepMs: DAY_MS, from: NOW - 7 * DAY_MS }), size).join('');
  expect([...drawn].filter(letter => letter >= '\u2801' && letter <= '\u28ff').length).toBeGreaterThan(45);
});

test.each([
  [1, 1],
  [10, 3],
  [80, 24],
  [200, 50],
])('every line fits, whatever is drawn (%i×%i)', (columns, rows) => {
  const wild = points(1, FIVE_MS, day => (day < 0.5 ? 0 : 1e15 * day));
  for (const ascii of [true, false]) {
    for (const given of [[], wild.slice(0, 1), wild]) {
      const trend = { rate: 1e7, low: -1e12, high: 1e12, spread: 1e18, spanMs: DAY_MS };
      const drawn = chart(drawing({ points: given, trend, to: NOW + DAY_MS, limit: 1e15, text: bytes }), {
        columns,
        rows,
        ascii,
      });
      expect(drawn).toHaveLength(Math.max(3, rows));
      if (columns >= 10) for (const line of drawn) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      if (ascii) expect(drawn.join('')).toMatch(/^[ -~]*$/);
    }
  }
});

const WAVE = `
90 ┤        ⣀⠤⠔⠒⠉⠉⠉⠉⠒⠒⠤⣀                                    
   │     ⢀⠴⠊            ⠑⠢⡀                                 
70 ┤   ⢀⠖⠁                ⠈⠒⢄                               
   │ ⢠⠊⠁                     ⠑⢄                             
50 ┤⠊⠁                         ⠙⢄                         ⢀⠄
   │                             ⠑⢄                     ⢀⡠⠃ 
30 ┤                               ⠉⠢⡀                ⢀⠜⠁   
   │                                 ⠈⠑⢄⡀          ⢀⡠⠊⠁     
   │                                    ⠈⠑⠲⠤⠤⣀⣀⠤⠤⠔⠊⠁        
 0 ┤                                                        
   └┬─────────────┬─────────────┬────────────┬─────────────┬
  12:00         18:00        23 Nov        06:00         now
`;

const GROWTH = `
100G |====================================================:=================
     |                                                    :          -  --- 
     |                                                    :    ---.--       
 86G |                                                   *--- .             
     |                                            ******* :                 
     |                                     *******        :                 
 73G |                              *******               :                 
     |                        ******                      :                 
     |                                                    :                 
 59G |          ******                                    :                 
     |   *******                                          :                 
 50G |***                                                 :                 
     +-----------+--------------+--------------+----------+-----------------
              18 Nov         20 Nov         22 Nov       now
`;
