import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { resolveEndpoint } from '../../../src/sources/swarm/endpoint.ts';
import { type Engine, openEngine } from '../../../src/sources/swarm/engine.ts';
import { explain } from '../../../src/sources/swarm/failure.ts';
import type { SwarmOptions } from '../../../src/sources/swarm/options.ts';
import { closesUsed } from '../closes-used.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { service } from './shapes.ts';

const call = (deadlineMs = 5_000) => ({ deadlineMs, signal: new AbortController().signal });
const opened: Engine[] = [];
let scripted: ScriptedEngine;
let folder: string;

async function open(options: Omit<SwarmOptions, 'kind'>, counted = () => {}): Promise<Engine> {
  const engine = await openEngine(await resolveEndpoint({ kind: 'swarm', ...options }, {}), counted);
  opened.push(engine);
  return engine;
}

/** What an operator is told of a question that fails. */
async function failure(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => new Error('it did not fail'),
    reason => reason,
  );
  const { manner, trouble } = explain(error, 'list services', 'here');
  return `${manner}: ${trouble.why}${trouble.fix ? ` (${trouble.fix})` : ''}`;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qd-engine-'));
  scripted = new ScriptedEngine();
  scripted.services = [service('web')];
  await scripted.listen();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const engine of opened.splice(0)) engine.close();
  await scripted.close();
  rmSync(folder, { recursive: true });
});

