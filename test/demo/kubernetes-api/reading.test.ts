import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at, KubernetesBed } from '../bed.ts';

const NS = '/api/v1/namespaces/saasodoo';
const APPS = '/apis/apps/v1/namespaces/saasodoo';
let bed: KubernetesBed;
beforeAll(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
});
afterAll(() => bed.api.close());

const items = (body: unknown) => at(body, 'items') as unknown[];
const names = (body: unknown) => items(body).map(each => at(each, 'metadata', 'name'));

describe('who may ask', () => {
  it('is asked for its token', async () => {
    const { status, body } = await bed.ask('/api/v1/nodes', { headers: { authorization: 'Bearer another' } });
    expect([status, at(body, 'kind'), at(body, 'reason')]).toEqual([401, 'Status', 'Unauthorized']);
  });

  it('may do everything', async () => {
    const body = {
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'delete', resource: 'pods' } },
    };
    const review = await bed.ask('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { method: 'POST', body });
    expect([review.status, at(review.body, 'status', 'allowed')]).toEqual([201, true]);
  });
});

it('leads to the services that have a route, and to every instance, by Ingresses and IngressRoutes', async () => {
  const { body } = await bed.ask('/apis/networking.k8s.io/v1/namespaces/saasodoo/ingresses');
  const services = new Set(names((await bed.ask(`${NS}/services`)).body));
  const all = names(body);
  expect(all.length).toBeGreaterThan(10);
  expect(all.every(name => services.has(name))).toBe(true);
  const app = items(body).find(each => at(each, 'metadata', 'name') === 'frontend-service');
  expect(at(app, 'spec', 'rules', 0)).toMatchObject({
    host: 'app.saasodoo.test',
    http: { paths: [{ path: '/', backend: { service: { name: 'frontend-service' } } }] },
  });
  const own = await bed.ask('/apis/traefik.io/v1alpha1/namespaces/saasodoo/ingressroutes');
  const api = items(own.body).find(each => at(each, 'metadata', 'name') === 'user-service');
  expect(at(api, 'spec', 'routes', 0)).toMatchObject({
    match: 'Host(`api.saasodoo.test`) && PathPrefix(`/user`)',
    services: [{ name: 'user-service' }],
    middlewares: [{ name: 'user-service-strip' }],
  });
  expect(all).not.toContain('user-service');
});

describe('the server itself', () => {
  it('tells its version, its readiness and what it has', async () => {
    expect(at((await bed.ask('/version')).body, 'gitVersion')).toMatch(/^v1\.35\./);
    expect((await bed.ask('/readyz')).text).toBe('ok');
    const groups = at((await bed.ask('/apis')).body, 'groups') as unknown[];
    expect(groups.map(each => at(each, 'name'))).toEqual(expect.arrayContaining(['apps', 'batch', 'metrics.k8s.io']));
    const resources = at((await bed.ask('/api/v1')).body, 'resources') as unknown[];
    expect(resources.map(each => at(each, 'name'))).toContain('pods/eviction');
  });

  it('says which kind of nothing there is', async () => {
    const missing = await bed.ask(`${APPS}/deployments/nope`);
    expect([missing.status, at(missing.body, 'message')]).toEqual([404, 'deployments.apps "nope" not found']);
    const kind = await bed.ask('/api/v1/nothing');
    expect([kind.status, at(kind.body, 'message')]).toEqual([404, 'the server could not find the requested resource']);
    expect((await bed.ask('/apis/none.example/v1/things')).text).toBe('404 page not found\n');
    const method = await bed.ask(`${NS}/pods/x`, { method: 'POST', body: {} });
    expect([method.status, at(method.body, 'reason')]).toEqual([405, 'MethodNotAllowed']);
    const protobuf = await bed.ask('/api/v1/nodes', { headers: { accept: 'application/vnd.kubernetes.protobuf' } });
    expect(protobuf.status).toBe(406);
  });
});

