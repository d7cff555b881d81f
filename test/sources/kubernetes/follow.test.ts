import type { ServerResponse } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import type { KubeObject } from '../../../src/demo/controller/kubernetes/objects.ts';
import { RESOURCES } from '../../../src/demo/controller/kubernetes/resources.ts';
import { protobufList } from '../../../src/demo/kubernetes-api/protobuf-list.ts';
import { type FakeApi, pod, status } from './fake-api.ts';
import { startApi, until, watch } from './harness.ts';

const podNames = (sink: { all(kind: 'replica'): { name: string }[] }) =>
  sink
    .all('replica')
    .map(({ name }) => name)
    .sort();

/** How many pods at most each page was to hold. */
const pagesAsked = (api: FakeApi) =>
  api.asked.filter(({ verb, plural }) => verb === 'list' && plural === 'pods').map(({ query }) => query.get('limit'));

test('lists once, then follows what is made, changed and deleted', async () => {
  const api = await startApi();
  api.put('pods', pod('web-1'));
  const { sink, source } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'complete' && api.watches('pods').length === 1);
  expect(podNames(sink)).toEqual(['web-1']);
  api.put('pods', pod('web-2'));
  api.put('pods', pod('web-1', { phase: 'Failed' }));
  await until(() => podNames(sink).length === 2 && sink.named('replica', 'web-1')?.state === 'Failed');
  api.remove('pods', 'web-1', 'shop');
  await until(() => podNames(sink).join() === 'web-2');
  await until(() => api.count('list') === 12);
  expect(api.count('watch', 'pods')).toBe(1);
  await vi.waitFor(() => expect(source.requests).toBe(api.asked.length));
});

test('reads a long list in pages and takes it as one', async () => {
  const api = await startApi();
  for (let n = 0; n < 1_203; n++) api.put('pods', pod(`web-${n}`));
  const { sink } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'complete');
  expect(sink.all('replica')).toHaveLength(1_203);
  expect(pagesAsked(api)).toEqual(['100', '500', '500', '500']);
  expect(sink.listsEnded.get('replica')).toBe(1);
});

test('a watch that the server ends is taken up from the last version, at once and without a list', async () => {
  const api = await startApi();
  const { sink } = watch(api);
  await until(() => api.watches('pods').length === 1);
  for (let n = 1; n <= 5; n++) {
    const [open] = api.watches('pods');
    api.put('pods', pod(`web-${n}`));
    const version = api.version;
    open?.end();
    await until(() => api.watches('pods').length === 1 && api.watches('pods')[0] !== open);
    expect(api.last('watch', 'pods')?.query.get('resourceVersion')).toBe(version);
  }
  await until(() => podNames(sink).length === 5);
  expect(api.count('list', 'pods')).toBe(1);
});

