import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Server } from '../../../../src/demo/postgres/server.ts';
import { createPostgres } from '../../../../src/sources/postgres/index.ts';
import { PostgresOptions } from '../../../../src/sources/postgres/options.ts';
import type { Source } from '../../../../src/sources/source.ts';
import { type Channels, type PodChannels, podChannels } from '../../../helpers/pod-channels.ts';
import { freePort, PASSWORD, postgresServers, type Servers } from '../../../helpers/postgres-server.ts';
import { RecordingSink } from '../../../helpers/recording-sink.ts';

const SECRET = 'QD_TEST_WAYS_PASSWORD';
process.env[SECRET] = PASSWORD;
const credentials = { user: 'postgres', password: { env: SECRET } };

let servers: Servers;
let server: Server;
const running: Source[] = [];
const closing: PodChannels[] = [];

beforeAll(async () => {
  servers = await postgresServers();
  server = await servers.start();
  await server.query('CREATE DATABASE odoo_acme STRATEGY FILE_COPY');
}, 60_000);

afterEach(async () => {
  await Promise.all(running.splice(0).map(source => source.stop()));
  for (const api of closing.splice(0)) api.close();
});

afterAll(() => servers?.close());

async function watch(
  pools: Record<string, unknown>,
  open: (channels: Channels) => void,
  options: Parameters<typeof podChannels>[1] = {},
) {
  const api = await podChannels(open, options);
  closing.push(api);
  const kubernetes = { kubeconfig: api.kubeconfig, namespace: 'saas' };
  const all = {
    kind: 'postgres',
    tenantPrefix: 'odoo_',
    everySeconds: 1,
    pools: { kubernetes, credentials, ...pools },
  };
  const source = createPostgres('pg', PostgresOptions.parse(all));
  const sink = new RecordingSink();
  running.push(source);
  source.start(sink);
  return { api, sink, pool: () => sink.get('pool', 'pg/pool/one') };
}

/** As the kubelet does it: the port's two bytes first on each channel, then the bytes of a connection. */
function forward(port: number) {
  return ({ send, receive, closed, close }: Channels) => {
    const name = Buffer.alloc(2);
    name.writeUInt16LE(5432);
    send(0, name);
    send(1, name);
    const socket = connect(port, '127.0.0.1');
    socket.on('data', data => send(0, data));
    socket.on('error', error => send(1, `error forwarding port 5432 to pod: ${error.message}`));
    socket.on('close', close);
    receive((channel, data) => channel === 0 && socket.write(data));
    closed(() => socket.destroy());
  };
}

describe('through a port-forward', () => {
  const viaPort = { via: 'port-forward', servers: { one: {} } };

  test('a pool is watched like any other, over one stream', async () => {
    const { api, pool, sink } = await watch(viaPort, forward(server.port));
    await vi.waitFor(() => expect(pool()?.sizeBytes).toBeTypeOf('number'), 10_000);
    expect(pool()).toMatchObject({ up: true, present: 1, maxConnections: 20 });
    await vi.waitFor(() => expect(sink.proofs).toBeGreaterThanOrEqual(2), 10_000);
    expect(api.asked).toEqual(['/api/v1/namespaces/saas/pods/one-0/portforward?ports=5432']);
  });

  test('what the kubelet says about the pod is why it is down', async () => {
    const { pool } = await watch(viaPort, forward(await freePort()));
    await vi.waitFor(
      () => expect(pool()?.downReason).toMatch(/^error forwarding port 5432 to pod: connect ECONNREFUSED/),
      10_000,
    );
    expect(pool()?.up).toBe(false);
  });

  test('a right that is missing is named', async () => {
    const { pool, sink } = await watch(viaPort, () => {}, { refuse: () => 403 });
    await vi.waitFor(() => expect(pool()?.downReason).toMatch(/not allowed \(403\).*pods\/portforward/), 10_000);
    expect(pool()?.up).toBeNull();
    expect(sink.phase).toBe('refused');
  });

  test('a pod that is not there is down', async () => {
    const { pool } = await watch(viaPort, () => {}, { refuse: () => 404 });
    await vi.waitFor(
      () => expect(pool()).toMatchObject({ up: false, downReason: 'there is no such pod (404)' }),
      10_000,
    );
  });

  test('a stream that says nothing is a server that is down; an API server that never answers tells nothing of it', async () => {
    const silent = await watch(viaPort, () => {});
    await vi.waitFor(
      () => expect(silent.pool()?.downReason).toBe('it accepts the connection and says nothing'),
      10_000,
    );
    const never = await watch(viaPort, () => {}, { refuse: () => null });
    await vi.waitFor(() => expect(never.pool()?.downReason).toBe('no answer to the connection attempt'), 10_000);
    expect([silent.pool()?.up, never.pool()?.up]).toEqual([false, null]);
  });

  test('a stream that ends is opened again', async () => {
    const streams: Channels[] = [];
    const { pool, sink } = await watch(viaPort, channels => {
      streams.push(channels);
      forward(server.port)(channels);
    });
    await vi.waitFor(() => expect(pool()?.present).toBe(1), 10_000);
    streams[0]?.close();
    await vi.waitFor(() => expect(streams).toHaveLength(2), 10_000);
    await vi.waitFor(() => expect(pool()?.present).toBe(1), 10_000);
    expect(sink.events.map(event => [event.reason, event.message])).toEqual([
      ['unasked', 'cannot be asked: the connection broke off'],
      ['up', expect.stringMatching(/^answers again after \d s$/)],
    ]);
  });
});

