import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Server } from '../../../../src/demo/postgres/server.ts';
import { createPostgres } from '../../../../src/sources/postgres/index.ts';
import { PostgresOptions } from '../../../../src/sources/postgres/options.ts';
import type { Source } from '../../../../src/sources/source.ts';
import { freePort, PASSWORD, postgresServers, type Servers } from '../../../helpers/postgres-server.ts';
import { RecordingSink } from '../../../helpers/recording-sink.ts';

const SECRET = 'QD_TEST_POOL_PASSWORD';
process.env[SECRET] = PASSWORD;
process.env[`${SECRET}_WRONG`] = 'wrong-horse';
const password = { env: SECRET };

let servers: Servers;
let first: Server;
let second: Server;
const running: Source[] = [];

beforeAll(async () => {
  servers = await postgresServers();
  [first, second] = await Promise.all([servers.start(), servers.start({ maxConnections: 6 })]);
  await first.query('CREATE DATABASE odoo_acme STRATEGY FILE_COPY');
  await first.query('CREATE DATABASE odoo_globex STRATEGY FILE_COPY');
}, 60_000);

afterEach(async () => {
  await Promise.all(running.splice(0).map(source => source.stop()));
});

afterAll(() => servers?.close());

/** A source of servers by name, each with its port or with what else is special about it. */
function watch(named: Record<string, Record<string, unknown>>, more: Record<string, unknown> = {}): RecordingSink {
  const each = Object.entries(named).map(([name, of]) => [
    name,
    { host: '127.0.0.1', user: 'postgres', password, ...of },
  ]);
  const options = PostgresOptions.parse({
    kind: 'postgres',
    pools: { servers: Object.fromEntries(each) },
    tenantPrefix: 'odoo_',
    everySeconds: 1,
    ...more,
  });
  const source = createPostgres('pg', options);
  const sink = new RecordingSink();
  running.push(source);
  source.start(sink);
  return sink;
}

const pool = (sink: RecordingSink, name: string) => sink.get('pool', `pg/pool/${name}`);

describe('a server that is well', () => {
  test('tells its version, connections, databases, sizes and tenants', async () => {
    const sink = watch({ one: { port: first.port } });
    await vi.waitFor(() => expect(pool(sink, 'one')?.sizeBytes).toBeTypeOf('number'), 10_000);
    const { rows } = await first.query<{ version: string; size: string }>(
      "SELECT current_setting('server_version') AS version, sum(pg_database_size(oid))::text AS size FROM pg_database",
    );
    expect(pool(sink, 'one')).toMatchObject({
      up: true,
      downReason: null,
      present: 2,
      maxConnections: 20,
      softwareVersion: rows[0]?.version,
      longestTransactionSeconds: 0,
      recorded: null,
      assigned: null,
    });
    expect(pool(sink, 'one')?.connections).toBeGreaterThanOrEqual(2);
    expect(Math.abs((pool(sink, 'one')?.sizeBytes ?? 0) - Number(rows[0]?.size))).toBeLessThan(500_000);
    expect(
      sink
        .all('database')
        .map(each => each.name)
        .sort(),
    ).toEqual(['odoo_acme', 'odoo_globex', 'postgres']);
    expect(sink.get('database', 'pg/one/database/odoo_acme')).toMatchObject({ pool: 'pg/pool/one', connections: 0 });
    expect(sink.phase).toBe('live');
    expect(sink.coverages.get('database')).toEqual({ state: 'complete' });
    expect(sink.coverages.get('instance')?.state).toBe('absent');
    expect(sink.events).toEqual([]);
  });

  test('sees the age of an open transaction, and connections by database', async () => {
    const client = await first.connect({ database: 'odoo_acme' });
    await client.query('BEGIN; SELECT 1');
    const sink = watch({ one: { port: first.port } });
    await vi.waitFor(() => expect(pool(sink, 'one')?.longestTransactionSeconds).toBeGreaterThanOrEqual(1), 10_000);
    expect(sink.get('database', 'pg/one/database/odoo_acme')?.connections).toBe(1);
    await client.end();
  });

  test('is asked over one connection that cannot write', async () => {
    const sink = watch({ one: { port: first.port } });
    await vi.waitFor(() => expect(pool(sink, 'one')?.present).toBe(2), 10_000);
    const { rows } = await first.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'quarterdeck'",
    );
    expect(rows).toHaveLength(1);
  });

  test('counts its questions, and measures sizes again only when databases are looked at', async () => {
    const sink = watch({ one: { port: first.port } });
    const [source] = running;
    await vi.waitFor(
      () => expect(sink.get('database', 'pg/one/database/odoo_acme')?.sizeBytes).toBeTypeOf('number'),
      10_000,
    );
    expect(source?.requests).toBeGreaterThanOrEqual(4);
    await first.query('CREATE DATABASE odoo_late STRATEGY FILE_COPY');
    await vi.waitFor(() => expect(pool(sink, 'one')?.present).toBe(3), 10_000);
    expect(sink.get('database', 'pg/one/database/odoo_late')?.sizeBytes).toBeNull();
    source?.attend?.(new Set(['database']));
    await vi.waitFor(
      () => expect(sink.get('database', 'pg/one/database/odoo_late')?.sizeBytes).toBeTypeOf('number'),
      10_000,
    );
    await first.query('DROP DATABASE odoo_late');
    await vi.waitFor(() => expect(sink.get('database', 'pg/one/database/odoo_late')).toBeUndefined(), 10_000);
  });
});

