import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
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

test('many questions at once make one connection that proves who both are, and others that resume it', async () => {
  const certificate = makeCertificate(Date.now());
  const server = https.createServer(certificate, (_, response) => response.end('[]'));
  const resumed: boolean[] = [];
  server.on('secureConnection', socket => resumed.push(socket.isSessionReused()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), 'qd-api-'));
  const kubeconfig = join(folder, 'config');
  const trusted = { 'certificate-authority-data': Buffer.from(certificate.cert).toString('base64') };
  const config = {
    'current-context': 'lab',
    clusters: [{ name: 'c', cluster: { server: `https://127.0.0.1:${port}`, ...trusted } }],
    contexts: [{ name: 'lab', context: { cluster: 'c', user: 'ops' } }],
    users: [{ name: 'ops', user: { token: 'x' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const { signal } = new AbortController();
  const api = await Api.open({ kind: 'kubernetes', kubeconfig }, TIMING, signal);
  await Promise.all(Array.from({ length: 8 }, () => api.json('/readyz', signal)));
  expect(resumed[0]).toBe(false);
  expect(resumed.slice(1)).not.toContain(false);
  expect(resumed.length).toBeGreaterThan(1);
  api.close();
  server.close();
  rmSync(folder, { recursive: true });
});
