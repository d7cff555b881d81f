import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresDemo, startPostgres } from '../../../src/demo/postgres/start.ts';
import { shapeOf } from '../../../src/demo/shape.ts';
import { createPostgres } from '../../../src/sources/postgres/index.ts';
import { PostgresOptions } from '../../../src/sources/postgres/options.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';
import { isThere, platformClient, poolClient, refusal } from './clients.ts';

const shape = shapeOf();
const now = () => Date.UTC(2026, 10, 23, 14, 3);
const home = mkdtempSync(join(tmpdir(), 'qd-test-pg-'));
const cacheDir = join(home, 'cache');
const start = () => startPostgres({ shape, cacheDir, now, still: true });

/** Everything in the tables but the passwords. */
async function books(demo: PostgresDemo) {
  const client = await platformClient(demo);
  const servers = await client.query('SELECT * FROM db_servers ORDER BY name');
  const instances = await client.query('SELECT * FROM instances ORDER BY id');
  await client.end();
  return { servers: servers.rows.map(({ admin_password: _, ...row }) => row), instances: instances.rows };
}

async function ask(demo: PostgresDemo, name: string, sql: string): Promise<Record<string, unknown>> {
  const client = await poolClient(demo, name);
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

const CONNECTIONS = `SELECT count(*)::int AS open FROM pg_stat_activity WHERE backend_type = 'client backend'`;

// Temporary folders of these tests stand in a folder of their own.
process.env.TMPDIR = home;
let demo: PostgresDemo;

beforeAll(async () => {
  demo = await start();
}, 60_000);

afterAll(async () => {
  await demo.close();
  rmSync(home, { recursive: true });
}, 60_000);

describe('the embedded PostgreSQL', () => {
  it('holds its ports and says that it starts', async () => {
    for (const { port } of demo.servers.values()) {
      expect(await refusal(port)).toMatchObject({ code: '57P03', message: 'the database system is starting up' });
    }
  });

  it('starts a platform server and the pools of the shape', async () => {
    expect(await demo.started).toBeNull();
    expect([...demo.servers.keys()]).toEqual(['postgres', 'postgres-pool-1', 'postgres-pool-2', 'postgres-pool-3']);
    await Promise.all([...demo.servers.values()].map(server => server.ready));
  }, 60_000);

  it('gives a profile that the postgres source takes', () => {
    expect(PostgresOptions.parse(demo.source)).toMatchObject({ kind: 'postgres', tenantPrefix: 'odoo_' });
  });

  it('has the platform tables, filled from the shape', async () => {
    const { servers, instances } = await books(demo);
    expect(servers.map(({ name, current_instances, status }) => [name, current_instances, status])).toEqual(
      shape.pools.map(({ name, recorded, status }) => [name, recorded, status]),
    );
    expect(new Map(instances.map(row => [row.id, [row.database_name, row.status, row.plan_tier]]))).toEqual(
      new Map(shape.instances.map(each => [each.id, [each.databaseName, each.status, each.plan]])),
    );
    const client = await platformClient(demo);
    const { rows } = await client.query('SELECT datname FROM pg_database');
    await client.end();
    const names = rows.map(({ datname }) => datname);
    expect(names).toEqual(expect.arrayContaining(['auth', 'billing', 'instance', 'communication', 'analytics']));
  });

  it('has in each pool the databases of the shape, drift included, reached with the credentials of the table', async () => {
    for (const pool of shape.pools) {
      const sql = `SELECT array_agg(datname::text ORDER BY datname) AS names FROM pg_database WHERE datname LIKE 'odoo\\_%'`;
      expect(await ask(demo, pool.name, sql)).toEqual({ names: [...pool.databases].sort() });
    }
  });

  it('holds the connections of the shape open, the watcher included', async () => {
    for (const pool of shape.pools) {
      expect(await ask(demo, pool.name, CONNECTIONS)).toEqual({ open: pool.connections });
      expect(await ask(demo, pool.name, 'SHOW max_connections')).toEqual({
        max_connections: String(pool.maxConnections),
      });
    }
  });

  it('is seen by the postgres source with the drift of its counts', async () => {
    const source = createPostgres('demo', PostgresOptions.parse(demo.source));
    const sink = new RecordingSink();
    source.start(sink);
    try {
      await expect.poll(() => sink.all('pool').filter(({ up }) => up).length, { timeout: 10_000 }).toBe(3);
      const counts = () =>
        sink.all('pool').map(({ name, recorded, assigned, present, connections, maxConnections }) => ({
          ...{ name, recorded, assigned, present, connections, maxConnections },
        }));
      const told = shape.pools.map(({ name, recorded, databases, connections, maxConnections }) => ({
        ...{ name, recorded, connections, maxConnections, present: databases.length },
        assigned: shape.instances.filter(({ poolName }) => poolName === name).length,
      }));
      await expect.poll(counts, { timeout: 10_000 }).toEqual(expect.arrayContaining(told));
      expect(sink.all('instance')).toHaveLength(40);
      expect(sink.phase).toBe('live');
    } finally {
      await source.stop();
    }
  });

  it('lets nobody in when a pool is full, and again when it is eased', async () => {
    const port = demo.servers.get('postgres-pool-3')?.port ?? 0;
    await demo.full('postgres-pool-3');
    expect(await refusal(port)).toMatchObject({ code: '53300', message: 'sorry, too many clients already' });
    await demo.eased('postgres-pool-3');
    await expect.poll(() => ask(demo, 'postgres-pool-3', CONNECTIONS)).toEqual({ open: 92 });
  });

  it('accepts connections and says nothing when it is frozen', async () => {
    const port = demo.servers.get('postgres-pool-1')?.port ?? 0;
    await demo.frozen('postgres-pool-1');
    const socket = connectSocket(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    expect(await refusal(port)).toMatchObject({ message: expect.stringContaining('timeout') });
    await demo.thawed('postgres-pool-1');
    expect(await ask(demo, 'postgres-pool-1', 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('is refused while a server is down, and has its tenants again when it is up', async () => {
    const port = demo.servers.get('postgres-pool-2')?.port ?? 0;
    await demo.down('postgres-pool-2');
    expect(await refusal(port)).toMatchObject({ code: 'ECONNREFUSED' });
    await demo.up('postgres-pool-2');
    expect(await ask(demo, 'postgres-pool-2', CONNECTIONS)).toEqual({ open: shape.pools[1]?.connections });
  });

  it('changes what the platform has on record', async () => {
    const [instance] = shape.instances;
    expect(await demo.recordPool('postgres-pool-1', { health_status: 'degraded', current_instances: 21 })).toBe(true);
    expect(await demo.recordInstance(instance?.id ?? '', { status: 'maintenance', error_message: null })).toBe(true);
    expect(await demo.recordPool('postgres-pool-9', { status: 'full' })).toBe(false);
    const { servers, instances } = await books(demo);
    expect(servers[0]).toMatchObject({ health_status: 'degraded', current_instances: 21, status: 'active' });
    const row = instances.find(({ id }) => id === instance?.id);
    expect(row).toMatchObject({ status: 'maintenance', error_message: null });
  });

  it('gives a second demo a folder of its own, and removes that', async () => {
    const other = await start();
    const temporary = () => readdirSync(home).filter(name => name.startsWith('quarterdeck-demo-'));
    expect(temporary()).toHaveLength(1);
    await other.close();
    expect(temporary()).toEqual([]);
    expect(await other.started).toMatchObject({ what: expect.any(String) });
  });

  it('ends within two seconds, also when a server is frozen, and leaves no process', async () => {
    const pids = (await Promise.all([...demo.servers.values()].map(server => server.pids()))).flat();
    expect(pids).toHaveLength(8);
    expect(pids.every(isThere)).toBe(true);
    await demo.frozen('postgres-pool-1');
    const begun = performance.now();
    await demo.close();
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(pids.filter(isThere)).toEqual([]);
  });

  it('starts from the kept folder the next time, as the shape says', async () => {
    const [key = ''] = readdirSync(cacheDir);
    const made = statSync(join(cacheDir, key, 'data', 'postgres', 'PG_VERSION')).ino;
    const wanted = shapeOf();
    demo = await start();
    expect(await demo.started).toBeNull();
    expect(statSync(join(cacheDir, key, 'data', 'postgres', 'PG_VERSION')).ino).toBe(made);
    const { servers, instances } = await books(demo);
    expect(servers[0]).toMatchObject({ health_status: 'healthy', current_instances: wanted.pools[0]?.recorded });
    expect(instances.find(({ id }) => id === wanted.instances[0]?.id)?.status).toBe('error');
  });
});
