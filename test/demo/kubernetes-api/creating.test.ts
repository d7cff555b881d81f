import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject, Plural } from '../../../src/demo/controller/kubernetes/objects.ts';
import { isReady } from '../../../src/demo/controller/kubernetes/relations.ts';
import { withDefaults } from '../../../src/demo/kubernetes-api/defaults.ts';
import { at, KubernetesBed } from '../bed.ts';

const NS = '/api/v1/namespaces/saasodoo';
const APPS = '/apis/apps/v1/namespaces/saasodoo';
let bed: KubernetesBed;
beforeEach(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const post = (path: string, body: unknown) => bed.ask(path, { method: 'POST', body });
const store = () => bed.world.cluster.store;
const labels = { app: 'web' };
const deployment = (
  template: object = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'alpine' }] } },
) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: labels }, template },
});

describe('defaults', () => {
  it('change nothing of what is there: it has them all', () => {
    const kinds: Plural[] = ['deployments', 'statefulsets', 'daemonsets', 'cronjobs', 'services', 'pods', 'jobs'];
    for (const kind of kinds)
      for (const object of store().list(kind) as readonly KubeObject[])
        expect(withDefaults(kind, object)).toEqual(object);
  });
});

describe('a client makes', () => {
  it('a deployment, whose pods come and go as for any other', async () => {
    expect((await post(`${APPS}/deployments?dryRun=All`, deployment())).status).toBe(201);
    expect(store().get('deployments', 'saasodoo', 'web')).toBeNull();
    const { status, body } = await post(`${APPS}/deployments`, deployment());
    expect([status, at(body, 'spec', 'replicas'), at(body, 'spec', 'strategy', 'type')]).toEqual([
      201,
      1,
      'RollingUpdate',
    ]);
    bed.until(() => store().get('deployments', 'saasodoo', 'web')?.status.readyReplicas === 1);
    expect((await post(`${APPS}/deployments`, deployment())).status).toBe(409);
    // A PUT that says nothing about the replicas means the usual number.
    await bed.patch(`${APPS}/deployments/web`, { spec: { replicas: 3 } });
    const put = await bed.ask(`${APPS}/deployments/web`, { method: 'PUT', body: deployment() });
    expect([put.status, at(put.body, 'spec', 'replicas')]).toEqual([200, 1]);
  });

  it('a pod to debug with, that ends when it is deleted', async () => {
    const pod = {
      metadata: { name: 'debug' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'sh', image: 'busybox' }] },
    };
    const { status, body } = await post(`${NS}/pods`, pod);
    expect([status, at(body, 'status', 'phase')]).toEqual([201, 'Pending']);
    const debug = () => store().get('pods', 'saasodoo', 'debug');
    bed.until(() => debug() !== null && isReady(debug()!));
    await bed.ask(`${NS}/pods/debug`, { method: 'DELETE' });
    bed.until(() => debug() === null);
  });

  it('settings, keys and a service that leads to pods', async () => {
    expect((await post(`${NS}/configmaps`, { metadata: { name: 'a' }, data: { key: 'value' } })).status).toBe(201);
    const secret = await post(`${NS}/secrets`, { metadata: { name: 'b' }, stringData: { key: 'not-a-secret' } });
    expect(at(secret.body, 'data', 'key')).toBe(btoa('not-a-secret'));
    const spec = { selector: { 'app.kubernetes.io/name': 'user-service' }, ports: [{ port: 80 }] };
    const service = await post(`${NS}/services`, { metadata: { name: 'c' }, spec });
    expect(at(service.body, 'spec', 'ports', 0)).toEqual({ port: 80, targetPort: 80, protocol: 'TCP' });
    expect(at(service.body, 'spec', 'clusterIP')).toMatch(/^10\.43\./);
    bed.until(() => store().get('endpoints', 'saasodoo', 'c')?.subsets?.[0]?.addresses?.length === 3);
  });

  it('nothing that cannot be', async () => {
    const refusal = async (path: string, body: object) => {
      const reply = await post(path, body);
      return [reply.status, at(reply.body, 'message')];
    };
    expect(
      await refusal(`${APPS}/deployments`, deployment({ spec: { containers: [{ name: 'a', image: 'b' }] } })),
    ).toEqual([
      422,
      'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
    ]);
    expect(await refusal(`${NS}/pods`, { metadata: { name: 'x' }, spec: {} })).toEqual([
      422,
      'Pod "x" is invalid: spec.containers: Required value',
    ]);
    expect((await refusal('/apis/apps/v1/namespaces/saasodoo/replicasets', { metadata: { name: 'x' } }))[0]).toBe(405);
    expect((await refusal(`${NS}/events`, { metadata: { name: 'x' } }))[0]).toBe(405);
    expect((await refusal('/api/v1/namespaces/nons/pods', { metadata: { name: 'x' } }))[0]).toBe(404);
  });
});