describe('lists', () => {
  it('come in pages that add up to the whole', async () => {
    const whole = await bed.ask('/api/v1/pods');
    const pages: unknown[] = [];
    let token = '';
    do {
      const { body } = await bed.ask(`/api/v1/pods?limit=7${token && `&continue=${token}`}`);
      pages.push(...names(body));
      token = String(at(body, 'metadata', 'continue') ?? '');
      expect(at(body, 'metadata', 'remainingItemCount')).toBe(
        token ? items(whole.body).length - pages.length : undefined,
      );
    } while (token);
    expect(pages).toEqual(names(whole.body));
    expect(at(whole.body, 'kind')).toBe('PodList');
    expect(at(items(whole.body)[0], 'kind')).toBeUndefined();
  });

  it('are narrowed by labels and fields, and refuse fields that nobody indexes', async () => {
    const odoo = await bed.ask(`${NS}/pods?labelSelector=app%3Dodoo,saasodoo.instance.name!%3Dacme`);
    expect(items(odoo.body)).toHaveLength(27);
    const some = await bed.ask(`${NS}/pods?labelSelector=saasodoo.instance.name%20in%20(acme,globex)`);
    expect(items(some.body)).toHaveLength(2);
    const there = await bed.ask('/api/v1/pods?fieldSelector=spec.nodeName%3Dvps-1,status.phase%3DRunning');
    const nodes = items(there.body).map(each => at(each, 'spec', 'nodeName'));
    expect([nodes.length > 5, new Set(nodes)]).toEqual([true, new Set(['vps-1'])]);
    const refused = await bed.ask('/api/v1/pods?fieldSelector=spec.foo%3Dx');
    expect([refused.status, at(refused.body, 'message')]).toEqual([400, 'field label not supported: spec.foo']);
    expect((await bed.ask('/api/v1/pods?labelSelector=a%3D%3D%3Db')).status).toBe(400);
  });

  it('come as tables, with or without objects', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const { body } = await bed.ask('/api/v1/nodes?includeObject=None', { headers: { accept } });
    expect((at(body, 'columnDefinitions') as unknown[]).map(each => at(each, 'name'))).toEqual([
      ...['Name', 'Status', 'Roles', 'Age', 'Version', 'Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version'],
      'Container-Runtime',
    ]);
    expect((at(body, 'rows', 0, 'cells') as unknown[]).slice(0, 4)).toEqual([
      'vps-1',
      'Ready',
      'control-plane,etcd',
      '215d',
    ]);
    expect(at(body, 'rows', 0, 'object')).toBeNull();
    const rows = await bed.ask(`${APPS}/deployments?includeObject=Object`, { headers: { accept } });
    expect(at(rows.body, 'rows', 0, 'object', 'kind')).toBe('Deployment');
    const partial = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
    const one = await bed.ask('/api/v1/nodes/vps-1', { headers: { accept: partial } });
    expect([at(one.body, 'kind'), at(one.body, 'spec')]).toEqual(['PartialObjectMetadata', undefined]);
  });

  it('hold every kind that operators look at, and no real secret', async () => {
    const addresses = [
      ...['nodes', 'pods', 'services', 'endpoints', 'persistentvolumeclaims', 'events', 'namespaces', 'configmaps'].map(
        kind => `/api/v1/${kind}`,
      ),
      ...['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map(kind => `/apis/apps/v1/${kind}`),
      ...['/apis/batch/v1/cronjobs', '/apis/discovery.k8s.io/v1/endpointslices'],
      ...['/apis/metrics.k8s.io/v1beta1/nodes', '/apis/metrics.k8s.io/v1beta1/pods'],
    ];
    for (const address of addresses) {
      const { status, body } = await bed.ask(address);
      expect([address, status, items(body).length > 0]).toEqual([address, 200, true]);
    }
    const secrets = await bed.ask(`${NS}/secrets`);
    const values = Object.values(at(secrets.body, 'items', 0, 'data') as Record<string, string>);
    expect(new Set(values.map(value => atob(value)))).toEqual(new Set(['demo-not-a-secret']));
  });
});

describe('logs', () => {
  it('are what the container wrote: as many lines as asked for, the same when asked again', async () => {
    const pod = names((await bed.ask(`${NS}/pods?labelSelector=saasodoo.instance.name%3Dglobex`)).body)[0];
    const ask = () => bed.ask(`${NS}/pods/${pod}/log?tailLines=5&timestamps=true`);
    const { text } = await ask();
    expect(text.trim().split('\n')).toHaveLength(5);
    expect(text).toMatch(/^2026-11-23T14:0\d:\d\d\.\d{9}Z 2026-11-23 .* odoo werkzeug: /);
    expect((await ask()).text).toBe(text);
    const previous = await bed.ask(`${NS}/pods/${pod}/log?previous=true`);
    expect([previous.status, at(previous.body, 'message')]).toEqual([
      400,
      `previous terminated container "odoo" in pod "${pod}" not found`,
    ]);
    const other = await bed.ask(`${NS}/pods/${pod}/log?container=zz`);
    expect(at(other.body, 'message')).toBe(`container zz is not valid for pod ${pod}`);
  });
});

describe('a watch', () => {
  it('from a version that is not remembered any more ends with 410, inside the stream', async () => {
    const { lines, over } = await bed.watch('/api/v1/pods?watch=1&resourceVersion=1');
    await over;
    expect(lines).toHaveLength(1);
    expect([at(lines[0], 'type'), at(lines[0], 'object', 'code'), at(lines[0], 'object', 'reason')]).toEqual([
      'ERROR',
      410,
      'Expired',
    ]);
  });

  it('without a version first tells what is there, and with initial events where that ends', async () => {
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const { lines, stop } = await bed.watch(`/api/v1/nodes?${query}`);
    await vi.waitFor(() => expect(lines).toHaveLength(4));
    stop();
    expect(lines.slice(0, 3).map(each => at(each, 'type'))).toEqual(['ADDED', 'ADDED', 'ADDED']);
    expect(at(lines[3], 'type')).toBe('BOOKMARK');
    expect(at(lines[3], 'object', 'metadata', 'annotations')).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  it('ends when its time is over', async () => {
    const { lines, over } = await bed.watch(
      `/api/v1/nodes?watch=1&timeoutSeconds=1&resourceVersion=${bed.world.cluster.store.revision}`,
    );
    await over;
    expect(lines).toEqual([]);
  });

  it('cannot begin at what is no version', async () => {
    const { status, body } = await bed.ask('/api/v1/nodes?watch=1&resourceVersion=abc');
    expect([status, at(body, 'message')]).toEqual([500, expect.stringContaining('strconv.ParseUint')]);
  });
});
