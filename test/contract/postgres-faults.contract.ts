import { describe, expect, it } from 'vitest';
import type { Pool, Seen } from '../../src/model/entity.ts';
import { judgePool } from '../../src/model/health/data.ts';
import { THRESHOLDS } from '../../src/model/thresholds.ts';
import { createPostgres, type PostgresOptions } from '../../src/sources/postgres/index.ts';
import { RecordingSink } from '../helpers/recording-sink.ts';
import { type Bed, watching } from './bed.ts';
import type { PostgresTruth } from './postgres-truth.ts';

/** What may happen to a server. Each resolves when it took effect, and has its way back. */
export interface PostgresFaults {
  /** The server with the platform's database, a pool, and another one. */
  platform: string;
  pool: string;
  other: string;
  down(server: string): Promise<void>;
  up(server: string): Promise<void>;
  /** It accepts connections and says nothing. */
  frozen(server: string): Promise<void>;
  thawed(server: string): Promise<void>;
  /** Every connection is taken, those for superusers too. */
  full(server: string): Promise<void>;
  eased(server: string): Promise<void>;
  /** As its superuser, with statements of this file alone. */
  sql(server: string, database: string, text: string): Promise<Record<string, unknown>[]>;
}

export type BreakablePostgres = Bed<PostgresOptions, PostgresTruth> & { faults: PostgresFaults };

const NOTICED = { timeout: 40_000, interval: 100 };

