import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../../src/demo/certificate.ts';
import { Api } from '../../../src/sources/kubernetes/api.ts';
import { TIMING } from '../../../src/sources/kubernetes/timing.ts';
import { closesUsed } from '../closes-used.ts';

test('a read is asked once more where a kept connection was closed meanwhile; what changes something is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qd-api-'));
  const server = await closesUsed();
  const kubeconfig = join(folder, 'config');
  const config = {
    'current-context': 'lab',
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${server.port}` } }],
    contexts: [{ name: 'lab', context: { cluster: 'c', user: 'ops' } }],
    users: [{ name: 'ops', user: { token: 'x' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const { signal } = new AbortController();
  const api = await Api.open({ kind: 'kubernetes', kubeconfig }, TIMING, signal);
  expect([await api.json('/readyz', signal), await api.json('/readyz', signal)]).toEqual([[], []]);
  await expect(api.json({ path: '/pods', method: 'POST', body: '{}' }, signal)).rejects.toThrow('hang up');
  expect(server.asked).toEqual(['GET', 'GET', 'GET', 'POST']);
  expect(api.requests).toBe(4);
  api.close();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Over TLS; `silent` of the first connections to it are accepted, and nobody answers there. */
async function secureApi({ silent = 0 } = {}) {
  const certificate = makeCertificate(Date.now());
  const server = https.createServer(certificate, (_, response) => response.end('[]'));
  const resumed: boolean[] = [];
  server.on('secureConnection', socket => resumed.push(socket.isSessionReused()));
  let connections = 0;
  const door = net.createServer(socket => {
    socket.on('error', () => {});
    if (connections++ >= silent) server.emit('connection', socket);
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'qd-api-'));
  const kubeconfig = join(folder, 'config');
  const config = {
    'current-context': 'lab',
    clusters: [
      {
        name: 'c',
        cluster: {
          server: `https://127.0.0.1:${(door.address() as AddressInfo).port}`,
          'certificate-authority-data': Buffer.from(certificate.cert).toString('base64'),
        },
      },
    ],
    contexts: [{ name: 'lab', context: { cluster: 'c', user: 'ops' } }],
    users: [{ name: 'ops', user: { token: 'x' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const { signal } = new AbortController();
  const api = await Api.open({ kind: 'kubernetes', kubeconfig }, TIMING, signal);
  const close = () => {
    api.close();
    door.close();
    rmSync(folder, { recursive: true });
  };
  return { api, signal, resumed, close };
}

test('many questions at once make one connection that proves who both are, and others that resume it', async () => {
  const { api, signal, resumed, close } = await secureApi();
  await Promise.all(Array.from({ length: 8 }, () => api.json('/readyz', signal)));
  expect(resumed[0]).toBe(false);
  expect(resumed.slice(1)).not.toContain(false);
  expect(resumed.length).toBeGreaterThan(1);
  close();
});

test('a first connection on which nobody answers holds up no other question', async () => {
  const { api, signal, close } = await secureApi({ silent: 1 });
  const first = new AbortController();
  const asking = api.json('/readyz', first.signal);
  expect(await api.json('/readyz', signal)).toEqual([]);
  first.abort(new Error('given up'));
  await expect(asking).rejects.toThrow('given up');
  close();
});
