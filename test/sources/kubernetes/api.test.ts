import { once } from 'node:events';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../../src/demo/certificate.ts';
import { Api } from '../../../src/sources/kubernetes/api.ts';
import { TIMING } from '../../../src/sources/kubernetes/timing.ts';
import { oneCluster, trusting } from '../../helpers/one-cluster.ts';
import { closesUsed } from '../closes-used.ts';

test('a read is asked once more where a kept connection was closed meanwhile; what changes something is not', async () => {
  const server = await closesUsed();
  const { kubeconfig, remove } = oneCluster({ server: `http://127.0.0.1:${server.port}` });
  const { signal } = new AbortController();
  const api = await Api.open({ kind: 'kubernetes', kubeconfig }, TIMING, signal);
  expect([await api.json('/readyz', signal), await api.json('/readyz', signal)]).toEqual([[], []]);
  await expect(api.json({ path: '/pods', method: 'POST', body: '{}' }, signal)).rejects.toThrow('hang up');
  expect(server.asked).toEqual(['GET', 'GET', 'GET', 'POST']);
  expect(api.requests).toBe(4);
  api.close();
  server.close();
  remove();
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
  const { kubeconfig, remove } = oneCluster({
    server: `https://127.0.0.1:${(door.address() as AddressInfo).port}`,
    ...trusting(certificate.cert),
  });
  const { signal } = new AbortController();
  const api = await Api.open({ kind: 'kubernetes', kubeconfig }, TIMING, signal);
  const close = () => {
    api.close();
    door.close();
    remove();
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
