import { expect, test, vi } from 'vitest';
import { landmarksOf } from '../../../src/model/reveal.ts';
import { createKubernetes } from '../../../src/sources/kubernetes/index.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';
import { type Answer, json, pod, status } from './fake-api.ts';
import { startApi, until, watch } from './harness.ts';

test('it is live by an answer to a question of its own, and names what it speaks to', async () => {
  const api = await startApi();
  const { sink } = watch(api);
  expect(sink.phase).toBeNull();
  await until(() => sink.phase === 'live' && sink.target?.includes('v1'));
  expect(sink.states[0]).toMatchObject({ phase: 'connecting' });
  expect(sink.target).toBe('lab · v1.35.4 · as ops');
  const before = sink.proofs;
  await until(() => sink.proofs > before + 3);
  expect(api.count('readyz')).toBeGreaterThan(4);
});

test('nothing is asked, loaded or told before start', async () => {
  const api = await startApi();
  const source = createKubernetes('prod', { kind: 'kubernetes', kubeconfig: api.kubeconfig });
  expect(source.requests).toBe(0);
  await source.stop();
  expect(api.asked).toEqual([]);
});

test.each([
  [200, 'live'],
  [500, 'live'],
  [403, 'live'],
  [404, 'live'],
  [503, 'stale'],
  [504, 'stale'],
])('HTTP %d from readyz: %s', async (code, phase) => {
  const api = await startApi();
  api.answers.set('readyz', (_asked, response) => status(response, code, 'words'));
  const { sink } = watch(api);
  await until(() => sink.phase === phase);
  if (phase === 'stale') expect(sink.trouble?.fix).toContain('API server');
});

test('nobody there: connecting at first, then stale with words; and live as soon as somebody answers', async () => {
  const api = await startApi();
  api.writeKubeconfig('lab', { clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }] });
  const { sink } = watch(api);
  await until(() => sink.phase === 'stale');
  expect(sink.states.map(({ phase }) => phase).slice(0, 3)).toEqual(['connecting', 'connecting', 'stale']);
  expect(sink.trouble).toEqual({
    what: 'reach the API server',
    on: 'lab',
    why: 'connection refused',
    fix: 'is the API server up, and is its address in the kubeconfig right?',
  });
  expect(sink.proofs).toBe(0);
});

test('a frozen server is stale; thawed, silent watches begin anew and nothing is listed again', async () => {
  const api = await startApi();
  const { sink } = watch(api, {}, { pulseDeadlineMs: 100 });
  await until(() => sink.phase === 'live' && api.watches('pods').length === 1);
  const [open] = api.watches('pods');
  const frozen: Answer = () => {};
  api.answers.set('readyz', frozen).set('pods', frozen);
  await until(() => sink.phase === 'stale');
  expect(sink.trouble).toMatchObject({ what: 'reach the API server', why: 'no answer in time' });
  api.answers.clear();
  await until(() => sink.phase === 'live' && sink.trouble === null);
  await until(() => api.watches('pods').length === 1 && api.watches('pods')[0] !== open);
  expect(api.count('list')).toBe(12);
});

test.each([
  ['set back to a backup', true],
  ['made anew', false],
])('a server that was %s meanwhile is read anew, and what it no longer has is gone', async (_how, back) => {
  const api = await startApi();
  api.put('pods', pod('stays'));
  api.put('pods', pod('ghost'));
  const { sink } = watch(api);
  await until(() => sink.phase === 'live' && api.watches('pods').length === 1 && api.count('namespaces') === 1);
  api.answers.set('readyz', (_asked, response) => void response.destroy());
  await until(() => sink.phase === 'stale');
  api.forget('pods', 'ghost', 'shop');
  if (back) api.setBack(50);
  else api.cluster = 'cluster-2';
  api.answers.clear();
  await until(() => sink.phase === 'live' && !sink.named('replica', 'ghost'));
  expect(sink.named('replica', 'stays')).toBeDefined();
  expect(sink.events.at(-1)?.message).toBe('the server was set back or made anew: everything is read again');
  expect(api.count('list', 'pods')).toBe(2);
  await until(() => api.watches('pods').length === 1);
  api.put('pods', pod('new'));
  await until(() => sink.named('replica', 'new'));
});

