import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Server } from '../../../../src/demo/postgres/server.ts';
import { createPostgres } from '../../../../src/sources/postgres/index.ts';
import { PostgresOptions } from '../../../../src/sources/postgres/options.ts';
import { wayToPlatform } from '../../../../src/sources/postgres/way.ts';
import type { Source } from '../../../../src/sources/source.ts';
import { freePort, PASSWORD, postgresServers, type Servers } from '../../../helpers/postgres-server.ts';
import { RecordingSink } from '../../../helpers/recording-sink.ts';

const SECRET = 'QD_TEST_PLATFORM_PASSWORD';
process.env[SECRET] = PASSWORD;
const password = { env: SECRET };
const POOL_1 = '11111111-0000-4000-8000-000000000001';
const POOL_2 = '22222222-0000-4000-8000-000000000002';
const ACME = 'aaaaaaaa-0000-4000-8000-000000000001';

const TABLES = `
  CREATE SEQUENCE IF NOT EXISTS numbers; DROP TABLE IF EXISTS instances; DROP TABLE IF EXISTS db_servers;
  CREATE TABLE db_servers (id uuid PRIMARY KEY, name text, host text, port int, server_type text, max_instances int,
    current_instances int, swarm_service_name text, storage_path text, node_placement text, status text,
    health_status text, last_health_check timestamptz, cpu_limit text, memory_limit text, postgres_version text,
    admin_user text, admin_password text, allocation_strategy text, priority int, created_at timestamptz DEFAULT now());
  CREATE TABLE instances (id uuid PRIMARY KEY, customer_id uuid, name text, odoo_version text, instance_type text,
    status text, billing_status text, provisioning_status text, storage_limit text, database_name text,
    subdomain text, service_name text, external_url text, db_name text, db_type text, db_server_id uuid, plan_tier text,
    error_message text, created_at timestamptz DEFAULT now(), metadata jsonb DEFAULT '{}');`;

let servers: Servers;
let platform: Server;
let pool: Server;
const running: Source[] = [];

async function inInstance(sql: string): Promise<void> {
  const client = await platform.connect({ database: 'instance' });
  await client.query(sql).finally(() => client.end());
}

beforeAll(async () => {
  servers = await postgresServers();
  [platform, pool] = await Promise.all([servers.start({ maxConnections: 30 }), servers.start()]);
  await platform.query('CREATE DATABASE instance STRATEGY FILE_COPY');
  await platform.query(`CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'`);
  await pool.query('CREATE DATABASE odoo_acme STRATEGY FILE_COPY');
}, 60_000);

beforeEach(async () => {
  await inInstance(`${TABLES}
    INSERT INTO db_servers (id, name, host, port, server_type, max_instances, current_instances, status, health_status,
        admin_user, admin_password, last_health_check) VALUES
      ('${POOL_1}', 'postgres-pool-1', '127.0.0.1', ${pool.port}, 'shared', 50, 1, 'active', 'healthy',
        'postgres', '${PASSWORD}', '2026-11-23T14:02:00Z'),
      ('${POOL_2}', 'postgres-pool-2', '127.0.0.1', ${await freePort()}, 'shared', 50, 0, 'active', 'healthy',
        'postgres', '${PASSWORD}', NULL);
    INSERT INTO instances (id, name, status, billing_status, provisioning_status, storage_limit, database_name,
        service_name, external_url, db_server_id, plan_tier, error_message, metadata) VALUES
      ('${ACME}', E'Acme \\x1b[31m', 'error', 'paid', 'completed', '10G', 'acme', 'odoo-acme-aaaaaaaa',
        'http://acme.example', '${POOL_1}', 'standard', 'cannot connect to postgres://odoo:hunter2@db/odoo_acme',
        '{"admin_password": "hunter3", "system": "swarm"}');`);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map(source => source.stop()));
});

afterAll(() => servers?.close());