/** What must be seen of every platform database and its pools to which this happens. */
export function postgresFaultsContract(open: () => Promise<BreakablePostgres>): void {
  let bed: BreakablePostgres | undefined;
  const opened = () => {
    if (!bed) throw new Error('the bed is not open');
    return bed;
  };
  const faults = () => opened().faults;
  const { sink } = watching(
    async () => {
      bed = await open();
      return bed;
    },
    options => createPostgres('pg', { ...options, everySeconds: 1 }),
    ['pool', 'instance', 'database'],
  );
  const pool = (name = faults().pool) => sink.named('pool', name);
  const databases = () => sink.all('database').filter(each => each.pool === pool()?.id);
  const told = (reason: string) =>
    sink.events.filter(event => event.reason === reason && event.about === pool()?.id).map(({ message }) => message);

  /** Its sessions with us end, so that it decides anew whom it lets in. */
  const shownOut = (server: string, user: string) =>
    faults().sql(
      server,
      'postgres',
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${user}'`,
    );
  const userOf = async (server: string) => {
    const [row] = await faults().sql(
      faults().platform,
      'instance',
      `select admin_user from db_servers where name = '${server}'`,
    );
    return String(row?.admin_user);
  };

  async function isDown(why: RegExp): Promise<void> {
    await expect.poll(() => [pool()?.up, pool()?.downReason], NOTICED).toEqual([false, expect.stringMatching(why)]);
    // What it said before is not known to hold, and no other suffers from it.
    expect([pool()?.latencyMs, pool()?.connections, pool()?.sizeBytes]).toEqual([null, null, null]);
    expect([pool(faults().other)?.up, sink.phase]).toEqual([true, 'live']);
    expect(judged(pool())).toEqual(['bad', expect.stringMatching(why)]);
    // Told once, with the first that was seen of it: that a session broke off, or that nobody is let in.
    expect(sink.events.findLast(({ about }) => about === pool()?.id)?.reason).toBe('down');
  }

  async function isBack(): Promise<void> {
    await expect.poll(() => [pool()?.up, pool()?.sizeBytes], NOTICED).toEqual([true, expect.any(Number)]);
    expect(databases().length).toBeGreaterThan(0);
    expect(told('up').at(-1)).toMatch(/^answers again after \d+ s$/);
  }

  async function during(fault: () => Promise<unknown>, seen: () => Promise<void>, mend: () => Promise<unknown>) {
    try {
      await fault();
      await seen();
    } finally {
      await mend();
    }
  }

  describe('tells of a pool, and of its coming back:', () => {
    it('down', async () => {
      const { down, up, pool } = faults();
      await during(
        () => down(pool),
        () => isDown(/^connection refused$/),
        () => up(pool),
      );
      await isBack();
    });

    it('hanging', async () => {
      const { frozen, thawed, pool } = faults();
      await during(
        () => frozen(pool),
        () => isDown(/^(no answer for 4 s|it accepts the connection and says nothing)$/),
        () => thawed(pool),
      );
      await isBack();
    });

    it('refusing us by its pg_hba.conf', async () => {
      const { pool, sql } = faults();
      const user = await userOf(pool);
      const [file] = await sql(
        pool,
        'postgres',
        "select current_setting('hba_file') as path, pg_read_file(current_setting('hba_file')) as text",
      );
      const write = async (text: string) => {
        const lines = `regexp_split_to_table($hba$${text.trimEnd()}$hba$, E'\\n')`;
        await sql(pool, 'postgres', `copy (select ${lines}) to '${file?.path}'`);
        await sql(pool, 'postgres', 'select pg_reload_conf()');
      };
      await during(
        async () => {
          await write(`host all ${user} all reject\n${file?.text}`);
          await shownOut(pool, user);
        },
        () => isDown(/^pg_hba\.conf rejects connection for host "127\.0\.0\.1", user "\w+", database "postgres"/),
        () => write(String(file?.text)),
      );
      await isBack();
    });

    it('another password than the one that the table has', async () => {
      const { pool, sql } = faults();
      const user = await userOf(pool);
      const [role] = await sql(
        pool,
        'postgres',
        `select rolpassword as secret from pg_authid where rolname = '${user}'`,
      );
      await during(
        async () => {
          await sql(pool, 'postgres', `alter role ${user} password 'another'`);
          await shownOut(pool, user);
        },
        () => isDown(new RegExp(`^password authentication failed for user "${user}"$`)),
        () => sql(pool, 'postgres', `alter role ${user} password '${role?.secret}'`),
      );
      await isBack();
    });

    it('out of connections, to who has one and to who comes', async () => {
      const { full, eased, pool: name } = faults();
      const late = new RecordingSink();
      const second = createPostgres('late', opened().options);
      await during(
        () => full(name),
        async () => {
          await expect.poll(() => [pool()?.up, pool()?.connections], NOTICED).toEqual([true, pool()?.maxConnections]);
          expect(judged(pool())).toEqual(['bad', expect.stringMatching(/^connections at 100 %$/)]);
          expect(told('connections').at(-1)).toMatch(/^connections .*\d+ of \d+$/);
          second.start(late);
          await expect
            .poll(() => [late.named('pool', name)?.up, late.named('pool', name)?.downReason], NOTICED)
            .toEqual([false, 'sorry, too many clients already']);
        },
        () => eased(name),
      );
      await expect.poll(() => late.named('pool', name)?.up, NOTICED).toBe(true);
      await second.stop();
      await expect.poll(() => (pool()?.connections ?? 0) < (pool()?.maxConnections ?? 0), NOTICED).toBe(true);
    }, 120_000);
  });

  describe('tells of the platform’s own database:', () => {
    const platform = async () => {
      const { user } = opened().options.platform ?? {};
      return { server: faults().platform, user: String(user) };
    };

    it('down: what is known stays, and the pools are watched on', async () => {
      const { server } = await platform();
      const { down, up } = faults();
      const instances = sink.all('instance').length;
      await during(
        () => down(server),
        async () => {
          await expect.poll(() => [sink.phase, sink.trouble?.why], NOTICED).toEqual(['stale', 'connection refused']);
          expect(sink.all('instance').length).toBe(instances);
          const before = pool()?.observedAt ?? 0;
          await expect.poll(() => pool()?.observedAt, NOTICED).toBeGreaterThan(before);
          expect(pool()?.up).toBe(true);
        },
        () => up(server),
      );
      await expect.poll(() => sink.phase, NOTICED).toBe('live');
    });

    it('another password than ours', async () => {
      const { server, user } = await platform();
      const { sql } = faults();
      const [role] = await sql(
        server,
        'postgres',
        `select rolpassword as secret from pg_authid where rolname = '${user}'`,
      );
      await during(
        async () => {
          await sql(server, 'postgres', `alter role ${user} password 'another'`);
          await shownOut(server, user);
        },
        async () => {
          const why = `password authentication failed for user "${user}"`;
          await expect.poll(() => [sink.phase, sink.trouble?.why], NOTICED).toEqual(['refused', why]);
          expect(sink.trouble?.fix).toBe('check user and password in the profile');
        },
        () => sql(server, 'postgres', `alter role ${user} password '${role?.secret}'`),
      );
      await expect.poll(() => sink.phase, NOTICED).toBe('live');
    });

    it('columns that are missing: the rest is read, and they are named', async () => {
      const { server } = await platform();
      const { sql } = faults();
      const rename = (suffix: [string, string]) =>
        sql(
          server,
          'instance',
          `alter table instances rename plan_tier${suffix[0]} to plan_tier${suffix[1]};
           alter table db_servers rename health_status${suffix[0]} to health_status${suffix[1]}`,
        );
      const [plans, instances] = [sink.all('instance').map(each => each.plan), sink.all('instance').length];
      expect(plans.some(plan => plan !== null)).toBe(true);
      // A reading that began between the two changes is made again, and tells again: under the same key it is one event.
      const missing = () => {
        const told = sink.events.filter(({ reason }) => reason === 'columns');
        return [...new Map(told.map(({ key, subject, message }) => [key, `${subject}: ${message}`])).values()].sort();
      };
      await during(
        () => rename(['', '_gone']),
        async () => {
          await expect.poll(() => sink.all('instance').every(each => each.plan === null), NOTICED).toBe(true);
          expect(sink.all('instance').length).toBe(instances);
          await expect.poll(() => pool()?.claimedHealth, NOTICED).toBeNull();
          expect(pool()).toMatchObject({ up: true, maxInstances: expect.any(Number) });
          expect(missing()).toEqual([
            'db_servers: columns that are not there or not for us: health_status; what they tell is unknown',
            'instances: columns that are not there or not for us: plan_tier; what they tell is unknown',
          ]);
          expect(sink.coverages.get('instance')).toEqual({ state: 'complete' });
        },
        () => rename(['_gone', '']),
      );
      // Columns are asked for once a session: an upgrade restarts the server as a rule.
      await shownOut(server, String(opened().options.platform?.user));
      await expect.poll(() => sink.all('instance').map(each => each.plan), NOTICED).toEqual(plans);
      await expect.poll(() => [sink.phase, pool()?.claimedHealth], NOTICED).toEqual(['live', expect.any(String)]);
    });
  });
}

/** As the fleet would judge what the source has seen. */
function judged(seen: Seen<'pool'> | undefined): unknown[] {
  if (!seen) return [];
  const { health, reason } = judgePool({ ...seen, health: 'unknown', reason: null } as Pool, THRESHOLDS);
  return [health, reason];
}
