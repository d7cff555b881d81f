import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