describe('an answer', () => {
  test('is JSON, and each request is counted', async () => {
    const counted = vi.fn();
    const engine = await open({ host: scripted.host }, counted);
    expect(await engine.get('/services', { status: true }, call())).toEqual(scripted.services);
    await engine.ping(call());
    expect(counted).toHaveBeenCalledTimes(2);
    expect(scripted.queries).toEqual(['/services?status=true', '/_ping']);
  });

  test('comes from the host that was named, whatever the environment says', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://192.0.2.1:2375');
    vi.stubEnv('DOCKER_TLS_VERIFY', '1');
    vi.stubEnv('DOCKER_CERT_PATH', join(folder, 'nope'));
    const engine = await open({ host: scripted.host });
    expect(await engine.get('/services', {}, call())).toHaveLength(1);
    expect(process.env.DOCKER_HOST).toBe('tcp://192.0.2.1:2375');
  });

  test('is asked for once more where a kept connection was closed meanwhile, but only when nothing is changed', async () => {
    const counted = vi.fn();
    const once = await closesUsed();
    const engine = await open({ host: `tcp://127.0.0.1:${once.port}` }, counted);
    const ask = () => engine.get('/services', {}, call());
    expect([await ask(), await ask()]).toEqual([[], []]);
    expect(counted).toHaveBeenCalledTimes(3);
    await expect(engine.send({ method: 'POST', path: '/services/create', body: {} }, call())).rejects.toThrow(
      'hang up',
    );
    expect(once.asked).toEqual(['GET', 'GET', 'GET', 'POST']);
    once.close();
  });

  test('to a ping is any answer at all', async () => {
    const engine = await open({ host: scripted.host });
    scripted.faults.set('/_ping', { status: 500, message: 'no' });
    await expect(engine.ping(call())).resolves.toBeUndefined();
  });

  test('tells the engine’s clock where it is far from ours', async () => {
    const server = createTcp(socket =>
      socket.end('HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 18:00:00 GMT\r\nContent-Length: 2\r\n\r\n[]'),
    );
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const engine = await open({ host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect(Math.abs(engine.now() - Date.now())).toBeLessThan(100);
    await engine.get('/services', {}, call());
    expect(Math.abs(engine.now() - Date.parse('2026-11-23T18:00:00.500Z'))).toBeLessThan(1_000);
    server.close();
  });
});

describe('no answer', () => {
  test('in time', async () => {
    const engine = await open({ host: scripted.host });
    scripted.faults.set('/services', 'hang');
    expect(await failure(engine.get('/services', {}, call(50)))).toBe('silent: no answer within 0.05 s');
    scripted.faults.set('/events', 'hang');
    expect(await failure(engine.open('/events', {}, call(50)))).toBe('silent: no answer within 0.05 s');
  });

  test('when nobody listens, no socket is there, or it may not be opened', async () => {
    const { host } = scripted;
    await scripted.close();
    expect(await failure((await open({ host })).ping(call()))).toBe('lost: connection refused');
    await scripted.listen();
    const missing = `unix://${join(folder, 'nope.sock')}`;
    expect(await failure((await open({ host: missing })).ping(call()))).toBe(
      'lost: there is no such socket (is the engine running here? Else name its host)',
    );
    const denied = Object.assign(new Error('connect EACCES'), { code: 'EACCES', syscall: 'connect' });
    expect(await failure(Promise.reject(denied))).toBe(
      'refused: this user may not open the socket (add this user to the group docker, and log in again)',
    );
  });

  test('but half of one', async () => {
    const engine = await open({ host: scripted.host });
    scripted.faults.set('/services', 'half');
    expect(await failure(engine.get('/services', {}, call()))).toMatch(/^lost: connection reset/);
    scripted.faults.set('/services', 'close');
    expect(await failure(engine.get('/services', {}, call()))).toMatch(/^lost: connection reset/);
  });

  test('after it was aborted, and then nothing is sent', async () => {
    const engine = await open({ host: scripted.host });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(engine.get('/services', {}, { deadlineMs: 1_000, signal })).rejects.toThrow('enough');
    expect(scripted.count()).toBe(0);
  });

  test('that makes sense: no engine at all', async () => {
    const server = createTcp(socket => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const engine = await open({ host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect(await failure(engine.ping(call()))).toMatch(/^lost: it does not answer in HTTP/);
    server.close();
  });

  test.each([
    [{ status: 400, message: 'Client sent an HTTP request to an HTTPS server.' }, /^refused: .*set tls in the profile/],
    [{ status: 403, message: 'authorization denied by plugin' }, /^forbidden: authorization denied by plugin/],
    [
      {
        status: 503,
        message:
          'This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster.',
      },
      /^failed: This node is not a swarm manager\. Manager is being prepared/,
    ],
    [{ status: 500, body: '{}' }, /^failed: HTTP status 500$/],
    [{ status: 500, body: '' }, /^failed: HTTP status 500$/],
    [{ status: 500, message: 'no \u001b[31m for token=hunter2hunter2' }, /^failed: no ␛\[31m for token=\*+$/],
  ])('that is a yes: %j', async (fault, told) => {
    scripted.faults.set('/services', fault);
    expect(await failure((await open({ host: scripted.host })).get('/services', {}, call()))).toMatch(told);
  });
});

describe('TLS', () => {
  const pem = (name: string) => fileURLToPath(new URL(`fixtures/tls/${name}.pem`, import.meta.url));
  const server = createTls(
    {
      cert: readFileSync(pem('server-cert')),
      key: readFileSync(pem('server-key')),
      ca: readFileSync(pem('ca')),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (_, response) => response.end('[]'),
  );
  let host: string;
  beforeEach(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const ours = { cert: pem('cert'), key: pem('key') };

  test('both sides verified', async () => {
    const engine = await open({ host, tls: { ...ours, ca: pem('ca') } });
    expect(await engine.get('/services', {}, call())).toEqual([]);
  });

  test('an authority that is not trusted is refused, unless that is wanted', async () => {
    expect(await failure((await open({ host, tls: ours })).ping(call()))).toMatch(
      /^refused: its TLS certificate .* \(look at tls in the profile/,
    );
    await expect((await open({ host, tls: { ...ours, verify: false } })).ping(call())).resolves.toBeUndefined();
  });

  test('without a certificate of ours it says no', async () => {
    const engine = await open({ host, tls: { ca: pem('ca') } });
    expect(await failure(engine.ping(call()))).toMatch(/^(refused|lost): /);
  });
});

describe('ssh', () => {
  /** Stands in for ssh: it writes down its arguments and does what `docker system dial-stdio` does at the other end. */
  function fakeSsh(body: string): void {
    const path = join(folder, 'ssh');
    writeFileSync(path, `#!${process.execPath}\n${body}`);
    chmodSync(path, 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  }
  const bridge = () => `
    require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify(process.argv.slice(2)) + '\\n');
    const socket = require('node:net').connect(${scripted.port}, '127.0.0.1');
    process.stdin.pipe(socket).pipe(process.stdout);
    socket.on('close', () => process.exit(0));`;
  const calls = () =>
    readFileSync(join(folder, 'calls'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));

  test('one connection carries many questions, and one more the events', async () => {
    fakeSsh(bridge());
    const engine = await open({ host: 'ssh://ops@m1:2222/run/d.sock' });
    for (let i = 0; i < 5; i++) expect(await engine.get('/services', {}, call())).toHaveLength(1);
    const stream = await engine.open('/events', {}, call());
    scripted.emit({ Type: 'service' });
    const chunk = await new Promise(resolve => stream.once('data', resolve));
    expect(String(chunk)).toBe('{"Type":"service"}\n');
    await engine.ping(call());
    expect(calls()).toHaveLength(2);
    expect(calls()[0]).toEqual([
      ...['BatchMode=yes', 'ConnectTimeout=10', 'ServerAliveInterval=5', 'ServerAliveCountMax=2'].flatMap(o => [
        '-o',
        o,
      ]),
      ...[
        '-T',
        '-l',
        'ops',
        '-p',
        '2222',
        '--',
        'm1',
        'docker',
        '--host',
        "'unix:///run/d.sock'",
        'system',
        'dial-stdio',
      ],
    ]);
    engine.close();
    await vi.waitFor(() => expect(scripted.streams).toBe(0));
  });

  test.each([
    ['Host key verification failed.', 255, /^refused: Host key verification failed\. \(look at its key once/],
    ['ops@m1: Permission denied (publickey).', 255, /^refused: .*\(publickey\)\. \(load a key with ssh-add/],
    ['bash: line 1: docker: command not found', 127, /^refused: .*command not found \(the docker command must/],
    [
      'ssh: connect to host m1 port 22: Connection refused',
      255,
      /^lost: ssh: connect to host m1 port 22: Connection refused$/,
    ],
    ['', 255, /^lost: ssh ended with 255$/],
  ])('what ssh says is the reason: %s', async (words, code, told) => {
    fakeSsh(
      `process.stderr.write(${JSON.stringify(`Warning: added to known hosts.\n${words}\n`)}); process.exitCode = ${code};`,
    );
    if (words === '') fakeSsh(`process.exitCode = ${code};`);
    expect(await failure((await open({ host: 'ssh://ops@m1' })).ping(call()))).toMatch(told);
  });

  test('no ssh at all', async () => {
    vi.stubEnv('PATH', folder);
    expect(await failure((await open({ host: 'ssh://ops@m1' })).ping(call()))).toBe(
      'refused: no such command: ssh (install the OpenSSH client)',
    );
  });
});
