import { expect, test } from 'vitest';
import { PROTOBUF, protobufList } from '../../../src/demo/kubernetes-api/protobuf-list.ts';
import { type Answer, type FakeApi, pod, status } from './fake-api.ts';
import { startApi, until, watch } from './harness.ts';

const forbid = (api: FakeApi, plural: string, within: (path: string) => boolean = () => true) => {
  const answer: Answer = (asked, response, serve) => {
    const message = `${plural} is forbidden: User "ops" cannot ${asked.verb} resource "${plural}"`;
    if (within(asked.path)) status(response, 403, message);
    else serve();
  };
  api.answers.set(plural, answer);
};
const clusterWide = (path: string) => !path.includes('/namespaces/');

test('nodes that may not be listed are forbidden, with the right that is missing; the rest works', async () => {
  const api = await startApi();
  forbid(api, 'nodes');
  const { sink } = watch(api);
  await until(
    () => sink.coverages.get('node')?.state === 'forbidden' && sink.coverages.get('replica')?.state === 'complete',
  );
  expect(sink.coverages.get('node')).toMatchObject({
    trouble: {
      what: 'list nodes',
      on: 'lab',
      why: 'nodes is forbidden: User "ops" cannot list resource "nodes"',
      fix: 'ask for the right to list nodes',
    },
  });
  api.answers.clear();
  await until(() => sink.coverages.get('node')?.state === 'complete');
});

test('all namespaces are forbidden: that of the context is read, and it is said', async () => {
  const api = await startApi();
  forbid(api, 'pods', clusterWide);
  api.put('pods', pod('web-1'));
  api.put('pods', pod('hidden', { namespace: 'other' }));
  const { sink } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'complete');
  expect(sink.all('replica').map(({ name }) => name)).toEqual(['web-1']);
  expect(sink.coverages.get('replica')).toMatchObject({
    except: expect.arrayContaining([
      expect.objectContaining({
        what: 'list pods in all namespaces',
        fix: 'ask for the right to list pods in all namespaces',
      }),
    ]),
  });
  expect(sink.events.filter(({ reason }) => reason === 'Forbidden').map(({ message }) => message)).toEqual([
    'not all namespaces may be read: only shop is shown',
  ]);
  api.put('pods', pod('web-2'));
  await until(() => sink.named('replica', 'web-2'));
  // The right is given: everything is seen, and the narrow watch ends.
  api.answers.clear();
  await until(() => sink.named('replica', 'hidden') && api.watches('pods').length === 1);
  expect(JSON.stringify(sink.coverages.get('replica'))).not.toContain('list pods');
});

test('what its pods use stays known while all namespaces are asked for in vain', async () => {
  const api = await startApi();
  forbid(api, 'pods', clusterWide);
  api.put('pods', pod('web-1'));
  api.metrics.nodes = [];
  api.metrics.pods = [
    { metadata: { name: 'web-1', namespace: 'shop' }, containers: [{ usage: { cpu: '250m', memory: '1Mi' } }] },
  ];
  let refused = 0;
  api.answers.set('metrics', ({ path, verb }, response, serve) => {
    if (verb !== 'pods' || path.includes('/namespaces/')) return serve();
    refused++;
    status(response, 403, 'pods.metrics.k8s.io is forbidden');
  });
  const { sink } = watch(api);
  await until(() => sink.named('replica', 'web-1')?.cpuUsedMillicores === 250);
  const used: unknown[] = [];
  const patch = sink.patch;
  sink.patch = (kind, id, fields) => {
    if (kind === 'replica' && 'cpuUsedMillicores' in fields) used.push(fields.cpuUsedMillicores);
    patch.call(sink, kind, id, fields);
  };
  const before = refused;
  await until(() => refused > before + 2);
  expect(used).toEqual([]);
});

test('not even that namespace: forbidden', async () => {
  const api = await startApi();
  forbid(api, 'pods');
  const { sink } = watch(api);
  await until(() => sink.coverages.get('replica')?.state === 'forbidden');
  await until(() => api.asked.some(({ plural, path }) => plural === 'pods' && !clusterWide(path)));
  await until(
    () =>
      (sink.coverages.get('replica') as { trouble?: { what: string } }).trouble?.what === 'list pods in namespace shop',
  );
});

