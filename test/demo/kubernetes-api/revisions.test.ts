import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, KubernetesBed } from '../bed.ts';

const APPS = '/apis/apps/v1/namespaces/saasodoo';
let bed: KubernetesBed;
beforeEach(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const items = async (path: string) => at((await bed.ask(path)).body, 'items') as unknown[];
const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name, image: 'redis:8-alpine' }] } } } });
const strategic = (path: string, body: unknown) => bed.patch(path, body, 'strategic-merge-patch');

describe('the history of a stateful set', () => {
  it('has each template once, the one in use with the highest number, and takes one back', async () => {
    bed.world.cluster.images.push('redis:8-alpine');
    const revisions = async () =>
      (await items(`${APPS}/controllerrevisions?labelSelector=app%3Dredis`)).map(each => [
        at(each, 'revision'),
        at(each, 'data', 'spec', 'template', 'spec', 'containers', 0, 'image'),
      ]);
    const first = (await items(`${APPS}/controllerrevisions?labelSelector=app%3Dredis`))[0];
    expect(await revisions()).toEqual([[1, 'redis:7-alpine']]);
    await strategic(`${APPS}/statefulsets/redis`, image('redis'));
    const running = () =>
      bed.world.cluster.store.get('pods', 'saasodoo', 'redis-0')?.status.containerStatuses?.[0]?.image;
    bed.until(() => running() === 'redis:8-alpine');
    expect((await revisions()).sort()).toEqual([
      [1, 'redis:7-alpine'],
      [2, 'redis:8-alpine'],
    ]);
    // As `kubectl rollout undo` does: the revision's data is the patch.
    await strategic(`${APPS}/statefulsets/redis`, at(first, 'data'));
    bed.until(() => running() === 'redis:7-alpine');
    expect((await revisions()).sort()).toEqual([
      [2, 'redis:8-alpine'],
      [3, 'redis:7-alpine'],
    ]);
    const { status } = bed.world.cluster.store.get('statefulsets', 'saasodoo', 'redis') ?? {};
    expect(status?.updateRevision).toBe(at(first, 'metadata', 'name'));
  });

  it('goes with it', async () => {
    await bed.ask(`${APPS}/statefulsets/redis`, { method: 'DELETE' });
    bed.until(() => bed.world.cluster.store.get('pods', 'saasodoo', 'redis-0') === null);
    expect(await items(`${APPS}/controllerrevisions?labelSelector=app%3Dredis`)).toEqual([]);
  });
});

describe('the history of a deployment', () => {
  it('stands in its replica sets, and a template that comes back gets a new number', async () => {
    const sets = async () =>
      (await items(`${APPS}/replicasets?labelSelector=app.kubernetes.io/name%3Duser-service`))
        .map(each => [
          Number(at(each, 'metadata', 'annotations', 'deployment.kubernetes.io/revision')),
          String(at(each, 'spec', 'template', 'spec', 'containers', 0, 'image')).replace(/.*:/, ''),
        ])
        .sort();
    const history = await sets();
    const [revision, tag] = history[0] ?? [];
    const old = (await items(`${APPS}/replicasets?labelSelector=app.kubernetes.io/name%3Duser-service`)).find(
      each => at(each, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') === String(revision),
    );
    const template = structuredClone(at(old, 'spec', 'template')) as { metadata: { labels: Record<string, string> } };
    delete template.metadata.labels['pod-template-hash'];
    // As Go writes it.
    Object.assign(template.metadata, { creationTimestamp: null });
    await bed.patch(
      `${APPS}/deployments/user-service`,
      [{ op: 'replace', path: '/spec/template', value: template }],
      'json-patch',
    );
    const deployment = () => bed.world.cluster.store.get('deployments', 'saasodoo', 'user-service');
    bed.until(() => {
      const { metadata, status } = deployment() ?? {};
      const isSeen = status?.observedGeneration === metadata?.generation;
      return isSeen && status?.updatedReplicas === 3 && status.replicas === 3;
    });
    const highest = Math.max(...history.map(([number]) => Number(number)));
    expect(await sets()).toContainEqual([highest + 1, tag]);
    expect(await sets()).toHaveLength(history.length);
    expect(deployment()?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe(String(highest + 1));
  });

  it('does not roll while it is paused, and does when it goes on', async () => {
    const path = `${APPS}/deployments/user-service`;
    const pods = () =>
      bed.world.cluster.store
        .list('pods', 'saasodoo')
        .filter(each => each.metadata.labels?.['app.kubernetes.io/name'] === 'user-service')
        .map(each => each.metadata.name)
        .sort();
    const before = pods();
    await strategic(path, { spec: { paused: true } });
    await strategic(path, { spec: { template: { metadata: { annotations: { again: 'now' } } } } });
    bed.pass(60);
    expect(pods()).toEqual(before);
    await strategic(path, { spec: { paused: false } });
    bed.until(() => pods().length === 3 && pods().every(each => !before.includes(each)));
  });
});