test('what waits out a long backoff is asked at once when the server is back', async () => {
  const api = await startApi();
  const refuse: Answer = (_asked, response) => void response.destroy();
  const { sink } = watch(api, {}, { backoffMs: 600_000, backoffLimitMs: 600_000 });
  await until(() => sink.phase === 'live' && api.watches('pods').length === 1);
  api.answers.set('readyz', refuse).set('pods', refuse);
  for (const open of api.watches('pods')) open.destroy();
  await until(() => sink.phase === 'stale' && api.watches('pods').length === 0);
  api.answers.clear();
  await until(() => sink.phase === 'live' && api.watches('pods').length === 1);
  expect(api.count('list', 'pods')).toBe(1);
});

test('credentials that are refused are read anew; what stays refused is told so', async () => {
  const api = await startApi();
  const { sink } = watch(api);
  await until(() => sink.phase === 'live' && api.watches('pods').length === 1);
  api.token = 'token-renewed-1';
  for (const open of api.watches('pods')) open.destroy();
  await until(() => sink.phase === 'refused');
  expect(sink.trouble).toMatchObject({ what: 'reach the API server', on: 'lab', why: 'Unauthorized' });
  expect(sink.trouble?.fix).toContain('log in again');
  api.writeKubeconfig();
  await until(() => sink.phase === 'live' && api.watches('pods').length === 1);
  expect(api.count('list')).toBe(12);
});

test('renewed in time, nobody notices', async () => {
  const api = await startApi();
  const { sink } = watch(api, {}, { credentialsMs: 60_000, renewMs: 0 });
  await until(() => sink.phase === 'live');
  api.token = 'token-renewed-2';
  api.writeKubeconfig();
  const { proofs } = sink;
  await until(() => sink.proofs > proofs + 3);
  expect(sink.states.every(({ phase }) => phase !== 'refused' && phase !== 'stale')).toBe(true);
});

test('the kubeconfig that is not there is told, and found when it comes', async () => {
  const api = await startApi();
  const { sink } = watch(api, { kubeconfig: `${api.folder}/later` });
  await until(() => sink.phase === 'stale');
  expect(sink.trouble).toMatchObject({ what: 'read the kubeconfig', on: `${api.folder}/later` });
  api.writeKubeconfig();
  const { copyFileSync } = await import('node:fs');
  copyFileSync(api.kubeconfig, `${api.folder}/later`);
  await until(() => sink.phase === 'live');
});

test('a context that is not there names those that are', async () => {
  const api = await startApi();
  const { sink } = watch(api, { context: 'gone' });
  await until(() => sink.trouble !== null);
  expect(sink.trouble).toMatchObject({ why: 'there is no context gone', fix: 'take one of lab, other' });
});

test('a current context that moves is told, and not followed', async () => {
  const api = await startApi();
  const { sink } = watch(api);
  await until(() => sink.phase === 'live');
  api.writeKubeconfig('other');
  await until(() => sink.events.some(({ reason }) => reason === 'ContextMoved'));
  expect(sink.events.at(-1)?.message).toBe("kubectl's current context is other now; this stays on lab");
  expect(sink.target).toContain('lab');
  const { proofs } = sink;
  await until(() => sink.proofs > proofs);
});

test('a kubeconfig that is written anew is read anew; a context that leads elsewhere is not followed', async () => {
  const [api, elsewhere] = [await startApi(), await startApi()];
  const { sink } = watch(api, {}, { renewMs: 600_000 });
  await until(() => sink.phase === 'live');
  api.writeKubeconfig('lab', { users: [{ name: 'ops', user: { token: 'token-of-a-new-file' } }] });
  await until(() => sink.phase === 'refused');
  api.writeKubeconfig();
  await until(() => sink.phase === 'live');
  api.writeKubeconfig('lab', { clusters: [{ name: 'c', cluster: { server: elsewhere.url } }] });
  await until(() => sink.events.some(({ reason }) => reason === 'KubeconfigChanged'));
  expect(sink.events.at(-1)?.message).toBe(
    `the context leads to ${elsewhere.url} now, and led to ${api.url} at the start`,
  );
  const { proofs } = sink;
  await until(() => sink.proofs > proofs + 2);
  expect(elsewhere.asked).toEqual([]);
});

test('plain http goes to this machine only', async () => {
  const api = await startApi();
  api.writeKubeconfig('lab', { clusters: [{ name: 'c', cluster: { server: 'http://192.0.2.1:8080' } }] });
  const { sink } = watch(api);
  await until(() => sink.trouble !== null);
  expect(sink.trouble?.why).toBe('http://192.0.2.1:8080 is not encrypted');
});