describe('through psql in the pod', () => {
  const viaExec = { via: 'exec', servers: { one: {} } };

  /** Answers as psql does with `-A -t` and VERBOSITY=verbose. */
  const psql = async ({ url, send }: Channels) => {
    const argv = url.searchParams.getAll('command');
    try {
      const { rows } = await server.query<Record<string, unknown>>(argv.at(-1) ?? '');
      send(1, `${JSON.stringify(Object.values(rows[0] ?? {})[0])}\n`);
      send(3, JSON.stringify({ status: 'Success' }));
    } catch (error) {
      send(2, `ERROR:  42601: ${error}\nLOCATION:  scanner_yyerror, scan.l:1188\n`);
      send(
        3,
        JSON.stringify({
          status: 'Failure',
          reason: 'NonZeroExitCode',
          details: { causes: [{ reason: 'ExitCode', message: '1' }] },
        }),
      );
    }
  };

  test('a pool is watched like any other, as the user of the profile', async () => {
    const { api, pool, sink } = await watch(viaExec, psql);
    await vi.waitFor(() => expect(pool()?.sizeBytes).toBeTypeOf('number'), 10_000);
    expect(pool()).toMatchObject({ up: true, present: 1, maxConnections: 20 });
    expect(sink.get('database', 'pg/one/database/odoo_acme')?.sizeBytes).toBeGreaterThan(1_000_000);
    expect(sink.lines).toEqual([]);
    const commands = api.asked.map(path => new URL(path, 'http://api').searchParams.getAll('command'));
    for (const argv of commands) {
      expect(argv[0]).toBe('psql');
      expect(argv.join(' ')).toMatch(/user='postgres'.*default_transaction_read_only=on/);
      expect(argv.join(' ')).not.toContain(PASSWORD);
    }
  });

  test('an image without psql is no server that is down', async () => {
    const status = {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '127' }] },
    };
    const { pool } = await watch(viaExec, ({ send }) => {
      send(2, 'sh: psql: not found');
      send(3, JSON.stringify(status));
    });
    await vi.waitFor(() => expect(pool()).toMatchObject({ up: null, downReason: 'sh: psql: not found' }), 10_000);
  });

  test.each([
    [
      'psql: error: connection to server on socket "/run/.s.PGSQL.5432" failed: FATAL:  sorry, too many clients already',
      'sorry, too many clients already',
    ],
    ['psql: error: could not translate host name "x" to address', 'could not translate host name "x" to address'],
    ['', 'psql ended with 2'],
  ])('its words are why it is down: %s', async (stderr, reason) => {
    const status = {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '2' }] },
    };
    const { pool } = await watch(viaExec, ({ send }) => {
      send(2, stderr);
      send(3, JSON.stringify(status));
    });
    await vi.waitFor(() => expect(pool()?.downReason).toBe(reason), 10_000);
  });

  test('silence of what lies between is told within 10 seconds, and not as the server’s', async () => {
    let frozen = false;
    const { pool, sink } = await watch(viaExec, channels => (frozen ? undefined : psql(channels)));
    await vi.waitFor(() => expect(pool()?.up).toBe(true), 10_000);
    frozen = true;
    await vi.waitFor(() => expect(sink.phase).toBe('stale'), 10_000);
    expect(pool()).toMatchObject({ up: null, downReason: 'no answer within 3.7 s' });
  }, 30_000);
});
