import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { execInPod, runInContainer, runInPod } from '../../src/sources/exec-read.ts';
import { Permit } from '../../src/sources/permit.ts';
import { type Channels, podChannels } from '../helpers/pod-channels.ts';

const ARGV = ['getfattr', '-n', 'ceph.dir.rbytes', '/mnt/a b'];
const SUCCESS = JSON.stringify({ status: 'Success' });
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function pod(open: (channels: Channels) => void, options: Parameters<typeof podChannels>[1] = {}, at = {}) {
  const server = await podChannels(open, options);
  closing.push(server.close);
  const run = runInPod({ kubeconfig: server.kubeconfig, namespace: 'saas', pod: 'toolbox', ...at });
  return { server, run };
}

describe('in a pod', () => {
  test('a command runs with its arguments as they are, and its output comes back', async () => {
    const { run, server } = await pod(
      ({ send }) => {
        send(1, Buffer.from('é').subarray(0, 1));
        send(1, Buffer.from('é').subarray(1));
        send(2, 'a warning');
        send(3, SUCCESS);
      },
      {},
      { container: 'tools' },
    );
    expect(await run(ARGV, { deadlineMs: 5_000 })).toEqual({
      code: 0,
      stdout: 'é',
      stderr: 'a warning',
      timedOut: false,
    });
    const url = new URL(server.asked[0] ?? '', 'http://api');
    expect(url.pathname).toBe('/api/v1/namespaces/saas/pods/toolbox/exec');
    expect(url.searchParams.getAll('command')).toEqual(ARGV);
    expect(url.searchParams.get('container')).toBe('tools');
    expect(url.searchParams.get('stdin')).toBeNull();
  });

  test('what changes something takes a permit, and reading goes on without one', async () => {
    const { server } = await pod(({ send }) => send(3, SUCCESS));
    const { run, change } = execInPod({ kubeconfig: server.kubeconfig, namespace: 'saas', pod: 'toolbox' });
    const permit = Permit.issue();
    const options = { deadlineMs: 5_000 };
    expect(await change(permit, ['sh', '-c', 'true'], options)).toMatchObject({ code: 0 });
    permit.end();
    await expect(change(permit, ['sh', '-c', 'true'], options)).rejects.toThrow('has ended');
    await expect(run(['sh', '-c', 'true'], options)).rejects.toThrow('not a reading command');
    expect(server.asked).toHaveLength(1);
    expect(await run(ARGV, options)).toMatchObject({ code: 0 });
  });

  test('its exit code is told', async () => {
    const status = {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '2' }] },
    };
    const { run } = await pod(({ send }) => {
      send(2, 'no such file');
      send(3, JSON.stringify(status));
    });
    expect(await run(ARGV, { deadlineMs: 5_000 })).toMatchObject({ code: 2, stderr: 'no such file', timedOut: false });
  });

  test('an exit code that is told only in a sentence counts too', async () => {
    const message = 'error executing command in container: cmd wait: psql -X: exit status 2';
    const { run } = await pod(({ send }) =>
      send(3, JSON.stringify({ status: 'Failure', reason: 'InternalError', message })),
    );
    expect(await run(ARGV, { deadlineMs: 5_000 })).toMatchObject({ code: 2 });
  });

  test('what cannot be started is a Trouble with the words of the system', async () => {
    const status = {
      status: 'Failure',
      reason: 'InternalError',
      message: 'exec: "getfattr": executable file not found',
    };
    const { run } = await pod(({ send }) => send(3, JSON.stringify(status)));
    await expect(run(ARGV, { deadlineMs: 5_000 })).rejects.toMatchObject({
      trouble: { what: 'run getfattr', why: status.message },
    });
  });

  test.each([
    [403, /not allowed \(403\)/],
    [401, /token has expired/],
    [404, /no such pod/],
    [500, /answered 500/],
  ])('the API server’s %i is put into words', async (status, words) => {
    const { run } = await pod(() => {}, { refuse: () => status });
    await expect(run(ARGV, { deadlineMs: 5_000 })).rejects.toMatchObject({
      trouble: { on: 'pod toolbox in saas of lab', why: expect.stringMatching(words) },
    });
  });

  test('silence ends at the deadline, with what was read until then; so does a server that never upgrades', async () => {
    let closed = 0;
    const { run } = await pod(({ send, closed: onClosed }) => {
      send(1, 'half');
      onClosed(() => closed++);
    });
    expect(await run(ARGV, { deadlineMs: 300 })).toEqual({ code: null, stdout: 'half', stderr: '', timedOut: true });
    await expect.poll(() => closed).toBe(1);
    const silent = await pod(() => {}, { refuse: () => null });
    expect(await silent.run(ARGV, { deadlineMs: 300 })).toMatchObject({ code: null, timedOut: true });
  });

  test('a caller that lets go gets its answer at once', async () => {
    const { run } = await pod(() => {});
    const letGo = new AbortController();
    const result = run(ARGV, { deadlineMs: 60_000, signal: letGo.signal });
    letGo.abort();
    expect(await result).toMatchObject({ code: null, timedOut: false });
  });

  test('a connection that breaks has no exit code', async () => {
    const { run } = await pod(({ close }) => close());
    expect(await run(ARGV, { deadlineMs: 5_000 })).toMatchObject({ code: null, timedOut: false });
  });

  test('the pod can be found by its labels, once', async () => {
    const named = (name: string, ready: string) => ({
      metadata: { name },
      status: { conditions: [{ type: 'Ready', status: ready }] },
    });
    const pods = [named('not-ready', 'False'), named('toolbox-7', 'True')];
    const { run, server } = await pod(
      ({ send }) => send(3, SUCCESS),
      { pods },
      { pod: undefined, selector: 'app=toolbox' },
    );
    await run(ARGV, { deadlineMs: 5_000 });
    await run(ARGV, { deadlineMs: 5_000 });
    expect(server.asked.map(path => path.split('?')[0])).toEqual([
      '/api/v1/namespaces/saas/pods',
      '/api/v1/namespaces/saas/pods/toolbox-7/exec',
      '/api/v1/namespaces/saas/pods/toolbox-7/exec',
    ]);
    const none = await pod(
      () => {},
      { pods: [named('not-ready', 'False')] },
      { pod: undefined, selector: 'app=toolbox' },
    );
    await expect(none.run(ARGV, { deadlineMs: 5_000 })).rejects.toThrow('none of 1 pods is ready');
  });

  test('nothing is sent for a command that is not known to read', async () => {
    const { run, server } = await pod(({ send }) => send(3, SUCCESS));
    for (const argv of [['sh', '-c', 'true'], ['rm', '/x'], ['find', '/x', '-delete'], []]) {
      await expect(run(argv, { deadlineMs: 5_000 })).rejects.toThrow('not a reading command');
    }
    expect(server.asked).toEqual([]);
  });
});

