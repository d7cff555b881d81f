import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LISTINGS } from '../src/cli/kinds.ts';
import { KINDS } from '../src/model/entity.ts';
import { landmarksOf } from '../src/model/reveal.ts';
import { MASK } from '../src/model/secrets.ts';
import { logPath, storePath } from '../src/profile/folders.ts';
import { createKubernetes } from '../src/sources/kubernetes/index.ts';
import { createSwarm } from '../src/sources/swarm/index.ts';
import { openLog } from '../src/store/log-file.ts';
import { type FakeIo, fakeIo, play0, tempFolder, words } from './cli/harness.ts';
import { freePort, PASSWORD, postgresServers, type Servers } from './helpers/postgres-server.ts';
import { RecordingSink } from './helpers/recording-sink.ts';
import { FakeApi, pod, status } from './sources/kubernetes/fake-api.ts';
import { ScriptedEngine } from './sources/swarm/scripted-engine.ts';
import { node, service, task } from './sources/swarm/shapes.ts';

/** Whoever finds this anywhere has found a leak. */
const CANARY = 'sesame-8c1f0d7e4b2a9';
const DSN = `postgresql://ops:${CANARY}@db-1:5432/instance`;

let api: FakeApi;
let engine: ScriptedEngine;
let web: HttpServer;
let servers: Servers;
let profile: string;

beforeAll(async () => {
  [api, engine, web, servers] = [await startCluster(), await startSwarm(), await startWeb(), await postgresServers()];
  const database = await startDatabase();
  process.env.QD_CANARY_TEST_PASSWORD = PASSWORD;
  profile = join(api.folder, 'prod.yaml');
  const { port } = web.address() as AddressInfo;
  const text = `
sources:
  kubernetes: { kind: kubernetes, kubeconfig: ${api.kubeconfig} }
  swarm: { kind: swarm, host: "${engine.host}" }
  postgres:
    kind: postgres
    platform: { host: 127.0.0.1, port: ${database}, user: postgres, password: { env: QD_CANARY_TEST_PASSWORD }, ssl: false }
    pools: { credentials: table, ssl: false }
  http:
    kind: http
    checks:
      - { name: body, url: "http://127.0.0.1:${port}/body" }
      - { name: location, url: "http://127.0.0.1:${port}/location" }
      - { name: user, url: "http://${CANARY}@127.0.0.1:${port}/well" }
`;
  writeFileSync(profile, text);
}, 60_000);

afterAll(async () => {
  await api.close();
  await engine.close();
  web.closeAllConnections();
  web.close();
  await servers.close();
});

/** A cluster whose token, objects, events and refusals all hold the secret. */
async function startCluster(): Promise<FakeApi> {
  const fake = await FakeApi.start();
  fake.token = CANARY;
  fake.writeKubeconfig();
  const env = [
    { name: 'DB_PASSWORD', value: CANARY },
    { name: 'DATABASE_URL', value: DSN },
  ];
  const { metadata, spec } = pod('web-1');
  const applied = JSON.stringify({ kind: 'Pod', metadata: {}, spec: { containers: [{ name: 'c', env }] } });
  const waiting = { reason: 'CrashLoopBackOff', message: `cannot connect to ${DSN}` };
  fake.put('pods', {
    metadata: {
      ...metadata,
      labels: { 'shop/password': CANARY },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied },
    },
    spec: { ...(spec as object), containers: [{ name: 'c', image: 'web:1', env, args: ['--password', CANARY] }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'c', ready: false, restartCount: 4, state: { waiting } }] },
  });
  fake.put('deployments', {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas: 1 },
    status: { conditions: [{ type: 'Progressing', status: 'False', reason: 'Failed', message: `password=${CANARY}` }] },
  });
  for (const [name, message] of Object.entries({
    dsn: `FATAL: cannot connect to ${DSN}`,
    variable: `exec failed: PGPASSWORD=${CANARY} psql`,
    header: `401 for Authorization: Bearer ${CANARY}`,
  })) {
    fake.put('events', {
      metadata: { name, namespace: 'shop' },
      involvedObject: { kind: 'Pod', name: 'web-1', namespace: 'shop' },
      reason: `Failed-${name}`,
      message,
      type: 'Warning',
      lastTimestamp: new Date().toISOString(),
      count: 1,
    });
  }
  fake.answers.set('persistentvolumeclaims', (_asked, response) => status(response, 500, `etcd at ${DSN} is gone`));
  fake.answers.set('ingresses', (_asked, response) => status(response, 403, `not with Bearer ${CANARY}`));
  return fake;
}

