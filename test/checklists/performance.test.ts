import { describe, expect, it } from 'vitest';
import type { Means } from '../../src/checklists/checklist.ts';
import { performance } from '../../src/checklists/items/performance.ts';
import { Random } from '../../src/demo/random.ts';
import type { Database, Seen } from '../../src/model/entity.ts';
import { outlookOf } from '../../src/trends/forecast.ts';
import { check, pool, replica, workload } from '../helpers/nouns.ts';
import { DAY_MS, HandMade, NOW, told } from './hand-made.ts';

const hits = (hit: number, read: number): Pick<Means, 'sql'> => ({ sql: async () => [{ hit, read }] });
const WELL = hits(990_000, 10_000);

function database(name: string, change: Partial<Database> = {}): Seen<'database'> {
  const base = { id: `postgres/database/${name}`, name, source: 'postgres', observedAt: 0, uid: null, version: null };
  const rest = { createdAt: null, labels: {}, pool: 'postgres/pool/pool-1', connections: 1, tables: null };
  return { ...base, ...rest, kind: 'database', sizeBytes: 2 ** 30, ...change };
}

const platform = () =>
  new HandMade(['kubernetes', 'postgres', 'http']).tell(
    check('api', { latencyMs: 45 }),
    check('app', { latencyMs: 12 }),
    pool('pool-1', { longestTransactionSeconds: 3 }),
    database('acme'),
    workload('web'),
    replica('web-1', 'web'),
  );

describe('the performance of a week', () => {
  it('passes with its numbers', async () => {
    const result = await platform().run(performance, {}, WELL);
    expect([result.verdict, ...told(result)]).toEqual(['pass']);
    expect(result.reason).toContain(
      '2 endpoints, slowest api 45 ms, app 12 ms · most connections: pool-1 48 of 100 · longest transaction 3.0 s (pool-1)',
    );
    expect(result.reason).toContain('cache hits: least 99.0 % (pool-1)');
  });

  it.each([
    [check('api', { latencyMs: 1800 }), 'warn api: answers in 1.8 s'],
    [check('api', { status: 500, failure: 'status 500' }), 'bad api: status 500'],
    [pool('pool-1', { connections: 85 }), 'warn pool-1: connections at 85 %'],
    [pool('pool-1', { connections: 97 }), 'bad pool-1: connections at 97 %'],
    [pool('pool-1', { connections: null }), 'unknown pool-1: its connections are not known'],
    [pool('pool-1', { longestTransactionSeconds: 1200 }), 'warn pool-1: a transaction is open for 1200.0 s'],
    [replica('web-1', 'web', { exitCode: 137 }), 'warn web-1: killed: out of memory, or by force'],
    [replica('web-1', 'web', { message: 'OOMKilled: exit 137' }), 'warn web-1: killed out of memory'],
  ])('tells of %o', async (noun, expected) => {
    expect(told(await platform().tell(noun).run(performance, {}, WELL))).toEqual([expected]);
  });

  it('warns of a cold cache, but not of one that has read next to nothing', async () => {
    expect(told(await platform().run(performance, {}, hits(60_000, 40_000)))).toEqual([
      'warn pool-1: finds 60.0 % of what it reads in its memory',
    ]);
    expect(told(await platform().run(performance, {}, hits(6, 400)))).toEqual([]);
  });

  it('warns of a database that grows fast, by the cautious end of the band', async () => {
    const grows = (perDay: number): Partial<Means> => ({
      ...WELL,
      ahead: async (noun, measure) => {
        const value = measure.value(noun) ?? 0;
        const points = Array.from({ length: 30 }, (_, day) => {
          const mean = noun.kind === 'database' ? value * (1 - perDay * (30 - day)) : value;
          return { at: NOW - (30 - day) * DAY_MS, mean, min: mean, max: mean, count: 1 };
        });
        return outlookOf(points, value, measure.limit(noun));
      },
    });
    expect(told(await platform().run(performance, {}, grows(0.02)))).toEqual([]);
    expect(told(await platform().run(performance, { databaseGrowthPercent: 20 }, grows(0.03)))).toEqual([
      expect.stringMatching(/^warn acme: grows by at least (20|21) % a week$/),
    ]);
  });

  it('compares restarts with the week before', async () => {
    const past = [{ at: NOW - 7 * DAY_MS, figures: { 'restarts prod/saasodoo/deployment/web': 1 } }];
    const made = platform().tell(replica('web-1', 'web', { restarts: 9 }));
    expect(told(await made.run(performance, {}, { ...WELL, past }))).toEqual([
      'warn web: 8 restarts since the last run',
    ]);
  });

  it('cannot tell of a cache that cannot be asked about', async () => {
    const refusing: Partial<Means> = { sql: () => Promise.reject(new Error('permission denied')) };
    const result = await platform().run(performance, {}, refusing);
    expect([result.verdict, ...told(result)]).toEqual([
      'cannot-tell',
      'unknown pool-1: its cache hits are not known: permission denied',
    ]);
  });

  it.each([1, 2, 3])('counts what is over its thresholds on a random platform (seed %i)', async seed => {
    const random = new Random(seed);
    const made = new HandMade(['kubernetes', 'postgres', 'http']).tell(workload('web'));
    const expected: string[] = [];
    for (let index = 0; index < 20; index++) {
      const latencyMs = random.pick([3, 999, 1000, 1001, 9000]);
      const status = random.pick([200, 200, 200, 500]);
      made.tell(check(`e${index}`, { latencyMs, status, failure: status === 500 ? 'status 500' : null }));
      if (status === 500) expected.push(`bad e${index}`);
      else if (latencyMs > 1000) expected.push(`warn e${index}`);

      const maxConnections = random.pick([20, 60, 100, 300]);
      const connections = random.integer(0, maxConnections);
      const longestTransactionSeconds = random.pick([null, 1, 599, 600, 601, 7200]);
      made.tell(pool(`p${index}`, { connections, maxConnections, longestTransactionSeconds }));
      if (connections * 100 >= maxConnections * 80)
        expected.push(`${connections * 100 >= maxConnections * 95 ? 'bad' : 'warn'} p${index}`);
      if ((longestTransactionSeconds ?? 0) > 600) expected.push(`warn p${index}`);
    }
    const { findings } = await made.run(performance, { transactionMinutes: 10 }, WELL);
    expect(findings.map(({ target, health }) => `${health} ${target}`).sort()).toEqual(expected.sort());
  });
});