test('a bookmark moves the version on', async () => {
  const api = await startApi();
  watch(api);
  await until(() => api.watches('pods').length === 1);
  const [open] = api.watches('pods');
  open?.end(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '4711' } } })}\n`);
  await until(() => api.last('watch', 'pods')?.query.get('resourceVersion') === '4711');
  expect(api.last('watch', 'pods')?.query.get('allowWatchBookmarks')).toBe('true');
  expect(Number(api.last('watch', 'pods')?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(290);
});

test('a watch that goes silent is given up and asked for again, without a list', async () => {
  const api = await startApi();
  const { sink } = watch(api, {}, { watchSilenceMs: 100 });
  await until(() => api.count('watch', 'pods') >= 4);
  api.put('pods', pod('web-1'));
  await until(() => podNames(sink).join() === 'web-1');
  expect(api.count('list', 'pods')).toBe(1);
  expect(sink.coverages.get('replica')).toEqual(expect.objectContaining({ state: 'complete' }));
});

test('a server that was set back says nothing where it used to send bookmarks: listed again', async () => {
  const api = await startApi();
  const { sink } = watch(api, {}, { watchSilenceMs: 100 });
  await until(() => api.watches('pods').length === 1);
  const object = { metadata: { resourceVersion: '999999' } };
  api.watches('pods')[0]?.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  await until(() => api.count('list', 'pods') === 2);
  api.put('pods', pod('web-1'));
  await until(() => podNames(sink).join() === 'web-1');
});

test('a watch that never begins to answer fails, is told and tried again', async () => {
  const api = await startApi();
  let mute = true;
  api.answers.set('pods', (asked, _response, serve) => (asked.verb === 'watch' && mute ? undefined : serve()));
  const { sink } = watch(api, {}, { answerMs: 300 });
  await until(() => api.count('watch', 'pods') > 0);
  const lists = api.count('list', 'pods');
  await until(() => JSON.stringify(sink.coverages.get('replica')).includes('"watch pods"'));
  expect(sink.coverages.get('replica')).toMatchObject({ state: 'failed', trouble: { why: 'no answer for 0 s' } });
  mute = false;
  await until(() => api.watches('pods').length === 1);
  api.put('pods', pod('web-1'));
  await until(() => sink.coverages.get('replica')?.state === 'complete' && podNames(sink).length === 1);
  expect(api.count('list', 'pods')).toBe(lists);
});

test('half a JSON line is not taken; the whole one comes after it', async () => {
  const api = await startApi();
  const { sink } = watch(api);
  await until(() => api.watches('pods').length === 1);
  const [open] = api.watches('pods');
  const version = api.version;
  open?.write('{"type":"ADDED","object":{"metadata":{"name":"half","namespa', () => open.destroy());
  await until(() => api.count('watch', 'pods') === 2 && api.watches('pods').length === 1);
  expect(api.last('watch', 'pods')?.query.get('resourceVersion')).toBe(version);
  api.put('pods', pod('whole'));
  await until(() => podNames(sink).join() === 'whole');
  expect(api.count('list', 'pods')).toBe(1);
});

test('a line that is no JSON ends the watch, which is told when it stays so, and never lists again', async () => {
  const api = await startApi();
  let garbage = true;
  api.answers.set('pods', (asked, response, serve) => {
    if (asked.verb === 'watch' && garbage) response.end('{"type":"ADDED","object":\n<html>\n');
    else serve();
  });
  const { sink } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'failed');
  garbage = false;
  api.put('pods', pod('web-1'));
  await until(() => podNames(sink).join() === 'web-1' && sink.coverages.get('replica')?.state === 'complete');
  expect(api.count('list', 'pods')).toBe(1);
});

test.each([
  ['as HTTP', true],
  ['within the stream', false],
])('410 %s: one more list, and what vanished meanwhile is gone', async (_how, asHttp) => {
  const api = await startApi();
  api.put('pods', pod('stays'));
  api.put('pods', pod('vanishes'));
  const { sink } = watch(api);
  await until(() => api.watches('pods').length === 1);
  let expired = false;
  api.answers.set('pods', (asked, response, serve) => {
    if (asked.verb !== 'watch' || expired) return serve();
    expired = true;
    if (asHttp) return status(response, 410, 'too old resource version');
    const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    return void response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
  });
  api.forget('pods', 'vanishes', 'shop');
  for (const open of api.watches('pods')) open.destroy();
  await until(() => podNames(sink).join() === 'stays' && api.watches('pods').length === 1);
  expect(api.count('list', 'pods')).toBe(2);
  expect(api.count('list', 'nodes')).toBe(1);
});

test('410 between two pages: the list begins anew, and nothing is taken for gone', async () => {
  const api = await startApi();
  for (let n = 0; n < 501; n++) api.put('pods', pod(`web-${n}`));
  let refused = 0;
  api.answers.set('pods', (asked, response, serve) => {
    if (asked.query.has('continue') && refused++ === 0) status(response, 410, 'the continue token is too old');
    else serve();
  });
  const { sink } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'complete');
  expect(sink.all('replica')).toHaveLength(501);
  expect(sink.listsEnded.get('replica')).toBe(1);
  expect(api.count('list', 'pods')).toBe(4);
});

test('a server that never has what it has just listed is not asked in a tight loop', async () => {
  const api = await startApi();
  api.answers.set('pods', (asked, response, serve) => {
    if (asked.verb === 'watch') status(response, 410, 'too old resource version');
    else serve();
  });
  watch(api, {}, { backoffMs: 60_000, backoffLimitMs: 600_000 });
  await until(() => api.count('list', 'pods') === 2 && api.count('watch', 'pods') === 2);
  const before = api.count('readyz');
  await until(() => api.count('readyz') > before + 5);
  expect(api.count('list', 'pods')).toBe(2);
});

test('429 is asked again when the server wants it, not sooner', async () => {
  const api = await startApi();
  api.answers.set('pods', (_asked, response, serve) => {
    if (api.count('list', 'pods') === 1) status(response, 429, 'too many requests', { 'retry-after': '1' });
    else serve();
  });
  const { sink } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'failed');
  await until(() => sink.coverages.get('replica')?.state === 'complete');
  const [first, second] = api.asked.filter(({ verb, plural }) => verb === 'list' && plural === 'pods');
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
});

test.each([
  ['500', (response: Parameters<typeof status>[0]) => status(response, 500, 'etcdserver: request timed out')],
  ['a page of HTML', (response: Parameters<typeof status>[0]) => void response.end('<html>welcome</html>')],
  ['null', (response: Parameters<typeof status>[0]) => void response.end('null')],
  ['no list', (response: Parameters<typeof status>[0]) => void response.end('{"kind":"PodList"}')],
  [
    'half a page',
    (response: Parameters<typeof status>[0]) => void response.write('{"items":[{"met', () => response.destroy()),
  ],
  ['a cut connection', (response: Parameters<typeof status>[0]) => void response.destroy()],
])('a list that gets %s is told as failed, tried for ever, and holds up no other kind', async (_what, refuse) => {
  const api = await startApi();
  let broken = true;
  api.put('pods', pod('web-1'));
  api.answers.set('pods', (_asked, response, serve) => (broken ? refuse(response) : serve()));
  const { sink } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'failed' && api.count('list', 'pods') >= 5);
  expect(sink.all('replica')).toEqual([]);
  await until(() =>
    ['node', 'workload', 'service', 'claim'].every(kind => sink.coverages.get(kind as 'node')?.state === 'complete'),
  );
  broken = false;
  await until(() => sink.coverages.get('replica')?.state === 'complete');
  expect(podNames(sink)).toEqual(['web-1']);
});

test('a list that never answers is told as failed, and holds up no other kind', async () => {
  const api = await startApi();
  api.answers.set('pods', () => {});
  const { sink } = watch(api, {}, { answerMs: 100 });
  await until(() => sink.coverages.get('replica')?.state === 'failed' && api.count('list', 'pods') >= 2);
  expect(sink.coverages.get('replica')).toMatchObject({ trouble: { what: 'list pods', on: 'lab' } });
  await until(() => sink.coverages.get('workload')?.state === 'complete');
});

test('the server says 500 within a watch: again from where it stood', async () => {
  const api = await startApi();
  const { sink } = watch(api);
  await until(() => api.watches('pods').length === 1);
  const [open] = api.watches('pods');
  open?.end(`${JSON.stringify({ type: 'ERROR', object: { code: 500, message: 'etcd is gone' } })}\n`);
  await until(() => api.count('watch', 'pods') === 2 && api.watches('pods').length === 1);
  api.put('pods', pod('web-1'));
  await until(() => podNames(sink).join() === 'web-1');
  expect(api.count('list', 'pods')).toBe(1);
});

test('a machine that slept asks everything anew, without a list', async () => {
  const api = await startApi();
  const { sink } = watch(api);
  await until(() => api.watches('pods').length === 1 && sink.phase === 'live');
  const [open] = api.watches('pods');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 });
  try {
    await until(() => api.watches('pods').length === 1 && api.watches('pods')[0] !== open);
  } finally {
    vi.useRealTimers();
  }
  await until(() => sink.lines.some(line => line.startsWith('slept for 1')));
  expect(api.count('list', 'pods')).toBe(1);
});

test('stop ends every connection, and nothing is asked afterwards', async () => {
  const api = await startApi();
  const { sink, source } = watch(api);
  await until(() => sink.phase === 'live' && api.watches('pods').length === 1);
  await source.stop();
  await expect.poll(() => api.connections()).toBe(0);
  expect(source.requests).toBe(api.asked.length);
});

describe('a list that the server answers in protobuf', () => {
  const inProtobuf = (asked: { query: URLSearchParams }, response: ServerResponse, objects: KubeObject[]) => {
    const from = Number(asked.query.get('continue') ?? 0);
    const to = from + Number(asked.query.get('limit'));
    const metadata = { resourceVersion: '100', ...(to < objects.length && { continue: `${to}` }) };
    response.writeHead(200, { 'content-type': 'application/vnd.kubernetes.protobuf' });
    response.end(protobufList(RESOURCES.pods, objects.slice(from, to), metadata));
  };
  const named = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', ...pod(name) }) as unknown as KubeObject;

  test('is read as such, page by page, and no page is ever parsed as JSON', async () => {
    const api = await startApi();
    const objects = Array.from({ length: 1_203 }, (_, n) => named(`web-${n}`));
    api.answers.set('pods', (asked, response, serve) =>
      asked.verb === 'list' ? inProtobuf(asked, response, objects) : serve(),
    );
    const parse = vi.spyOn(JSON, 'parse');
    const { sink } = watch(api);
    await until(() => sink.coverages.get('replica')?.state === 'complete' && api.watches('pods').length === 1);
    expect(parse.mock.calls.filter(([text]) => text.includes('web-'))).toEqual([]);
    parse.mockRestore();
    expect(podNames(sink)).toHaveLength(1_203);
    expect(sink.named('replica', 'web-1202')).toMatchObject({ state: 'Running', node: 'prod/node/n1', image: 'web:1' });
    expect(pagesAsked(api)).toEqual(['100', '500', '500', '500']);
    expect(api.last('watch', 'pods')?.query.get('resourceVersion')).toBe('100');
  });

  test('and is broken is told as failed, and read again', async () => {
    const api = await startApi();
    let whole = false;
    api.answers.set('pods', (asked, response, serve) => {
      if (asked.verb !== 'list') return serve();
      if (whole) return inProtobuf(asked, response, [named('web-0')]);
      const body = protobufList(
        RESOURCES.pods,
        Array.from({ length: 300 }, (_, n) => named(`web-${n}`)),
        {
          resourceVersion: '100',
        },
      );
      response.writeHead(200, { 'content-type': 'application/vnd.kubernetes.protobuf' });
      response.end(Buffer.concat([body.subarray(0, -200), Buffer.alloc(200, 0xff)]));
    });
    const { sink } = watch(api);
    await until(() => sink.coverages.get('replica')?.state === 'failed');
    expect(JSON.stringify(sink.coverages.get('replica'))).toContain('broken protobuf');
    whole = true;
    await until(() => sink.coverages.get('replica')?.state === 'complete' && podNames(sink).join() === 'web-0');
  });
});

test('in an hour in which the server ends each watch every five minutes, nothing is listed a second time', async () => {
  const api = await startApi();
  api.put('pods', pod('web-1'));
  const { sink } = watch(api, {}, { metricsMs: 60_000, refusedMs: 60_000 });
  const kinds = new Set<string>();
  for (let ended = 0; ended < 12; ended++) {
    await until(() => api.count('watch') === 12 * (ended + 1) && api.watches('pods').length === 1);
    for (const { plural } of api.asked.filter(({ verb }) => verb === 'watch')) kinds.add(plural);
    // A watch on which something was told may be taken up again at once.
    for (const plural of kinds) {
      for (const open of api.watches(plural)) {
        open.end(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: api.version } } })}\n`);
      }
    }
  }
  await until(() => api.count('watch') === 12 * 13);
  expect(kinds.size).toBe(12);
  expect(api.count('list')).toBe(12);
  expect(sink.named('replica', 'web-1')).toBeDefined();
  const verbs = new Set(api.asked.map(({ verb }) => verb));
  // Besides, who it is and that it lives, and once a minute at most the usage, which cannot be watched.
  expect(verbs).toEqual(new Set(['list', 'watch', 'readyz', 'version', 'namespaces', 'v1alpha1', 'nodes', 'pods']));
});