test('some namespaces: each is read by itself, and one that is refused takes nothing from the others', async () => {
  const api = await startApi();
  for (const namespace of ['shop', 'other', 'third']) api.put('pods', pod(`in-${namespace}`, { namespace }));
  forbid(api, 'pods', path => path.includes('/third/'));
  const { sink } = watch(api, { namespaces: ['shop', 'other', 'third', 'shop'] });
  await until(() => sink.all('replica').length === 2 && sink.coverages.get('replica')?.state === 'complete');
  expect(sink.coverages.get('replica')).toMatchObject({
    except: expect.arrayContaining([expect.objectContaining({ what: 'list pods in namespace third' })]),
  });
  expect(api.asked.filter(({ plural, path }) => plural === 'pods' && clusterWide(path))).toEqual([]);
  expect(
    api.asked.filter(({ verb, plural, path }) => verb === 'list' && plural === 'pods' && path.includes('/shop/')),
  ).toHaveLength(1);
  // A list of one namespace does not speak for another one.
  let expired = false;
  api.answers.set('pods', (asked, response, serve) => {
    if (asked.path.includes('/third/')) return status(response, 403, 'no');
    if (asked.verb !== 'watch' || expired || !asked.path.includes('/shop/')) return serve();
    expired = true;
    status(response, 410, 'too old');
  });
  api.forget('pods', 'in-shop', 'shop');
  for (const open of api.watches('pods')) open.destroy();
  await until(() => !sink.named('replica', 'in-shop'));
  expect(sink.named('replica', 'in-other')).toBeDefined();
});

test('lists without the right to watch are read again now and then, and the right is named', async () => {
  const api = await startApi();
  api.answers.set('pods', (asked, response, serve) => {
    if (asked.verb === 'watch') status(response, 403, 'cannot watch');
    else serve();
  });
  const { sink } = watch(api, { namespaces: ['shop'] });
  await until(() => sink.coverages.get('replica')?.state === 'forbidden');
  expect(sink.coverages.get('replica')).toMatchObject({
    trouble: { fix: 'ask for the right to watch pods in namespace shop' },
  });
  api.put('pods', pod('web-1'));
  await until(() => sink.named('replica', 'web-1'));
});

test('one kind of workload that is forbidden leaves the others, and stands as an exception', async () => {
  const api = await startApi();
  forbid(api, 'cronjobs');
  api.put('deployments', { metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 1 } });
  const { sink } = watch(api);
  await until(() => sink.coverages.get('workload')?.state === 'complete');
  await until(() => JSON.stringify(sink.coverages.get('workload')).includes('cronjobs.batch in namespace shop'));
  expect(sink.named('workload', 'web')).toMatchObject({ type: 'Deployment', wanted: 1 });
});

test('a resource that the server does not have is absent', async () => {
  const api = await startApi();
  api.answers.set('persistentvolumeclaims', (_asked, response) => status(response, 404, 'page not found'));
  const { sink } = watch(api);
  await until(() => sink.coverages.get('claim')?.state === 'absent');
});

test('events that may not be read are told in the feed', async () => {
  const api = await startApi();
  forbid(api, 'events');
  const { sink } = watch(api);
  await until(() =>
    sink.events.some(({ message }) => message.startsWith('not allowed to list events in all namespaces')),
  );
});

test('a list of one type of workload does not remove those of another', async () => {
  const api = await startApi();
  api.put('deployments', { metadata: { name: 'web', namespace: 'shop' } });
  api.put('statefulsets', { metadata: { name: 'db', namespace: 'shop' } });
  const { sink } = watch(api);
  await until(() => sink.coverages.get('workload')?.state === 'complete' && api.watches('deployments').length === 1);
  let expired = false;
  api.answers.set('deployments', (asked, response, serve) => {
    if (asked.verb !== 'watch' || expired) return serve();
    expired = true;
    status(response, 410, 'too old');
  });
  api.forget('deployments', 'web', 'shop');
  api.watches('deployments')[0]?.destroy();
  await until(() => !sink.named('workload', 'web'));
  expect(sink.all('workload').map(({ id }) => id)).toEqual(['prod/shop/statefulset/db']);
});