async function startSwarm(): Promise<ScriptedEngine> {
  const scripted = new ScriptedEngine();
  await scripted.listen();
  const Env = [`DB_PASSWORD=${CANARY}`, `DATABASE_URL=${DSN}`];
  const spec = { ContainerSpec: { Image: 'lab/api:1', Env, Args: [`--password=${CANARY}`] } };
  scripted.nodes = [
    node('w1'),
    node('w2', { Status: { State: 'down', Message: `joined with token=${CANARY}`, Addr: '198.18.0.2' } }),
  ];
  const UpdateStatus = { State: 'paused', Message: `update paused: ${DSN}` };
  scripted.services = [
    service('api', {
      UpdateStatus,
      Spec: { Name: 'api', Labels: { 'db.password': CANARY }, TaskTemplate: spec },
    } as never),
  ];
  const error = `task: non-zero exit (1): cannot connect to ${DSN}`;
  const failed = { service: 'api', slot: 1, node: 'w1', state: 'failed', error, exitCode: 1, spec, at: Date.now() };
  scripted.tasks = [
    task({ ...failed, id: 't1', desired: 'shutdown' } as never),
    task({ ...failed, id: 't2', state: 'pending', error: `no suitable node (${DSN})` } as never),
  ];
  scripted.faults.set('/networks', { status: 500, message: `the store at ${DSN} is gone` });
  return scripted;
}

