import { describe, expect, it } from 'vitest';
import type { Pool, Seen } from '../../src/model/entity.ts';
import { judgePool } from '../../src/model/health/data.ts';
import { THRESHOLDS } from '../../src/model/thresholds.ts';
import { createMariadb, type MariadbOptions } from '../../src/sources/mariadb/index.ts';
import { RecordingSink } from '../helpers/recording-sink.ts';
import { agree, type Bed, proofsLater, sorted, watching } from './bed.ts';
import type { MariadbTruth } from './mariadb-truth.ts';

/** What may happen to the server. Each resolves when it took effect, and has its way back. */
export interface MariadbFaults {
  down(): Promise<void>;
  up(): Promise<void>;
  /** It accepts connections and says nothing. */
  frozen(): Promise<void>;
  thawed(): Promise<void>;
  /** Every connection is taken. */
  full(): Promise<void>;
  eased(): Promise<void>;
  /** Our password is no longer the right one, and our sessions are ended. */
  locked(): Promise<void>;
  unlocked(): Promise<void>;
}

export type MariadbBed = Bed<MariadbOptions, MariadbTruth> & { faults?: MariadbFaults };

const NOTICED = { timeout: 40_000, interval: 100 };

/** What must be so for every MariaDB that is watched, and what must be seen when something happens to it. */
export function mariadbContract(open: () => Promise<MariadbBed>, { breakable }: { breakable: boolean }): void {
  let bed: MariadbBed | undefined;
  const watched = watching(
    async () => {
      bed = await open();
      return bed;
    },
    options => createMariadb('db', { ...options, everySeconds: 1 }),
    ['pool', 'database'],
  );
  const { sink, truth } = watched;
  const pool = () => sink.all('pool')[0];

  describe('tells what the mariadb client prints:', () => {
    it('the server with its version and limit', () =>
      agree(
        () => [[pool()?.up, pool()?.softwareVersion, pool()?.maxConnections]],
        async () => {
          const { version, maxConnections } = await truth();
          return [[true, version, maxConnections]];
        },
      ));

    it('its databases, and their tables counted', () =>
      agree(
        () => sorted(sink.all('database').map(each => [each.name, each.tables, each.sizeBytes])),
        async () => sorted((await truth()).databases.map(({ name, tables, sizeBytes }) => [name, tables, sizeBytes])),
      ));
  });

  it('goes on proving that it lives, over the one connection that it has', async () => {
    const ours = async () => (await truth()).ours;
    await expect.poll(ours, NOTICED).toHaveLength(1); // whoever asked before may still be leaving
    const before = await ours();
    await proofsLater(watched, 1);
    await expect.poll(ours, NOTICED).toEqual(before);
  });

  it('shows the tables of a database', async () => {
    const [database] = (await truth()).databases;
    const id = sink.named('database', String(database?.name))?.id ?? '';
    const rows = await watched.source.raw?.('database', id, AbortSignal.timeout(10_000));
    expect(rows).toHaveLength(database?.tables ?? 0);
  });

  if (!breakable) return;

  const faults = () => {
    if (!bed?.faults) throw new Error('the bed cannot be broken');
    return bed.faults;
  };

  async function during(fault: () => Promise<void>, phase: string, why: RegExp, mend: () => Promise<void>) {
    try {
      await fault();
      await expect
        .poll(() => [pool()?.up, pool()?.downReason, sink.phase], NOTICED)
        .toEqual([false, expect.stringMatching(why), phase]);
      expect(judged(pool())).toEqual(['bad', expect.stringMatching(why)]);
      expect([pool()?.connections, pool()?.sizeBytes]).toEqual([null, null]);
      // It is the only server: what the source says of itself is why.
      expect(sink.trouble?.why).toMatch(why);
    } finally {
      await mend();
    }
    await expect
      .poll(() => [sink.phase, pool()?.up, pool()?.sizeBytes], NOTICED)
      .toEqual(['live', true, expect.any(Number)]);
  }

  describe('tells of the server, and of its coming back:', () => {
    it('down', () =>
      during(
        () => faults().down(),
        'stale',
        /^connection refused$/,
        () => faults().up(),
      ));

    it('hanging', () =>
      during(
        () => faults().frozen(),
        'stale',
        /^(no answer for 4 s|it accepts the connection and says nothing)$/,
        () => faults().thawed(),
      ));

    it('another password than ours', () =>
      during(
        () => faults().locked(),
        'refused',
        /^Access denied for user '\w+'@'127\.0\.0\.1' \(using password: YES\)$/,
        () => faults().unlocked(),
      ));

    it('out of connections, to who comes', async () => {
      const late = new RecordingSink();
      const second = createMariadb('late', { ...(bed as MariadbBed).options, everySeconds: 1 });
      await faults().full();
      try {
        second.start(late);
        await expect
          .poll(() => [late.all('pool')[0]?.up, late.all('pool')[0]?.downReason], NOTICED)
          .toEqual([false, 'Too many connections']);
        expect(sink.phase).toBe('live');
        await expect.poll(() => judged(pool()), NOTICED).toEqual(['bad', 'connections at 100 %']);
      } finally {
        await faults().eased();
      }
      await expect.poll(() => late.all('pool')[0]?.up, NOTICED).toBe(true);
      await second.stop();
    });
  });
}

/** As the fleet would judge what the source has seen. */
function judged(seen: Seen<'pool'> | undefined): unknown[] {
  if (!seen) return [];
  const { health, reason } = judgePool({ ...seen, health: 'unknown', reason: null } as Pool, THRESHOLDS);
  return [health, reason];
}
