import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createHttp } from '../../../src/sources/http/index.ts';
import { HttpOptions } from '../../../src/sources/http/options.ts';
import type { Source } from '../../../src/sources/source.ts';
import { freePort } from '../../helpers/postgres-server.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
const running: Source[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(source => source.stop()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function listen(server: Pick<Server, 'listen' | 'address' | 'close'>): Promise<string> {
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = async (answer: RequestListener) => `http://${await listen(createServer(answer))}`;

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const serveTls = async (cert: string) =>
  `https://${await listen(createTlsServer({ key: fixture('key.pem'), cert }, (_request, response) => response.end('ok')))}`;

function watch(check: Record<string, unknown>): RecordingSink {
  const options = HttpOptions.parse({ kind: 'http', everySeconds: 1, checks: [{ name: 'it', ...check }] });
  const source = createHttp('web', options);
  const sink = new RecordingSink();
  running.push(source);
  source.start(sink);
  return sink;
}

const it = (sink: RecordingSink) => sink.get('check', 'web/check/it');

async function answerOf(check: Record<string, unknown>) {
  const sink = watch(check);
  const asked = () => it(sink)?.status !== null || it(sink)?.failure !== null;
  await vi.waitFor(() => expect(asked()).toBe(true), 10_000);
  return it(sink);
}

describe('an endpoint that is well', () => {
  test('has a status and a latency', async () => {
    const url = await serve((_request, response) => response.end('{"status":"healthy"}'));
    const sink = watch({ url, contains: 'healthy' });
    expect(it(sink)).toMatchObject({ status: null, latencyMs: null, failure: null });
    await vi.waitFor(() => expect(it(sink)).toMatchObject({ status: 200, failure: null }), 5_000);
    await vi.waitFor(() => expect(it(sink)?.latencyMs).toBeGreaterThan(0), 20_000);
    expect(sink.phase).toBe('live');
    expect(sink.events).toEqual([]);
  });

  test('has no latency where this process was kept from looking, and no fault either', async () => {
    const url = await serve((_request, response) => response.end());
    const sink = watch({ url, timeoutMs: 200 });
    const until = performance.now() + 600;
    while (performance.now() < until);
    await vi.waitFor(() => expect(it(sink)?.status).toBe(200), 5_000);
    expect(it(sink)).toMatchObject({ latencyMs: null, failure: null });
  });

  test('is asked with the method and the Host header of the profile', async () => {
    const asked: unknown[] = [];
    const url = await serve((request, response) => {
      asked.push([request.method, request.headers.host]);
      response.end();
    });
    expect(await answerOf({ url, method: 'HEAD', host: 'acme.example' })).toMatchObject({ status: 200, failure: null });
    expect(asked[0]).toEqual(['HEAD', 'acme.example']);
  });

  test('may answer what the profile expects', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/web/login' }).end());
    expect(await answerOf({ url, expectStatus: [301, 302] })).toMatchObject({ status: 302, failure: null });
    expect(await answerOf({ url })).toMatchObject({ status: 302, failure: 'status 302: it points to /web/login' });
  });

  test('may have any certificate where the profile says so', async () => {
    expect(await answerOf({ url: await serveTls(fixture('expired.pem')), insecure: true })).toMatchObject({
      status: 200,
      failure: null,
    });
  });
});

describe('an endpoint that fails says why', () => {
  test('connection refused', async () => {
    const sink = watch({ url: `http://127.0.0.1:${await freePort()}/health` });
    await vi.waitFor(() => expect(it(sink)?.failure).toBe('connection refused'), 5_000);
    expect(it(sink)).toMatchObject({ status: null, latencyMs: null });
  });

  test('a status, with what a plain body says', async () => {
    const url = await serve((_request, response) => {
      response
        .writeHead(503, { 'content-type': 'application/json' })
        .end('{"detail": "database \\u001b[2J unreachable"}\n');
    });
    expect(await answerOf({ url })).toMatchObject({
      status: 503,
      failure: 'status 503: {"detail": "database \\u001b[2J unreachable"}',
    });
    const html = await serve((_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad</h1>'),
    );
    expect((await answerOf({ url: html }))?.failure).toBe('status 502');
  });

  test('a body that lacks what it should have', async () => {
    const url = await serve((_request, response) => response.end('starting'));
    expect((await answerOf({ url, contains: 'healthy' }))?.failure).toBe('the body lacks "healthy"');
  });

  test('silence, before and inside the answer', async () => {
    const silent = await listen(createTcpServer(() => {}) as never);
    expect((await answerOf({ url: `http://${silent}`, timeoutMs: 200 }))?.failure).toBe('no answer within 0.2 s');
    const half = await serve((_request, response) => response.write('half'));
    expect((await answerOf({ url: half, timeoutMs: 200 }))?.failure).toBe('no answer within 0.2 s');
  });

  test('something that is not HTTP', async () => {
    const other = await listen(createTcpServer(socket => socket.end('SSH-2.0-OpenSSH_9\r\n')) as never);
    expect((await answerOf({ url: `http://${other}` }))?.failure).toMatch(/^it does not answer in HTTP/);
  });

  test('certificates', async () => {
    expect((await answerOf({ url: await serveTls(fixture('self-signed.pem')) }))?.failure).toBe(
      'its TLS certificate is self-signed',
    );
    const usual = getCACertificates('default');
    setDefaultCACertificates([...usual, fixture('expired.pem'), fixture('self-signed.pem')]);
    try {
      expect((await answerOf({ url: await serveTls(fixture('expired.pem')) }))?.failure).toBe(
        'its TLS certificate has expired',
      );
      expect(
        (await answerOf({ url: await serveTls(fixture('self-signed.pem')), host: 'acme.example' }))?.failure,
      ).toMatch(/^its TLS certificate is for another name/);
    } finally {
      setDefaultCACertificates(usual);
    }
  });
});

test('what changes is told once', async () => {
  let status = 200;
  const url = await serve((_request, response) => response.writeHead(status).end());
  const sink = watch({ url });
  const [source] = running;
  await vi.waitFor(() => expect(it(sink)?.status).toBe(200), 5_000);
  status = 500;
  await vi.waitFor(() => expect(it(sink)?.failure).toBe('status 500'), 5_000);
  const asked = source?.requests ?? 0;
  await vi.waitFor(() => expect(source?.requests).toBeGreaterThan(asked + 1), 5_000);
  status = 200;
  await vi.waitFor(() => expect(it(sink)?.failure).toBeNull(), 5_000);
  expect(sink.events.map(({ reason, severity, message }) => [reason, severity, message])).toEqual([
    ['failed', 'bad', 'status 500'],
    ['recovered', 'info', 'it is well again'],
  ]);
});

describe('the source', () => {
  const start = (checks: { name: string; url: string; timeoutMs?: number }[]) => {
    const source = createHttp('web', HttpOptions.parse({ kind: 'http', everySeconds: 1, checks }));
    const sink = new RecordingSink();
    running.push(source);
    source.start(sink);
    return { source, sink };
  };
  const dead = async () => `http://127.0.0.1:${await freePort()}/`;

  test('is stale when no endpoint ever answered, and names the first failure once', async () => {
    const url = await dead();
    const { source, sink } = start([
      { name: 'api', url },
      { name: 'app', url: `http://${await listen(createTcpServer(() => {}) as never)}`, timeoutMs: 200 },
    ]);
    await vi.waitFor(() => expect(sink.phase).toBe('stale'), 5_000);
    expect(sink.trouble).toEqual({
      what: 'ask api',
      on: url,
      why: 'connection refused, and none of the 2 endpoints answers',
      fix: expect.stringContaining('network'),
    });
    await vi.waitFor(() => expect(source.requests).toBeGreaterThan(4), 5_000);
    expect(sink.proofs).toBe(0);
    expect(sink.states.filter(({ phase }) => phase === 'stale')).toHaveLength(1);
    expect(sink.get('check', 'web/check/app')?.failure).toBe('no answer within 0.2 s');
  });

  test('is live while one answers, be it with an error', async () => {
    const url = await serve((_request, response) => response.writeHead(503).end());
    const { source, sink } = start([
      { name: 'api', url: await dead() },
      { name: 'app', url },
    ]);
    await vi.waitFor(() => expect(source.requests).toBeGreaterThan(3), 5_000);
    await vi.waitFor(() => expect(sink.get('check', 'web/check/api')?.failure).toBe('connection refused'), 5_000);
    expect(sink.phase).toBe('live');
    expect(sink.states.some(({ phase }) => phase === 'stale')).toBe(false);
  });

  test('is stale when the last one falls silent, and live again when it is back', async () => {
    let silent = false;
    const url = await serve((request, response) => (silent ? request.socket.destroy() : response.end()));
    const { sink } = start([{ name: 'api', url }]);
    await vi.waitFor(() => expect(sink.phase).toBe('live'), 5_000);
    silent = true;
    await vi.waitFor(() => expect(sink.phase).toBe('stale'), 5_000);
    expect(sink.trouble?.why).not.toBe('');
    silent = false;
    await vi.waitFor(() => expect(sink.phase).toBe('live'), 5_000);
    expect(sink.trouble).toBeNull();
  });
});

test('a check that never answers keeps no other waiting, and ends with the source', async () => {
  const silent = await listen(createTcpServer(() => {}) as never);
  const url = await serve((_request, response) => response.end());
  const checks = [
    { name: 'silent', url: `http://${silent}`, timeoutMs: 60_000 },
    { name: 'well', url },
  ];
  const source = createHttp('web', HttpOptions.parse({ kind: 'http', everySeconds: 1, checks }));
  const sink = new RecordingSink();
  source.start(sink);
  await vi.waitFor(() => expect(sink.get('check', 'web/check/well')?.status).toBe(200), 5_000);
  await source.stop();
  expect(sink.get('check', 'web/check/silent')?.failure).toBeNull();
});

test('options name what is wrong with them', () => {
  const problems = (checks: unknown) => {
    const result = HttpOptions.safeParse({ kind: 'http', checks });
    return result.error?.issues.map(issue => issue.message) ?? [];
  };
  expect(problems([{ name: 'a', url: 'http://ops:secret@example.org/' }])).toEqual([
    expect.stringContaining('password'),
  ]);
  expect(problems([{ name: 'a', url: 'ftp://example.org/' }])).toEqual([expect.stringContaining('http://')]);
  expect(
    problems([
      { name: 'a', url: 'http://a' },
      { name: 'a', url: 'http://b' },
    ]),
  ).toEqual(['each check needs a name of its own']);
});