async function startWeb(): Promise<HttpServer> {
  const server = createServer((request, response) => {
    if (request.url === '/well') return void response.end('ok');
    if (request.url === '/location')
      return void response.writeHead(302, { location: `http://ops:${CANARY}@127.0.0.1/login?token=${CANARY}` }).end();
    response.writeHead(503, { 'content-type': 'text/plain' }).end(`cannot connect to ${DSN}`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** One server that is the platform's and a pool: with the right password, the wrong one, and on a port where none is. */
async function startDatabase(): Promise<number> {
  const server = await servers.start();
  await server.query('CREATE DATABASE instance STRATEGY FILE_COPY');
  await server.query(`CREATE ROLE tenant LOGIN PASSWORD '${CANARY}'`);
  await server.query(`CREATE ROLE other LOGIN PASSWORD '${PASSWORD}'`);
  const client = await server.connect({ database: 'instance' });
  await client
    .query(`
      CREATE TABLE db_servers (id text, name text, host text, port int, status text, admin_user text, admin_password text);
      CREATE TABLE instances (id text, name text, status text, database_name text, error_message text);
      INSERT INTO db_servers VALUES
        ('1', 'pool-well', '127.0.0.1', ${server.port}, 'active', 'tenant', '${CANARY}'),
        ('2', 'pool-refused', '127.0.0.1', ${server.port}, 'active', 'other', '${CANARY}'),
        ('3', 'pool-gone', '127.0.0.1', ${await freePort()}, 'active', 'tenant', '${CANARY}');
      INSERT INTO instances VALUES ('a', 'acme', 'error', 'acme', 'cannot connect to ${DSN}');`)
    .finally(() => client.end());
  return server.port;
}

/** Runs a command over all of it, with its own log and its own store; everything that it told or wrote. */
async function everythingOf(line: string): Promise<{ io: FakeIo; told: string }> {
  const io = fakeIo({ now: Date.now });
  const log = openLog(logPath(io.env));
  log(`asked with Bearer ${CANARY}, ${DSN}`);
  const code = await play0([...words(line), '--profile', profile, '--timeout', '4s'], io, { log });
  expect(code, io.stderr).toBeLessThan(64);
  const written = filesBelow(io.env.HOME ?? '').map(file => readFileSync(file, 'latin1'));
  return { io, told: [io.stdout, io.stderr, ...written].join('\n') };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile());
}

function expectNone(told: string): void {
  const at = told.indexOf(CANARY);
  expect(at < 0 ? null : told.slice(Math.max(0, at - 120), at + 40)).toBeNull();
  expect(told).not.toContain(PASSWORD);
}

describe('a secret that stands in everything that is read is in nothing that is told', () => {
  test.each(['status', 'status --json', 'doctor', 'doctor --json', 'events', 'events --json'])('%s', async line => {
    expectNone((await everythingOf(line)).told);
  });

  test.each(LISTINGS.filter(({ where }) => !where).map(({ name }) => name))('get %s --json', async name => {
    expectNone((await everythingOf(`get ${name} --json`)).told);
  });

  test('and it really was read: its neighbours are there, masked', async () => {
    const { io, told } = await everythingOf('get events --json');
    for (const part of [`ops:${MASK}@db-1`, `PGPASSWORD=${MASK}`]) expect(io.stdout).toContain(part);
    expect(filesBelow(io.env.HOME ?? '').sort()).toEqual(
      expect.arrayContaining([logPath(io.env), storePath('prod', io.env)]),
    );
    expect(told).toContain('SQLite format 3');
    const tasks = (await everythingOf('get pods --json')).io.stdout;
    expect(tasks).toContain(`no suitable node (postgresql://ops:${MASK}@db-1`);
    const pools = JSON.parse((await everythingOf('get pools --json')).io.stdout) as { items: { up: boolean }[] };
    expect(pools.items.map(({ up }) => up).sort()).toEqual([false, false, true]);
    const checks = (await everythingOf('get checks --json')).io.stdout;
    expect(checks).toContain(`status 503: cannot connect to postgresql://ops:${MASK}@`);
    expect(checks).toContain(`http://${MASK}@127.0.0.1`);
  });
});

test('raw objects: environment, arguments and the last applied configuration are masked; one value is shown when asked for', async () => {
  const cluster = createKubernetes('k', { kind: 'kubernetes', kubeconfig: api.kubeconfig });
  const swarm = createSwarm('s', { kind: 'swarm', host: engine.host });
  const [ofCluster, ofSwarm] = [new RecordingSink(), new RecordingSink()];
  cluster.start(ofCluster);
  swarm.start(ofSwarm);
  swarm.attend?.(new Set(KINDS));
  try {
    await expect.poll(() => ofCluster.named('replica', 'web-1'), { timeout: 10_000 }).toBeDefined();
    await expect.poll(() => ofSwarm.named('workload', 'api'), { timeout: 10_000 }).toBeDefined();
    const signal = AbortSignal.timeout(5_000);
    const raw = JSON.stringify([
      await cluster.raw?.('replica', 'k/shop/pod/web-1', signal),
      await swarm.raw?.('workload', 's/service/api', signal),
    ]);
    expectNone(raw);
    for (const there of ['DB_PASSWORD', 'last-applied-configuration', 'lab/api:1', MASK]) expect(raw).toContain(there);
    const path = ['Spec', 'TaskTemplate', 'ContainerSpec', 'Env', 0];
    const masked = { path, landmarks: landmarksOf(await swarm.raw?.('workload', 's/service/api', signal), path) };
    const shown = await swarm.reveal?.('workload', 's/service/api', masked, signal);
    expect(shown?.text).toBe(`DB_PASSWORD=${CANARY}`);
    for (const { states, coverages, events, lines } of [ofCluster, ofSwarm]) {
      expectNone(JSON.stringify([states, [...coverages], events, lines]));
    }
  } finally {
    await Promise.all([cluster.stop(), swarm.stop()]);
  }
});

test('a profile that holds a password is refused without repeating it', async () => {
  const file = join(tempFolder(), 'prod.yaml');
  writeFileSync(
    file,
    `sources:
  http: { kind: http, checks: [{ name: a, url: "http://ops:${CANARY}@127.0.0.1/" }] }
  db: { kind: postgres, platform: { host: db, user: ops, password: ${CANARY} } }
`,
  );
  for (const line of ['config check', 'status']) {
    const io = fakeIo();
    const argv = line === 'status' ? ['status', '--profile', file] : ['config', 'check', file];
    expect(await play0(argv, io)).toBe(64);
    expect(io.stderr).toContain('sources.db.platform.password');
    expectNone(io.stdout + io.stderr);
  }
});
