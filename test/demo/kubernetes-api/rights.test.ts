import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ask, at, KubernetesBed } from '../bed.ts';

const NS = '/api/v1/namespaces/saasodoo';
const USER = '/apis/apps/v1/namespaces/saasodoo/deployments/user-service';
let bed: KubernetesBed;
beforeEach(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const asViewer = (path: string, ask: Ask = {}) =>
  bed.ask(path, { ...ask, headers: { authorization: 'Bearer the-viewers-token', ...ask.headers } });
const merge = { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } };
const canI = async (verb: string, resource: string, rest: object = {}) =>
  at(
    (
      await asViewer('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        method: 'POST',
        body: { spec: { resourceAttributes: { verb, resource, namespace: 'saasodoo', ...rest } } },
      })
    ).body,
    'status',
    'allowed',
  );

describe('a token that may only look', () => {
  it('reads and watches, but no secret', async () => {
    expect((await asViewer(`${NS}/pods?limit=1`)).status).toBe(200);
    expect((await asViewer('/api/v1/nodes/vps-1')).status).toBe(200);
    const { status, body } = await asViewer(`${NS}/secrets`);
    expect([status, at(body, 'reason'), at(body, 'message')]).toEqual([
      403,
      'Forbidden',
      'secrets is forbidden: User "demo-viewer" cannot list resource "secrets" in API group "" in the namespace "saasodoo"',
    ]);
  });

  it('writes nothing, and is told why', async () => {
    const before = bed.world.cluster.store.revision;
    const words = async (path: string, ask: Ask) => at((await asViewer(path, ask)).body, 'message');
    expect(await words(`${USER}/scale`, { ...merge, body: { spec: { replicas: 1 } } })).toBe(
      'deployments.apps "user-service" is forbidden: User "demo-viewer" cannot patch resource "deployments/scale" in API group "apps" in the namespace "saasodoo"',
    );
    expect(await words('/api/v1/nodes/vps-1', { ...merge, body: { spec: { unschedulable: true } } })).toBe(
      'nodes "vps-1" is forbidden: User "demo-viewer" cannot patch resource "nodes" in API group "" at the cluster scope',
    );
    for (const [method, path] of [
      ['DELETE', `${NS}/pods/postgres-0`],
      ['POST', `${NS}/pods/postgres-0/eviction`],
      ['GET', `${NS}/pods/postgres-0/exec?command=ls`],
      ['DELETE', `${NS}/pods`],
    ] as const)
      expect((await asViewer(path, { method, body: {} })).status).toBe(403);
    expect(bed.world.cluster.store.revision).toBe(before);
  });

  it('is told by access reviews what it may', async () => {
    expect(await canI('list', 'pods')).toBe(true);
    expect(await canI('get', 'pods', { subresource: 'log' })).toBe(true);
    expect(await canI('delete', 'pods')).toBe(false);
    expect(await canI('patch', 'deployments', { group: 'apps', subresource: 'scale' })).toBe(false);
    expect(await canI('create', 'pods', { subresource: 'eviction' })).toBe(false);
    expect(await canI('get', 'secrets')).toBe(false);
    const rules = await asViewer('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      method: 'POST',
      body: { spec: { namespace: 'saasodoo' } },
    });
    const apps = (at(rules.body, 'status', 'resourceRules') as unknown[]).find(
      each => at(each, 'apiGroups', 0) === 'apps',
    );
    expect(at(apps, 'verbs')).toEqual(['get', 'list', 'watch']);
  });

  it('is what the usual one becomes when its rights are taken', async () => {
    bed.api.rights = 'view';
    expect((await bed.patch(USER, { spec: { replicas: 2 } })).status).toBe(403);
    bed.api.rights = 'all';
    expect((await bed.patch(USER, { spec: { replicas: 2 } })).status).toBe(200);
  });
});