type Engine = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function engine(answer: Engine) {
  const asked: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push({ path: request.url ?? '', body });
      answer(request, response, body);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** The engine's stream without a terminal: 8 bytes before each piece, the first of them 1 or 2. */
function frame(stream: number, text: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

const execs: Engine = (request, response) => {
  const path = request.url?.replace(/^\/+(v[\d.]+\/)?/, '/') ?? '';
  if (path.startsWith('/containers/json')) return json(response, [{ Id: 'c0ffee' }]);
  if (path === '/containers/c0ffee/exec') return json(response, { Id: 'e1' }, 201);
  if (path === '/exec/e1/start') {
    response.writeHead(200, { 'content-type': 'application/vnd.docker.raw-stream' });
    return response.end(Buffer.concat([frame(1, 'out'), frame(2, 'err')]));
  }
  if (path === '/exec/e1/json') return json(response, { ExitCode: 3 });
  return json(response, { message: 'no such thing' }, 404);
};

describe('in a container', () => {
  test('a command runs in the task of a service that is on this engine', async () => {
    const { host, asked } = await engine(execs);
    const run = runInContainer({ host, service: 'saas_postgres' });
    expect(await run(ARGV, { deadlineMs: 5_000 })).toEqual({ code: 3, stdout: 'out', stderr: 'err', timedOut: false });
    expect(decodeURIComponent(asked[0]?.path ?? '')).toContain('com.docker.swarm.service.name=saas_postgres');
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ Cmd: ARGV, AttachStdout: true, AttachStderr: true });
    expect(asked[1]?.body).not.toMatch(/Privileged"?:true|AttachStdin"?:true/);
  });

  test('a task on another engine is told with the name of its node', async () => {
    const { host } = await engine((request, response) => {
      if (request.url?.includes('/tasks')) return json(response, [{ NodeID: 'n2', Status: { State: 'running' } }]);
      if (request.url?.includes('/nodes')) return json(response, [{ ID: 'n2', Description: { Hostname: 'worker-2' } }]);
      if (request.url?.includes('/info')) return json(response, { Swarm: { NodeID: 'n1' } });
      return json(response, []);
    });
    await expect(runInContainer({ host, service: 'db' })(ARGV, { deadlineMs: 5_000 })).rejects.toMatchObject({
      trouble: {
        on: 'service db',
        why: 'it runs on worker-2, not on this engine',
        fix: expect.stringContaining('worker-2'),
      },
    });
  });

  test('a task that is said to run here, without a container, is not there', async () => {
    const { host } = await engine((request, response) => {
      if (request.url?.includes('/tasks')) return json(response, [{ NodeID: 'n1', Status: { State: 'running' } }]);
      if (request.url?.includes('/info')) return json(response, { Swarm: { NodeID: 'n1' } });
      return json(response, []);
    });
    const result = runInContainer({ host, service: 'db' })(ARGV, { deadlineMs: 5_000 });
    await expect(result).rejects.toMatchObject({
      name: 'NotThere',
      trouble: { why: expect.stringContaining('does not run') },
    });
  });

  test('an engine that is no manager cannot tell where it runs, and says that', async () => {
    const { host } = await engine((request, response) => {
      if (request.url?.includes('/containers')) return json(response, []);
      return json(response, { message: 'This node is not a swarm manager.' }, 503);
    });
    await expect(runInContainer({ host, service: 'db' })(ARGV, { deadlineMs: 5_000 })).rejects.toThrow('no manager');
  });

  test.each([
    [404, 'there is no such service'],
    [200, 'no task of it is running'],
  ])('a service without a task is not there (%i)', async (status, words) => {
    const { host } = await engine((request, response) => {
      if (request.url?.includes('/tasks') && status !== 200) return json(response, { message: 'no' }, status);
      return json(response, []);
    });
    const result = runInContainer({ host, service: 'db' })(ARGV, { deadlineMs: 5_000 });
    await expect(result).rejects.toMatchObject({ name: 'NotThere', trouble: { why: words } });
  });

  test('silence ends at the deadline', async () => {
    const { host } = await engine((request, response) => {
      if (request.url?.endsWith('/start')) return void response.writeHead(200).write(frame(1, 'half'));
      return execs(request, response, '');
    });
    expect(await runInContainer({ host, container: 'c0ffee' })(ARGV, { deadlineMs: 300 })).toEqual({
      code: null,
      stdout: 'half',
      stderr: '',
      timedOut: true,
    });
    const silent = await engine(() => {});
    expect(await runInContainer({ host: silent.host, service: 'db' })(ARGV, { deadlineMs: 300 })).toMatchObject({
      code: null,
      timedOut: true,
    });
  });

  test('a container that is gone is a Trouble', async () => {
    const { host } = await engine((_request, response) => json(response, { message: 'No such container: x' }, 404));
    await expect(runInContainer({ host, container: 'x' })(ARGV, { deadlineMs: 5_000 })).rejects.toMatchObject({
      trouble: { on: 'container x', why: expect.stringContaining('No such container') },
    });
  });

  test('nothing is sent for a command that is not known to read', async () => {
    const { host, asked } = await engine(execs);
    await expect(
      runInContainer({ host, container: 'c0ffee' })(['psql', '-c', 'select 1'], { deadlineMs: 5_000 }),
    ).rejects.toThrow('not a reading command');
    expect(asked).toEqual([]);
  });
});
