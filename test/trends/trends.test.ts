import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { DAY_MS, MINUTE_MS, type Point, type Sample, type Samples, type Series } from '../../src/model/series.ts';
import { Trends } from '../../src/trends/trends.ts';
import { directory, pool } from '../helpers/nouns.ts';

const NOW = Date.UTC(2026, 10, 23, 14, 3);
const DATA = 'prod/dir/data';

/** A store that has these series, and remembers what it is given. */
function storeOf(series: (metric: string, stepMs: number, from: number) => Point[]) {
  const added: [at: number, samples: readonly Sample[]][] = [];
  const samples: Samples = {
    add: (at, given) => void added.push([at, given]),
    series: async ({ metric }, from, _to, stepMs = MINUTE_MS): Promise<Series> => ({
      stepMs,
      points: series(metric, stepMs, from),
    }),
    close: async () => {},
  };
  return { samples, added };
}

/** So many points until now that grow by so much each. */
function line(count: number, stepMs: number, value: (index: number) => number): Point[] {
  return Array.from({ length: count }, (_, index) => {
    const mean = value(index);
    return { at: NOW - (count - 1 - index) * stepMs, mean, min: mean, max: mean, count: 1 };
  });
}

function fleetOf(...nouns: Parameters<ReturnType<Fleet['sink']>['put']>[0]) {
  const fleet = new Fleet({ now: () => NOW });
  fleet.expect('prod', 'cephfs');
  fleet.sink('prod', 'cephfs').state({ phase: 'live', proof: true });
  fleet.sink('prod', 'cephfs').put(nouns);
  fleet.flush();
  return fleet;
}

describe('trends', () => {
  it('know nothing without a store', async () => {
    const trends = new Trends({ fleet: fleetOf(directory('data', { source: 'prod' })), samples: () => null });
    await trends.step();
    expect(trends.outlook({ id: DATA, metric: 'used' })).toBeUndefined();
    expect(await trends.series({ id: DATA, metric: 'used' }, 0, NOW)).toBeNull();
  });

  it('sample, and tell from days when a directory will be full, and its week', async () => {
    const fleet = fleetOf(
      directory('data', { source: 'prod', id: DATA, observedAt: NOW, usedBytes: 190, quotaBytes: 290 }),
    );
    const { samples, added } = storeOf((_, stepMs) => (stepMs === DAY_MS ? line(20, DAY_MS, n => 5 * n + 95) : []));
    const trends = new Trends({ fleet, samples: () => samples });
    await trends.step();
    expect(added).toEqual([[NOW, [{ id: DATA, metric: 'used', value: 190 }]]]);
    expect(trends.outlook({ id: DATA, metric: 'used' })?.full?.inMs).toBeCloseTo(20 * DAY_MS, 3);
    expect(trends.week({ id: DATA, metric: 'used' })).toEqual([160, 165, 170, 175, 180, 185, 190]);
  });

  it('tell from the last hour when the connections of a pool will be full', async () => {
    const fleet = fleetOf(pool('pool-1', { source: 'prod', observedAt: NOW, connections: 60, maxConnections: 100 }));
    const { samples } = storeOf((metric, stepMs) =>
      metric === 'connections' && stepMs === MINUTE_MS ? line(30, MINUTE_MS, n => n + 31) : [],
    );
    const trends = new Trends({ fleet, samples: () => samples });
    await trends.step();
    const [found] = fleet.all('pool').keys();
    expect(trends.outlook({ id: found ?? '', metric: 'connections' })?.full?.inMs).toBeCloseTo(40 * MINUTE_MS, 3);
  });

  it('tell who listens of an outlook that is another, and not of the same again', async () => {
    const fleet = fleetOf(pool('pool-1', { source: 'prod', observedAt: NOW, connections: 60, maxConnections: 100 }));
    let grows = 1;
    const { samples } = storeOf((metric, stepMs) =>
      metric === 'connections' && stepMs === MINUTE_MS ? line(30, MINUTE_MS, n => grows * n + 31) : [],
    );
    const trends = new Trends({ fleet, samples: () => samples });
    let told = 0;
    trends.subscribe(() => told++);
    for (const each of [1, 1, 2]) {
      grows = each;
      await trends.step();
      await sleep(50);
    }
    expect(told).toBe(2);
  });

  it('say that they know too little', async () => {
    const fleet = fleetOf(directory('data', { source: 'prod', id: DATA, observedAt: NOW }));
    const { samples } = storeOf(() => []);
    const trends = new Trends({ fleet, samples: () => samples });
    await trends.step();
    expect(trends.outlook({ id: DATA, metric: 'used' })).toEqual({ trend: 'short', full: null });
  });

  it('forget what is gone, and go on when a store cannot be read', async () => {
    const fleet = fleetOf(directory('data', { source: 'prod', id: DATA, observedAt: NOW }));
    const { samples } = storeOf(() => []);
    let broken = false;
    const store: Samples = {
      ...samples,
      series: (...asked) => (broken ? Promise.reject(new Error('gone')) : samples.series(...asked)),
    };
    const trends = new Trends({ fleet, samples: () => store });
    await trends.step();
    fleet.sink('prod', 'cephfs').remove('directory', [DATA]);
    await trends.step();
    expect(trends.outlook({ id: DATA, metric: 'used' })).toBeUndefined();
    fleet.sink('prod', 'cephfs').put([directory('data', { source: 'prod', id: DATA, observedAt: NOW })]);
    broken = true;
    await trends.step();
    broken = false;
    await trends.step();
    expect(trends.outlook({ id: DATA, metric: 'used' })).toBeDefined();
  });
});