test('usage: absent is told beside complete lists, present it stands in the rows and outlives their changes', async () => {
  const api = await startApi();
  api.put('nodes', { metadata: { name: 'n1' } });
  api.put('pods', pod('web-1'));
  const { sink } = watch(api);
  const absent = (kind: 'node' | 'replica') => JSON.stringify(sink.coverages.get(kind)).includes('no metrics.k8s.io');
  await until(() => absent('node') && absent('replica'));
  expect(sink.coverages.get('replica')).toMatchObject({
    state: 'complete',
    except: [{ fix: 'install metrics-server' }],
  });
  expect(sink.named('node', 'n1')).toMatchObject({ cpuUsedMillicores: null, memoryUsedBytes: null });

  api.metrics.nodes = [{ metadata: { name: 'n1' }, usage: { cpu: '1500000000n', memory: '2Gi' } }];
  const containers = [{ usage: { cpu: '100m', memory: '1Mi' } }, { usage: { cpu: '50m', memory: '1Mi' } }];
  api.metrics.pods = [{ metadata: { name: 'web-1', namespace: 'shop' }, containers }];
  await until(
    () =>
      sink.named('node', 'n1')?.cpuUsedMillicores === 1500 && sink.named('replica', 'web-1')?.cpuUsedMillicores === 150,
  );
  await until(() => sink.coverages.get('node') && !('except' in sink.coverages.get('node')!));
  api.put('pods', pod('web-1', { phase: 'Failed' }));
  await until(() => sink.named('replica', 'web-1')?.state === 'Failed');
  expect(sink.named('replica', 'web-1')).toMatchObject({ cpuUsedMillicores: 150, memoryUsedBytes: 2 * 1024 * 1024 });

  api.metrics.pods = [];
  await until(() => sink.named('replica', 'web-1')?.cpuUsedMillicores === null);
});

test('usage that cannot be read any more is not shown for ever', async () => {
  const api = await startApi();
  api.put('nodes', { metadata: { name: 'n1' } });
  api.metrics.nodes = [{ metadata: { name: 'n1' }, usage: { cpu: '1', memory: '2Gi' } }];
  const { sink } = watch(api);
  await until(() => sink.named('node', 'n1')?.cpuUsedMillicores === 1000);
  api.metrics.nodes = [{ metadata: { name: 'n1' }, usage: { cpu: '2', memory: '2Gi' } }];
  await until(() => sink.named('node', 'n1')?.cpuUsedMillicores === 2000);
  delete api.metrics.nodes;
  await until(() => sink.named('node', 'n1')?.cpuUsedMillicores === null);
});

test('usage that is due when somebody looks at replicas again is asked for at once', async () => {
  const api = await startApi();
  const uses = (cpu: string) => {
    const containers = [{ usage: { cpu, memory: '2Mi' } }];
    api.metrics.pods = [{ metadata: { name: 'web-1', namespace: 'shop' }, containers }];
  };
  api.put('pods', pod('web-1'));
  uses('100m');
  const { sink, source } = watch(api, {}, { metricsUnattendedMs: 60_000 });
  source.attend?.(new Set(['pool']));
  await until(() => sink.named('replica', 'web-1')?.cpuUsedMillicores === 100);
  uses('200m');
  source.attend?.(new Set(['replica']));
  await until(() => sink.named('replica', 'web-1')?.cpuUsedMillicores === 200);
});

test('usage in protobuf stands in the rows as that in JSON does, and broken protobuf is a failed answer', async () => {
  const api = await startApi();
  api.put('pods', pod('web-1'));
  const { sink } = watch(api);
  const answered = { cpu: '100m', accepts: '' as string | undefined, cut: 0 };
  api.answers.set('metrics', ({ verb, accept }, response, serve) => {
    if (verb !== 'pods') return serve();
    answered.accepts = accept;
    const containers = [{ name: 'c', usage: { cpu: answered.cpu, memory: '1Mi' } }];
    const metrics = { metadata: { name: 'web-1', namespace: 'shop' }, window: '15s', containers };
    const info = { kind: 'PodMetrics', group: 'metrics.k8s.io', version: 'v1beta1' };
    const body = protobufList(info, [metrics], {});
    response.writeHead(200, { 'content-type': PROTOBUF });
    response.end(body.subarray(0, body.length - answered.cut));
  });
  await until(() => sink.named('replica', 'web-1')?.cpuUsedMillicores === 100);
  expect(answered.accepts).toBe('application/vnd.kubernetes.protobuf;q=1,application/json;q=0.9');
  answered.cpu = '200m';
  await until(() => sink.named('replica', 'web-1')?.cpuUsedMillicores === 200);
  answered.cut = 1;
  await until(() => JSON.stringify(sink.coverages.get('replica')).includes('broken protobuf'));
  expect(sink.named('replica', 'web-1')?.cpuUsedMillicores).toBeNull();
  answered.cut = 0;
  await until(() => sink.named('replica', 'web-1')?.cpuUsedMillicores === 200);
  await until(() => !JSON.stringify(sink.coverages.get('replica')).includes('broken'));
});

