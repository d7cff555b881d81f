import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, KubernetesBed } from '../bed.ts';

const PODS = '/api/v1/namespaces/saasodoo/pods';
const APPS = '/apis/apps/v1/namespaces/saasodoo';
const JOBS = '/apis/batch/v1/namespaces/saasodoo/jobs';
const USER = `${APPS}/deployments/user-service`;
let bed: KubernetesBed;
beforeEach(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const get = async (path: string, ...where: (string | number)[]) => at((await bed.ask(path)).body, ...where);
const podOf = async (name: string) =>
  String(await get(`${PODS}?labelSelector=app.kubernetes.io/name%3D${name}`, 'items', 0, 'metadata', 'name'));
const refusal = ({ status, body }: { status: number; body: unknown }) => [
  status,
  at(body, 'reason'),
  at(body, 'message'),
];

describe('scaling', () => {
  it('through the subresource converges, and a watch from before tells it', async () => {
    const from = await get(`${APPS}/deployments`, 'metadata', 'resourceVersion');
    const { lines, stop } = await bed.watch(`${APPS}/deployments?watch=1&resourceVersion=${from}`);
    const { status, body } = await bed.patch(`${USER}/scale`, { spec: { replicas: 5 } });
    expect([status, at(body, 'spec', 'replicas'), at(body, 'status', 'replicas')]).toEqual([200, 5, 3]);
    bed.until(() => bed.world.cluster.store.get('deployments', 'saasodoo', 'user-service')?.status.readyReplicas === 5);
    await vi.waitFor(() => expect(at(lines.at(-1), 'object', 'status', 'readyReplicas')).toBe(5));
    stop();
    expect(new Set(lines.map(each => at(each, 'object', 'metadata', 'name')))).toEqual(new Set(['user-service']));
    const versions = lines.map(each => Number(at(each, 'object', 'metadata', 'resourceVersion')));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it('is only tried with dryRun=All', async () => {
    const before = bed.world.cluster.store.revision;
    const { body } = await bed.patch(`${USER}/scale?dryRun=All`, { spec: { replicas: 9 } });
    expect(at(body, 'spec', 'replicas')).toBe(9);
    bed.pass(60);
    expect(bed.world.cluster.store.revision).toBe(before);
  });

  it('refuses what cannot be', async () => {
    const { status, body } = await bed.patch(`${USER}/scale`, { spec: { replicas: -1 } });
    expect([status, at(body, 'message')]).toEqual([
      422,
      'Scale.autoscaling "user-service" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });
});

describe('changing', () => {
  it('restarts by a strategic patch, keeping the other containers and labels', async () => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-11-23T14:03:00Z' };
    const { body } = await bed.patch(
      USER,
      { spec: { template: { metadata: { annotations } } } },
      'strategic-merge-patch',
    );
    expect(at(body, 'spec', 'template', 'metadata', 'annotations')).toEqual(annotations);
    expect(at(body, 'metadata', 'generation')).toBe(3);
    bed.until(() => {
      const now = bed.world.cluster.store.get('deployments', 'saasodoo', 'user-service');
      return now?.status.observedGeneration === 3 && now.status.updatedReplicas === 3 && now.status.replicas === 3;
    });
  });

  it('makes no change and no event of a patch that changes nothing', async () => {
    const before = bed.world.cluster.store.revision;
    await bed.patch(USER, { spec: { replicas: 3 } });
    expect(bed.world.cluster.store.revision).toBe(before);
  });

  it('cordons a node', async () => {
    await bed.patch('/api/v1/nodes/vps-1', { spec: { unschedulable: true } }, 'strategic-merge-patch');
    bed.until(() => bed.world.cluster.store.get('nodes', undefined, 'vps-1')?.spec.taints?.length === 1);
    expect(await get('/api/v1/nodes/vps-1', 'spec', 'taints', 0, 'key')).toBe('node.kubernetes.io/unschedulable');
  });

  it('refuses the version of yesterday, by PUT and by PATCH', async () => {
    const current = (await bed.ask(USER)).body as { metadata: object };
    const old = { ...current, metadata: { ...current.metadata, resourceVersion: '1' } };
    const words = [
      409,
      'Conflict',
      'Operation cannot be fulfilled on deployments.apps "user-service": the object has been modified; please apply your changes to the latest version and try again',
    ];
    expect(refusal(await bed.ask(USER, { method: 'PUT', body: old }))).toEqual(words);
    expect(refusal(await bed.patch(USER, { metadata: { resourceVersion: '1' }, spec: { replicas: 1 } }))).toEqual(
      words,
    );
    expect((await bed.ask(USER, { method: 'PUT', body: current })).status).toBe(200);
    const other = { ...current, metadata: { ...current.metadata, name: 'other' } };
    expect(refusal(await bed.ask(USER, { method: 'PUT', body: other }))[0]).toBe(400);
  });

  it('refuses what may never change, and what it cannot read', async () => {
    const other = await bed.patch(USER, { spec: { selector: { matchLabels: { app: 'other' } } } });
    expect([other.status, at(other.body, 'message')]).toEqual([422, expect.stringContaining('field is immutable')]);
    const pod = await bed.patch(`${PODS}/redis-0`, { spec: { nodeName: 'vps-9' } });
    expect([pod.status, at(pod.body, 'details', 'causes', 0, 'reason')]).toEqual([422, 'FieldValueForbidden']);
    expect((await bed.patch(`${PODS}/redis-0`, { metadata: { labels: { a: 'b' } } })).status).toBe(200);
    const set = await bed.patch(`${APPS}/statefulsets/redis`, { spec: { serviceName: 'other' } });
    expect(at(set.body, 'message')).toMatch(
      /^StatefulSet.apps "redis" is invalid: spec: Forbidden: updates to stateful/,
    );
    expect((await bed.patch(`${APPS}/statefulsets/redis`, { spec: { replicas: 2 } })).status).toBe(200);
    const identity = await bed.patch(USER, { metadata: { uid: 'abc' } });
    expect(identity.status).toBe(422);
    expect((await bed.patch(USER, [{ op: 'test', path: '/metadata/uid', value: 'x' }], 'json-patch')).status).toBe(422);
    expect((await bed.patch(USER, '{bad', 'merge-patch')).status).toBe(400);
    const text = await bed.ask(USER, { method: 'PATCH', headers: { 'content-type': 'text/plain' }, body: '{}' });
    expect(text.status).toBe(415);
  });
});

describe('deleting', () => {
  it('gives a pod its grace, and a watch of its deployment sees another come', async () => {
    const pod = await podOf('user-service');
    const { status, body } = await bed.ask(`${PODS}/${pod}`, { method: 'DELETE' });
    expect([status, at(body, 'metadata', 'deletionGracePeriodSeconds')]).toEqual([200, 30]);
    bed.until(() => bed.world.cluster.store.get('pods', 'saasodoo', pod) === null);
    expect((await bed.ask(`${PODS}/${pod}`)).status).toBe(404);
    bed.until(() => bed.world.cluster.store.get('deployments', 'saasodoo', 'user-service')?.status.readyReplicas === 3);
  });

  it('refuses another one than the one that was meant', async () => {
    const pod = await podOf('user-service');
    const uid = await get(`${PODS}/${pod}`, 'metadata', 'uid');
    const remove = (preconditions: object) =>
      bed.ask(`${PODS}/${pod}`, { method: 'DELETE', body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions } });
    const words = `Operation cannot be fulfilled on Pod "${pod}": the UID in the precondition (abc) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    expect(refusal(await remove({ uid: 'abc' }))).toEqual([409, 'Conflict', words]);
    expect((await remove({ uid, resourceVersion: '1' })).status).toBe(409);
    expect((await remove({ uid })).status).toBe(200);
  });

  it('takes along what was made, or leaves it when it is told to', async () => {
    const count = (name: string) =>
      bed.world.cluster.store.list('pods').filter(each => each.metadata.labels?.['app.kubernetes.io/name'] === name)
        .length;
    const { body } = await bed.ask(USER, { method: 'DELETE' });
    expect(at(body, 'status')).toBe('Success');
    bed.until(() => count('user-service') === 0);
    await bed.ask(`${APPS}/deployments/billing-service?propagationPolicy=Orphan`, { method: 'DELETE' });
    bed.pass(30);
    expect(count('billing-service')).toBe(2);
    const foreground = await bed.ask(`${APPS}/deployments/instance-service?propagationPolicy=Foreground`, {
      method: 'DELETE',
    });
    expect(at(foreground.body, 'metadata', 'finalizers')).toEqual(['foregroundDeletion']);
    bed.until(() => bed.world.cluster.store.get('deployments', 'saasodoo', 'instance-service') === null);
    expect(count('instance-service')).toBe(0);
  });

  it('evicts, and only tries to with dryRun', async () => {
    const pod = await podOf('user-service');
    const evict = (deleteOptions: object) =>
      bed.ask(`${PODS}/${pod}/eviction`, {
        method: 'POST',
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod }, deleteOptions },
      });
    expect((await evict({ dryRun: ['All'] })).status).toBe(201);
    expect(await get(`${PODS}/${pod}`, 'metadata', 'deletionTimestamp')).toBeUndefined();
    expect((await evict({ preconditions: { uid: 'abc' } })).status).toBe(409);
    expect((await evict({})).status).toBe(201);
    expect(await get(`${PODS}/${pod}`, 'metadata', 'deletionTimestamp')).toBeDefined();
  });
});

describe('jobs', () => {
  const job = (metadata: object) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'redis:7-alpine' }] } } },
  });
  const create = (metadata: object, query = '') => bed.ask(`${JOBS}${query}`, { method: 'POST', body: job(metadata) });

  it('are made, run and are told apart by name', async () => {
    expect((await create({ name: 'once' }, '?dryRun=All')).status).toBe(201);
    expect((await bed.ask(`${JOBS}/once`)).status).toBe(404);
    const made = await create({ name: 'once' });
    expect([made.status, at(made.body, 'metadata', 'labels', 'job-name')]).toEqual([201, 'once']);
    expect(refusal(await create({ name: 'once' }))).toEqual([409, 'AlreadyExists', 'jobs.batch "once" already exists']);
    bed.until(() => bed.world.cluster.store.get('jobs', 'saasodoo', 'once')?.status.succeeded === 1);
  });

  it('are refused under names that cannot be, and in namespaces that are not there', async () => {
    expect((await create({ name: 'Bad Name' })).status).toBe(422);
    const lost = await bed.ask('/apis/batch/v1/namespaces/nons/jobs', { method: 'POST', body: job({ name: 'x' }) });
    expect([lost.status, at(lost.body, 'message')]).toEqual([404, 'namespaces "nons" not found']);
  });
});

describe('a server that is not well', () => {
  it('frozen, takes the question and answers when it is thawed; a watch tells nothing meanwhile', async () => {
    const { lines, stop } = await bed.watch(
      `${APPS}/deployments?watch=1&resourceVersion=${bed.world.cluster.store.revision}`,
    );
    bed.api.gate.freeze();
    let answered = false;
    const waiting = bed.ask('/readyz').then(({ text }) => {
      answered = true;
      return text;
    });
    const store = bed.world.cluster.store;
    const deployment = store.get('deployments', 'saasodoo', 'user-service')!;
    store.modify('deployments', deployment, now => ({ ...now, spec: { ...now.spec, replicas: 4 } }));
    await vi.waitFor(() => expect(bed.api.gate.frozen).toBe(true));
    await new Promise(done => setImmediate(done));
    expect([answered, lines]).toEqual([false, []]);
    bed.api.gate.thaw();
    expect(await waiting).toBe('ok');
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    stop();
  });

  it('gone, refuses connections and ends those that are there; back, it has the same port', async () => {
    const { over } = await bed.watch('/api/v1/nodes?watch=1');
    const { port } = bed.api.gate;
    await bed.api.gate.shut();
    await over;
    await expect(bed.ask('/readyz')).rejects.toThrow('ECONNREFUSED');
    await bed.api.gate.reopen();
    expect(bed.api.gate.port).toBe(port);
    expect((await bed.ask('/readyz')).text).toBe('ok');
  });
});

describe('a watch that is narrowed', () => {
  it('sees what leaves its part as deleted and what comes in as added', async () => {
    const from = bed.world.cluster.store.revision;
    const selector = 'labelSelector=tier%3Dgold';
    const { lines, stop } = await bed.watch(`${APPS}/deployments?watch=1&resourceVersion=${from}&${selector}`);
    await bed.patch(USER, { metadata: { labels: { tier: 'gold' } } });
    await bed.patch(USER, { metadata: { annotations: { note: 'x' } } });
    await bed.patch(USER, { metadata: { labels: { tier: null } } });
    await vi.waitFor(() => expect(lines.map(each => at(each, 'type'))).toEqual(['ADDED', 'MODIFIED', 'DELETED']));
    stop();
  });
});