test('raw reads one object, without managed fields and with its secrets masked', async () => {
  const api = await startApi();
  const web = pod('web-1');
  const env = [{ name: 'DB_PASSWORD', value: 'hunter2' }];
  api.put('pods', { ...web, metadata: { ...web.metadata, managedFields: [{}] }, spec: { containers: [{ env }] } });
  const { sink, source } = watch(api);
  await until(() => sink.phase === 'live');
  const signal = AbortSignal.timeout(5_000);
  const found = await source.raw?.('replica', 'prod/shop/pod/web-1', signal);
  expect(found).toMatchObject({
    metadata: { name: 'web-1' },
    spec: { containers: [{ env: [{ name: 'DB_PASSWORD' }] }] },
  });
  expect(JSON.stringify(found)).not.toMatch(/hunter2|managedFields/);
  expect(api.asked.at(-1)?.path).not.toContain('?');
  await expect(source.raw?.('replica', 'prod/shop/pod/gone', signal)).rejects.toMatchObject({
    trouble: { what: 'read prod/shop/pod/gone', why: 'pods "gone" not found' },
  });
  for (const id of ['other/shop/pod/web-1', 'prod/shop/secret/x', 'prod/shop/job/x', 'prod/node/n1/x', 'prod/pod/x']) {
    await expect(source.raw?.('replica', id, signal)).rejects.toThrow('no object of this source');
  }
});

test('reveal asks again and tells one value, as it is now', async () => {
  const api = await startApi();
  const withPassword = (value: string) => {
    const env = [
      { name: 'DB_PASSWORD', value },
      { name: 'TOKEN', value: 'other' },
    ];
    return { ...pod('web-1'), spec: { containers: [{ env }] } };
  };
  api.put('pods', withPassword('hunter2'));
  const { sink, source } = watch(api);
  await until(() => sink.phase === 'live');
  const signal = AbortSignal.timeout(5_000);
  const id = 'prod/shop/pod/web-1';
  const path = ['spec', 'containers', 0, 'env', 0, 'value'];
  const masked = { path, landmarks: landmarksOf(await source.raw?.('replica', id, signal), path) };
  expect(await source.reveal?.('replica', id, masked, signal)).toEqual({ text: 'hunter2', note: null });
  api.put('pods', withPassword('sesame'));
  expect(await source.reveal?.('replica', id, masked, signal)).toEqual({ text: 'sesame', note: null });
  await expect(source.reveal?.('replica', 'prod/shop/pod/gone', masked, signal)).rejects.toThrow('not found');
  expect(JSON.stringify([sink.states, sink.events, sink.lines])).not.toMatch(/hunter2|sesame/);
});

test('raw before the connection says so', async () => {
  const source = createKubernetes('prod', { kind: 'kubernetes' });
  await expect(source.raw?.('node', 'prod/node/n1', AbortSignal.timeout(1))).rejects.toThrow('not connected yet');
});

test('two sources of one cluster are two', async () => {
  const api = await startApi();
  api.put('pods', pod('web-1'));
  const first = watch(api);
  const second = createKubernetes('spare', { kind: 'kubernetes', kubeconfig: api.kubeconfig });
  const sink = new RecordingSink();
  second.start(sink);
  await vi.waitFor(() => expect(sink.named('replica', 'web-1')?.id).toBe('spare/shop/pod/web-1'), 10_000);
  await until(() => first.sink.named('replica', 'web-1')?.id === 'prod/shop/pod/web-1');
  await second.stop();
  await until(() => first.sink.proofs > 2);
});

test('an answer of 100 kB of HTML becomes no page of words', async () => {
  const api = await startApi();
  api.answers.set('pods', (_asked, response) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end(`<html>${'x'.repeat(100_000)}`);
  });
  const { sink } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'failed');
  expect(sink.coverages.get('replica')).toMatchObject({ trouble: { why: 'HTTP 502 Bad Gateway' } });
});

test('server version that is kept secret leaves the rest of the target', async () => {
  const api = await startApi();
  api.answers.set('version', (_asked, response) => json(response, { message: 'no' }, 403));
  const { sink } = watch(api);
  await until(() => sink.phase === 'live' && api.count('version') === 1);
  await until(() => sink.proofs > 2);
  expect(sink.target).toBe('lab · as ops');
});
