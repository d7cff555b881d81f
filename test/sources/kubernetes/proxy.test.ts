import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeCertificate } from '../../../src/demo/certificate.ts';
import { wasSent } from '../../../src/sources/client.ts';
import { Api } from '../../../src/sources/kubernetes/api.ts';
import { TIMING } from '../../../src/sources/kubernetes/timing.ts';
import { troubleOf } from '../../../src/sources/kubernetes/trouble.ts';
import { oneCluster, trusting } from '../../helpers/one-cluster.ts';
import { connectProxy, socksProxy } from '../../helpers/proxies.ts';

const { signal } = new AbortController();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serverOf(scheme: string) {
  const certificate = makeCertificate(Date.now());
  const answer: http.RequestListener = (_, response) => response.end('[]');
  const server = scheme === 'https' ? https.createServer(certificate, answer) : http.createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return { url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, cert: certificate.cert };
}

async function apiOver(proxy: string, { url, cert }: { url: string; cert: string }): Promise<Api> {
  const { kubeconfig, remove } = oneCluster({ server: url, 'proxy-url': proxy, ...trusting(cert) });
  ends.push(remove);
  const api = await Api.open({ kind: 'kubernetes', kubeconfig }, { ...TIMING, credentialsMs: 0 }, signal);
  ends.push(() => api.close());
  return api;
}

const told = async (asking: Promise<unknown>) => {
  const error = await asking.then(
    () => null,
    (error: unknown) => error,
  );
  return { sent: wasSent(error), ...troubleOf(error, 'watch', 'lab') };
};

test.for([
  ['http', connectProxy],
  ['https', connectProxy],
  ['http', socksProxy],
  ['https', socksProxy],
] as const)('one way through a proxy serves many questions to a server of %s', async ([scheme, open]) => {
  const proxy = await open();
  ends.push(() => proxy.close());
  const api = await apiOver(proxy.url, await serverOf(scheme));
  for (let asked = 0; asked < 5; asked++) expect(await api.json('/readyz', signal)).toEqual([]);
  expect(proxy.tunnels).toBe(1);
});

test.for([connectProxy, socksProxy])('a proxy that is down is named, without its password', async open => {
  const proxy = await open();
  const api = await apiOver(proxy.url, await serverOf('https'));
  await proxy.close();
  const { sent, why, fix } = await told(api.json('/readyz', signal));
  const address = proxy.url.replace(/[^/]+@/, '');
  expect(why).toMatch(`no way through the proxy ${address}: `);
  expect(why).toMatch(/refused/i);
  expect(why).not.toContain('hunter2');
  expect(fix).toContain('proxy-url');
  expect(sent).toBe(false);
});

test('a proxy that refuses is named, and what it was to pass on was not sent', async () => {
  const proxy = await connectProxy({ status: 503 });
  ends.push(() => proxy.close());
  const api = await apiOver(proxy.url, await serverOf('https'));
  const { sent, why } = await told(api.json({ path: '/pods', method: 'POST', body: '{}' }, signal));
  expect(why).toMatch(/^no way through the proxy http:\/\/127.0.0.1:\d+: .*503/);
  expect(sent).toBe(false);
});

test('a proxy that is silent holds up what it was asked for, until that is given up, and nothing else', async () => {
  const proxy = await connectProxy({ silent: 1 });
  ends.push(() => proxy.close());
  const api = await apiOver(proxy.url, await serverOf('https'));
  const first = new AbortController();
  const asking = api.json('/readyz', first.signal);
  expect(await api.json('/readyz', signal)).toEqual([]);
  first.abort(new Error('given up'));
  await expect(asking).rejects.toThrow('given up');
});

test('a name is found by a SOCKS proxy, as kubectl has it, which may know what this machine does not', async () => {
  const proxy = await socksProxy();
  ends.push(() => proxy.close());
  const { url, cert } = await serverOf('https');
  const api = await apiOver(proxy.url, { url: url.replace('127.0.0.1', 'localhost'), cert });
  expect(await api.json('/readyz', signal)).toEqual([]);
  expect(proxy.hosts).toEqual(['localhost']);
});

test('an empty proxy-url is none', async () => {
  const api = await apiOver('', await serverOf('https'));
  expect(await api.json('/readyz', signal)).toEqual([]);
});

test('a proxy of no known kind is told', async () => {
  const api = await apiOver('ftp://127.0.0.1:1', await serverOf('https'));
  expect(await told(api.json('/readyz', signal))).toMatchObject({
    on: 'ftp://127.0.0.1:1',
    fix: expect.stringContaining('socks5'),
  });
});