describe('a server that is not well', () => {
  test('refuses the connection', async () => {
    const sink = watch({ gone: { port: await freePort() }, one: { port: first.port } });
    await vi.waitFor(() => expect(pool(sink, 'gone')?.up).toBe(false), 10_000);
    expect(pool(sink, 'gone')).toMatchObject({
      downReason: 'connection refused',
      connections: null,
      present: null,
      sizeBytes: null,
    });
    await vi.waitFor(() => expect(pool(sink, 'one')?.up).toBe(true), 10_000);
    expect(sink.phase).toBe('live');
    expect(sink.events).toMatchObject([
      { reason: 'down', severity: 'bad', about: 'pg/pool/gone', message: 'connection refused' },
    ]);
    await vi.waitFor(() =>
      expect(sink.coverages.get('database')).toMatchObject({ state: 'failed', trouble: { on: 'gone' } }),
    );
  });

  test('refuses the password; no password reaches the sink', async () => {
    const sink = watch({ one: { port: first.port, password: { env: `${SECRET}_WRONG` } } });
    await vi.waitFor(() => expect(sink.phase).toBe('refused'), 10_000);
    expect(pool(sink, 'one')).toMatchObject({
      up: false,
      downReason: 'password authentication failed for user "postgres"',
    });
    expect(sink.trouble?.fix).toMatch(/password/);
    expect(JSON.stringify([sink.states, sink.events, sink.lines, sink.all('pool')])).not.toMatch(
      /wrong-horse|correct-horse/,
    );
  });

  test('cannot be asked without a password, and says so', async () => {
    const sink = watch({
      one: { port: first.port, password: { env: 'QD_TEST_NOT_SET' } },
      none: { port: first.port, password: undefined },
    });
    await vi.waitFor(() => expect(pool(sink, 'none')?.up).toBe(false), 10_000);
    await vi.waitFor(() => expect(pool(sink, 'one')?.downReason).toBe('it is not set'), 10_000);
    expect(pool(sink, 'one')?.up).toBeNull();
    expect(sink.events.find(event => event.subject === 'one')).toMatchObject({ reason: 'unasked', severity: 'warn' });
    expect(pool(sink, 'none')?.downReason).toBe('it asks for a password and none is set');
  });

  test('has no connection left: says so, with connections at the maximum where that is known', async () => {
    await second.query(`CREATE ROLE watcher LOGIN PASSWORD '${PASSWORD}' IN ROLE pg_monitor`);
    const sink = watch({ two: { port: second.port, user: 'watcher' } });
    await vi.waitFor(() => expect(pool(sink, 'two')?.maxConnections).toBe(6), 10_000);
    const crowd = await takeAll(second);
    await vi.waitFor(() => expect(pool(sink, 'two')?.connections).toBe(6), 10_000);
    await second.query("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = 'watcher'");
    await vi.waitFor(
      () => expect(pool(sink, 'two')?.downReason).toMatch(/^remaining connection slots are reserved/),
      10_000,
    );
    expect(pool(sink, 'two')).toMatchObject({ up: false, connections: null, maxConnections: 6 });
    crowd.push(...(await takeAll(second)));
    await vi.waitFor(() => expect(pool(sink, 'two')?.downReason).toMatch(/too many clients already/), 15_000);
    expect(pool(sink, 'two')).toMatchObject({ up: false, connections: 6, maxConnections: 6 });
    await Promise.all(crowd.map(client => client.end()));
    await vi.waitFor(() => expect(pool(sink, 'two')?.up).toBe(true), 15_000);
    expect(sink.events.map(event => event.reason)).toEqual(['connections', 'down', 'up']);
    expect(sink.events[0]?.message).toMatch(/6 of 6$/);
  }, 60_000);

  test('refuses one role only: how many connections there are is not known', async () => {
    await second.query(`CREATE ROLE crowded LOGIN CONNECTION LIMIT 0 PASSWORD '${PASSWORD}'`);
    const sink = watch({ two: { port: second.port, user: 'crowded' } });
    await vi.waitFor(
      () => expect(pool(sink, 'two')?.downReason).toBe('too many connections for role "crowded"'),
      10_000,
    );
    expect(pool(sink, 'two')?.connections).toBeNull();
  });

  test('freezes: down within 10 seconds, while the other is told on; and comes back', async () => {
    const sink = watch({ one: { port: first.port }, two: { port: second.port } });
    await vi.waitFor(() => {
      expect(pool(sink, 'one')?.present).toBe(2);
      expect(pool(sink, 'two')?.present).toBe(0);
    }, 10_000);
    await first.freeze();
    try {
      const frozenAt = Date.now();
      await vi.waitFor(() => expect(pool(sink, 'one')?.up).toBe(false), 10_000);
      expect(pool(sink, 'one')?.downReason).toMatch(/no answer for 4 s|says nothing/);
      expect(pool(sink, 'one')).toMatchObject({ connections: null, present: null, latencyMs: null });
      await vi.waitFor(() => expect(pool(sink, 'two')?.observedAt).toBeGreaterThan(frozenAt + 3_000), 10_000);
      expect(pool(sink, 'two')?.up).toBe(true);
      expect(sink.phase).toBe('live');
      await vi.waitFor(
        () => expect(pool(sink, 'one')?.downReason).toBe('it accepts the connection and says nothing'),
        10_000,
      );
    } finally {
      first.thaw();
    }
    await vi.waitFor(() => expect(pool(sink, 'one')?.present).toBe(2), 15_000);
    expect(sink.events.map(event => event.reason)).toEqual(['down', 'up']);
  }, 60_000);

  test('is the only one: the source is stale within 10 seconds', async () => {
    const sink = watch({ one: { port: first.port } });
    await vi.waitFor(() => expect(sink.phase).toBe('live'), 10_000);
    await first.freeze();
    try {
      await vi.waitFor(() => expect(sink.phase).toBe('stale'), 10_000);
      expect(sink.trouble).toMatchObject({ what: 'connect', on: 'one' });
    } finally {
      first.thaw();
    }
    await vi.waitFor(() => expect(sink.phase).toBe('live'), 15_000);
  }, 40_000);

  test('stops and comes back on its port', async () => {
    const third = await servers.start();
    const sink = watch({ three: { port: third.port } });
    await vi.waitFor(() => expect(pool(sink, 'three')?.up).toBe(true), 10_000);
    await third.stop();
    await vi.waitFor(() => expect(pool(sink, 'three')?.up).toBe(false), 10_000);
    await third.start();
    await vi.waitFor(() => expect(pool(sink, 'three')?.present).toBe(0), 15_000);
  }, 40_000);
});

test('a stopped source says nothing more and leaves no connection behind', async () => {
  const sink = watch({ one: { port: first.port } });
  const [source] = running;
  await vi.waitFor(() => expect(pool(sink, 'one')?.present).toBe(2), 10_000);
  await source?.stop();
  const told = sink.states.length;
  const open = async () =>
    (await first.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'quarterdeck'")).rowCount;
  await expect.poll(open, { timeout: 5_000 }).toBe(0);
  await sleep(0);
  expect(sink.states).toHaveLength(told);
});

async function takeAll(server: Server) {
  const clients = [];
  for (;;) {
    try {
      clients.push(await server.connect({ database: 'postgres' }));
    } catch {
      return clients;
    }
  }
}
