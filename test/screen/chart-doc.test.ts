import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { KeyMap } from '../../src/keys/table.ts';
import { DAY_MS, MINUTE_MS, type Samples, type SeriesKey } from '../../src/model/series.ts';
import { Screen } from '../../src/screen/screen.ts';
import { Trends } from '../../src/trends/trends.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { node, replica, workload } from '../helpers/nouns.ts';

const NOW = Date.UTC(2026, 10, 23, 14, 3);
const asked: [key: SeriesKey, from: number][] = [];
let read: Samples['series'];
let screen: Screen;

beforeEach(() => {
  asked.length = 0;
  read = async () => ({ stepMs: MINUTE_MS, points: [] });
  const fleet = new Fleet({ now: () => NOW });
  const samples: Samples = {
    add() {},
    series(key, from, ...rest) {
      asked.push([key, from]);
      return read(key, from, ...rest);
    },
    close: async () => {},
  };
  fleet.sink('prod', 'kubernetes').put([node('w1'), workload('web'), replica('web-1', 'web')]);
  fleet.flush();
  const on = {
    quit() {},
    drawn: (callback: () => void) => callback(),
    suspend: () => true,
    redraw() {},
    mouse() {},
    copy() {},
    trigger: async () => null,
  };
  screen = new Screen({
    fleet,
    gateway: gatewayFor(fleet),
    trends: new Trends({ fleet, samples: () => samples }),
    keys: new KeyMap(),
    namespace: null,
    ascii: false,
    banner: null,
    triggers: [],
    on,
  });
});

const press = (...keys: string[]) => {
  for (const key of keys) screen.press(key);
};
const text = () => screen.docLines(screen.docs.at(-1)!).map(({ text }) => text);
const shows = (what: RegExp) => vi.waitFor(() => expect(text().join('\n')).toMatch(what));

describe('the chart of a number', () => {
  it('is that of the main number over a day, then of others and over longer times', async () => {
    press('1', 'h');
    expect(screen.docs.at(-1)?.title).toBe('w1: CPU, cores (1 of 3) · day');
    press('w', 'h', 'm');
    expect(screen.docs.at(-1)?.title).toBe('w1: memory, bytes (2 of 3) · month');
    expect(asked.map(([{ metric }, from]) => [metric, (NOW - from) / DAY_MS])).toEqual([
      ['cpu', 1],
      ['cpu', 7],
      ['memory', 7],
      ['memory', 30],
    ]);
    press('Esc');
    expect(screen.docs).toEqual([]);
  });

  it('of a pod is that of its workload', () => {
    press('2', 't', 'h');
    expect(screen.docs.at(-1)?.title).toMatch(/^web: CPU/);
  });

  it('says what it is and was, how much is known, and that too little is known for a forecast', async () => {
    const points = [0, 1, 2].map(minute => {
      const mean = 1_000 + 500 * minute;
      return { at: NOW - (2 - minute) * MINUTE_MS, mean, min: mean, max: mean, count: 1 };
    });
    read = async () => ({ stepMs: MINUTE_MS, points });
    press('1', 'h');
    await shows(/now 1\.0 of 4\.0 \(25 %\) {3}least 1\.0 {3}mean 1\.5 {3}greatest 2\.0/);
    expect(text()[1]).toBe('not enough history for a forecast');
    expect(text()[2]).toBe('kept since Mon 23 Nov 14:01:00 (2m), 0 % of the day');
    expect(text()).toHaveLength(screen.textRows);
  });

  it('says that nothing is kept, or why it cannot be read', async () => {
    press('1', 'h');
    await shows(/nothing is kept of this day/);
    read = async () => {
      throw new Error('disk I/O error');
    };
    press('w');
    await shows(/^disk I\/O error$/);
  });

  it('shows what was asked last, whatever comes late', async () => {
    const late = Promise.withResolvers<Awaited<ReturnType<Samples['series']>>>();
    read = () => late.promise;
    press('1', 'h');
    read = async () => ({ stepMs: 5 * MINUTE_MS, points: [] });
    press('w');
    await shows(/of this week/);
    late.resolve({ stepMs: MINUTE_MS, points: [{ at: NOW, mean: 1, min: 1, max: 1, count: 1 }] });
    await late.promise;
    expect(text().join()).toMatch(/of this week/);
  });
});