test('usage is asked for the less often the more there is, and says when it was measured', async () => {
  const api = await startApi();
  const often = { metricsEachMs: 300_000, metricsUnattendedMs: 600_000 };
  const { source } = watch(api, {}, often);
  api.metrics.nodes = [];
  const measured = (name: string, timestamp: string) => ({ metadata: { name, namespace: 'shop' }, timestamp });
  api.metrics.pods = [measured('web-1', '2026-11-23T12:00:15Z'), measured('web-2', '2026-11-23T12:00:00Z')];
  const polls = (word: string) =>
    api.asked.filter(({ path }) => path.endsWith(`metrics.k8s.io/v1beta1/${word}`)).length;
  await until(() => source.measuredAt?.('replica') === Date.parse('2026-11-23T12:00:00Z'));
  expect([source.measuredAt?.('workload'), source.measuredAt?.('node'), source.measuredAt?.('claim')]).toEqual([
    Date.parse('2026-11-23T12:00:00Z'),
    null,
    null,
  ]);
  const nodes = polls('nodes');
  await until(() => polls('nodes') > nodes + 8);
  expect(polls('pods')).toBe(1);
});

test('endpoints are counted into their Service, before and after its own changes', async () => {
  const api = await startApi();
  const service = (name: string, type = 'ClusterIP') => ({
    metadata: { name, namespace: 'shop' },
    spec: { type, clusterIP: '10.0.0.1', ports: [{ port: 80, nodePort: 30080 }], selector: { app: name } },
  });
  const slice = (name: string, ready: boolean[], addressType = 'IPv4') => ({
    metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType,
    endpoints: ready.map(is => ({ addresses: ['10.1.0.1'], conditions: { ready: is } })),
  });
  api.put('services', service('web'));
  api.put('services', service('lonely'));
  api.put('services', service('away', 'ExternalName'));
  api.put('endpointslices', slice('web-a', [true, false, true]));
  api.put('endpointslices', slice('web-6', [true, false, true], 'IPv6'));
  const { sink } = watch(api);
  await until(() => sink.named('service', 'web')?.endpoints === 3 && sink.named('service', 'lonely')?.endpoints === 0);
  expect(sink.named('service', 'web')).toMatchObject({
    endpointsReady: 2,
    ports: ['80:30080/TCP'],
    selector: { app: 'web' },
  });
  expect(sink.named('service', 'away')).toMatchObject({ endpoints: null, endpointsReady: null });
  await until(() => api.watches('services').length === 1 && api.watches('endpointslices').length === 1);
  api.put('endpointslices', slice('web-b', [true]));
  await until(() => sink.named('service', 'web')?.endpoints === 4);
  api.put('services', service('web', 'NodePort'));
  await until(() => sink.named('service', 'web')?.type === 'NodePort');
  expect(sink.named('service', 'web')).toMatchObject({ endpoints: 4, endpointsReady: 3 });
  api.remove('endpointslices', 'web-a', 'shop');
  await until(() => sink.named('service', 'web')?.endpoints === 3);
});

test('usage of pods is asked for less often while nobody looks at them', async () => {
  const api = await startApi();
  const { source, sink } = watch(api, {}, { metricsUnattendedMs: 600_000 });
  api.metrics.pods = [];
  api.metrics.nodes = [];
  await until(
    () =>
      sink.phase === 'live' && api.asked.filter(({ path }) => path.endsWith('metrics.k8s.io/v1beta1/pods')).length > 2,
  );
  source.attend?.(new Set(['pool']));
  const polls = (word: string) =>
    api.asked.filter(({ path }) => path.endsWith(`metrics.k8s.io/v1beta1/${word}`)).length;
  const nodes = polls('nodes');
  await until(() => polls('nodes') > nodes + 2);
  const pods = polls('pods');
  await until(() => polls('nodes') > nodes + 8);
  expect(polls('pods')).toBe(pods);
});