function watch(more: Record<string, unknown> = {}, platformMore: Record<string, unknown> = {}): RecordingSink {
  const options = PostgresOptions.parse({
    kind: 'postgres',
    platform: { host: '127.0.0.1', port: platform.port, user: 'postgres', password, ...platformMore },
    pools: { credentials: 'table' },
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

const first = (sink: RecordingSink) => sink.get('pool', 'pg/pool/postgres-pool-1');
const told = (sink: RecordingSink) =>
  JSON.stringify([sink.states, sink.events, sink.lines, [...sink.coverages], sink.all('pool'), sink.all('instance')]);

describe('the tables', () => {
  test('give pools and instances, each linked to its pool', async () => {
    const sink = watch();
    await vi.waitFor(() => expect(first(sink)?.present).toBe(1), 10_000);
    expect(first(sink)).toMatchObject({
      uid: POOL_1,
      status: 'active',
      claimedHealth: 'healthy',
      lastCheckAt: Date.UTC(2026, 10, 23, 14, 2),
      maxInstances: 50,
      recorded: 1,
      assigned: 1,
      up: true,
      host: '127.0.0.1',
    });
    expect(sink.get('instance', 'pg/instance/acme')).toMatchObject({
      name: 'Acme ␛[31m',
      uid: ACME,
      pool: 'pg/pool/postgres-pool-1',
      storageLimitBytes: 10 * 1024 ** 3,
      plan: 'standard',
      status: 'error',
      serviceName: 'odoo-acme-aaaaaaaa',
      url: 'http://acme.example',
    });
    expect(sink.phase).toBe('live');
    expect(sink.target).toMatch(/^instance on 127\.0\.0\.1:\d+ · PostgreSQL 18\.\d+ · as postgres$/);
    expect(sink.coverages.get('instance')).toEqual({ state: 'complete' });
  });

  test('a pool that cannot be reached is told as down, not left out', async () => {
    const sink = watch();
    await vi.waitFor(() => expect(sink.get('pool', 'pg/pool/postgres-pool-2')?.up).toBe(false), 10_000);
    expect(sink.get('pool', 'pg/pool/postgres-pool-2')).toMatchObject({
      downReason: 'connection refused',
      assigned: 0,
      present: null,
    });
    expect(sink.phase).toBe('live');
  });

  test('servers that the profile does not reach are listed, unknown, and so are their databases', async () => {
    const sink = watch({ pools: undefined });
    const reason = 'the profile does not say how servers are reached';
    await vi.waitFor(() => expect(first(sink)).toMatchObject({ up: null, downReason: reason, recorded: 1 }), 10_000);
    expect(sink.coverages.get('database')).toMatchObject({ state: 'failed', trouble: { why: reason } });
    expect(sink.coverages.get('pool')).toEqual({ state: 'complete' });
  });

  test('no password of theirs is told, not even in raw rows', async () => {
    const sink = watch();
    await vi.waitFor(() => expect(first(sink)?.present).toBe(1), 10_000);
    const { signal } = new AbortController();
    const raw = await Promise.all([
      running[0]?.raw?.('pool', 'pg/pool/postgres-pool-1', signal),
      running[0]?.raw?.('instance', 'pg/instance/acme', signal),
      running[0]?.raw?.('database', 'pg/postgres-pool-1/database/odoo_acme', signal),
    ]);
    expect(raw).toMatchObject([
      { id: POOL_1, admin_user: 'postgres' },
      { id: ACME, metadata: { system: 'swarm' } },
      { datname: 'odoo_acme', charset: 'UTF8' },
    ]);
    expect(raw[0]).not.toHaveProperty('admin_password');
    expect(told(sink) + JSON.stringify(raw)).not.toMatch(/correct-horse|hunter2|hunter3/);
    await expect(running[0]?.raw?.('pool', 'pg/pool/nobody', signal)).rejects.toThrow('it is not there');
  });

  test('their passwords are not even asked for when the profile gives credentials', async () => {
    await inInstance(
      `GRANT SELECT (id, name, host, port, status) ON db_servers TO reader; GRANT SELECT ON instances TO reader`,
    );
    const sink = watch({ pools: { credentials: { user: 'postgres', password } } }, { user: 'reader' });
    await vi.waitFor(() => expect(first(sink)?.up).toBe(true), 10_000);
    expect(first(sink)).toMatchObject({ recorded: null, maxInstances: null, assigned: 1 });
  });

  test('may lack columns: their fields are unknown, and that is told once', async () => {
    await inInstance(
      'ALTER TABLE db_servers DROP current_instances, DROP health_status; ALTER TABLE instances DROP plan_tier, DROP db_server_id',
    );
    const sink = watch();
    await vi.waitFor(() => expect(first(sink)?.present).toBe(1), 10_000);
    expect(first(sink)).toMatchObject({ recorded: null, assigned: null, claimedHealth: null, up: true });
    expect(sink.get('instance', 'pg/instance/acme')).toMatchObject({ plan: null, pool: null, status: 'error' });
    await vi.waitFor(() => expect(sink.listsEnded.get('pool')).toBeGreaterThanOrEqual(3), 15_000);
    expect(
      sink.events.filter(event => event.reason === 'columns').map(event => [event.subject, event.message]),
    ).toEqual([
      ['db_servers', expect.stringContaining('health_status, current_instances')],
      ['instances', expect.stringContaining('plan_tier, db_server_id')],
    ]);
  });

  test('may be changed while they are watched', async () => {
    const sink = watch();
    await vi.waitFor(() => expect(first(sink)?.recorded).toBe(1), 10_000);
    await inInstance('ALTER TABLE db_servers DROP current_instances');
    await vi.waitFor(() => expect(first(sink)?.recorded).toBeNull(), 15_000);
    expect(sink.coverages.get('pool')).toEqual({ state: 'complete' });
  });

  test('that are not there are told as failed, those that are not for us as forbidden', async () => {
    const forbidden = watch({}, { user: 'reader' });
    const missing = watch({}, { tables: { servers: 'no_servers' } });
    await vi.waitFor(
      () =>
        expect(missing.coverages.get('pool')).toMatchObject({
          state: 'failed',
          trouble: { why: 'table no_servers does not exist' },
        }),
      10_000,
    );
    await vi.waitFor(
      () =>
        expect(forbidden.coverages.get('instance')).toMatchObject({
          state: 'forbidden',
          trouble: { why: 'permission denied for table db_servers' },
        }),
      10_000,
    );
    expect(forbidden.all('pool')).toEqual([]);
  });
});

describe('changes', () => {
  test('rows that come, change and go are followed, and nothing is sent again that stayed', async () => {
    const sink = watch();
    await vi.waitFor(() => expect(sink.all('instance')).toHaveLength(1), 10_000);
    const put = vi.spyOn(sink, 'put');
    await inInstance(
      `INSERT INTO instances (id, database_name, status, db_server_id) VALUES ('bbbbbbbb-0000-4000-8000-000000000002', 'globex', 'running', '${POOL_1}')`,
    );
    await vi.waitFor(() => expect(sink.get('instance', 'pg/instance/globex')?.status).toBe('running'), 10_000);
    expect(put.mock.calls.flat(2).filter(noun => noun.kind === 'instance')).toHaveLength(1);
    await inInstance(`DELETE FROM instances WHERE id = '${ACME}'; DELETE FROM db_servers WHERE id = '${POOL_2}'`);
    await vi.waitFor(() => expect(sink.get('instance', 'pg/instance/acme')).toBeUndefined(), 10_000);
    await vi.waitFor(() => expect(sink.get('pool', 'pg/pool/postgres-pool-2')).toBeUndefined(), 10_000);
    expect(sink.events.some(event => event.reason === 'removed' && event.subject === 'postgres-pool-2')).toBe(true);
  });

  test('drift is told when it holds, and when it is gone', async () => {
    const sink = watch();
    const drifts = () => sink.events.filter(event => event.reason === 'drift').map(event => event.message);
    await vi.waitFor(() => expect(first(sink)?.present).toBe(1), 10_000);
    expect(drifts()).toEqual([]);
    await inInstance(`UPDATE db_servers SET current_instances = 3 WHERE id = '${POOL_1}'`);
    await vi.waitFor(() => expect(first(sink)?.recorded).toBe(3), 10_000);
    await vi.waitFor(() => expect(drifts()).toEqual(['records 3, assigned 1, there 1']), 10_000);
    await inInstance(`UPDATE db_servers SET current_instances = 1 WHERE id = '${POOL_1}'`);
    await vi.waitFor(() => expect(drifts()).toHaveLength(2), 10_000);
    expect(drifts()[1]).toBe('no drift any more: records 1, assigned 1, there 1');
  });

  test('databases that are missing, and those that nobody recorded, are named', async () => {
    const sink = watch();
    await vi.waitFor(() => expect(first(sink)).toMatchObject({ missing: [], unrecorded: [], present: 1 }), 10_000);
    await inInstance(`UPDATE instances SET database_name = 'other'`);
    const strays = { missing: ['odoo_other'], unrecorded: ['odoo_acme'] };
    await vi.waitFor(() => expect(first(sink)).toMatchObject(strays), 10_000);
    await inInstance(`UPDATE instances SET database_name = 'odoo_acme'`);
    await vi.waitFor(() => expect(first(sink)).toMatchObject({ missing: [], unrecorded: [] }), 10_000);
    await inInstance(`UPDATE instances SET database_name = NULL`);
    await vi.waitFor(() => expect(first(sink)).toMatchObject({ missing: null, unrecorded: null }), 10_000);
  });

  test('a pool that moves is asked at its new address', async () => {
    const sink = watch();
    await vi.waitFor(() => expect(sink.get('pool', 'pg/pool/postgres-pool-2')?.up).toBe(false), 10_000);
    await inInstance(`UPDATE db_servers SET port = ${pool.port} WHERE id = '${POOL_2}'`);
    await vi.waitFor(() => expect(sink.get('pool', 'pg/pool/postgres-pool-2')?.present).toBe(1), 15_000);
  });
});

describe('the platform server', () => {
  test('freezes: the source is stale within 10 seconds, its pools are told on', async () => {
    const sink = watch();
    await vi.waitFor(() => expect(first(sink)?.up).toBe(true), 10_000);
    await platform.freeze();
    try {
      await vi.waitFor(() => expect(sink.phase).toBe('stale'), 10_000);
      expect(sink.trouble).toMatchObject({ what: 'reach the platform database', on: `127.0.0.1:${platform.port}` });
      const stoppedAt = Date.now();
      await vi.waitFor(() => expect(first(sink)?.observedAt).toBeGreaterThan(stoppedAt), 10_000);
      expect(first(sink)?.up).toBe(true);
    } finally {
      platform.thaw();
    }
    await vi.waitFor(() => expect(sink.phase).toBe('live'), 15_000);
  }, 40_000);

  test('refuses: the source says in whose words', async () => {
    const sink = watch({}, { database: 'nowhere' });
    await vi.waitFor(() => expect(sink.phase).toBe('refused'), 10_000);
    expect(sink.trouble).toMatchObject({
      why: 'database "nowhere" does not exist',
      fix: expect.stringContaining('database'),
    });
    expect(sink.proofs).toBe(0);
  });

  test('is not there at the start: connecting, with the reason', async () => {
    const sink = watch({}, { port: await freePort() });
    await vi.waitFor(() => expect(sink.trouble?.why).toBe('connection refused'), 10_000);
    expect(sink.phase).toBe('connecting');
    expect(sink.coverages.get('pool')).toEqual({ state: 'asking' });
  });

  test('cannot be written to through our session', async () => {
    const options = PostgresOptions.parse({
      kind: 'postgres',
      platform: { host: '127.0.0.1', port: platform.port, user: 'postgres', password },
    });
    if (!options.platform) throw new Error('no platform');
    const session = await wayToPlatform(options.platform).open(AbortSignal.timeout(5_000));
    expect(
      await session.rows(
        "select current_setting('transaction_read_only') as read_only, current_setting('statement_timeout') as patience",
      ),
    ).toEqual([{ read_only: 'on', patience: '3s' }]);
    await expect(session.rows("select nextval('numbers')")).rejects.toThrow('read-only transaction');
    await expect(session.rows('select 1) q; drop table instances; --')).rejects.toThrow('read-only transaction');
    session.close();
    await expect(session.rows('select 1')).rejects.toThrow('the connection was closed');
  });
});
