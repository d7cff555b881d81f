import { describe, expect, test } from 'vitest';
import { status } from './fake-api.ts';
import { startApi, until, watch } from './harness.ts';

const path = (path: string, name: string, port: object) => ({ path, backend: { service: { name, port } } });
const ingress = (name: string, rules: object[], more: { annotations?: object; defaultBackend?: object } = {}) => ({
  metadata: { name, namespace: 'shop', annotations: more.annotations ?? {} },
  spec: { rules, ...(more.defaultBackend && { defaultBackend: more.defaultBackend }) },
});
const deployment = (name: string) => ({ metadata: { name, namespace: 'shop' }, spec: { replicas: 1 } });
const web = ingress('web', [{ host: 'acme.example', http: { paths: [path('/', 'web', { number: 80 })] } }]);

test('an Ingress is a route: hosts, paths, port, and the workload of the same name, whichever comes first', async () => {
  const api = await startApi();
  api.put('ingresses', web);
  api.put('deployments', deployment('web'));
  const { sink } = watch(api);
  const route = () => sink.get('route', 'prod/shop/route/web');
  await until(() => route()?.workload === 'prod/shop/deployment/web');
  expect(route()).toMatchObject({
    namespace: 'shop',
    rule: 'acme.example/ → web:80',
    hosts: ['acme.example'],
    paths: ['/'],
    port: 80,
    middlewares: [],
  });
  await until(() => api.watches('ingresses').length === 1 && api.watches('deployments').length === 1);
  api.put(
    'ingresses',
    ingress('late', [{ http: { paths: [path('/late', 'late', { name: 'http' })] } }], {
      annotations: { 'traefik.ingress.kubernetes.io/router.middlewares': 'shop-strip@kubernetescrd, shop-auth@file' },
    }),
  );
  await until(() => sink.named('route', 'late'));
  expect(sink.named('route', 'late')).toMatchObject({
    rule: '*/late → late:http',
    hosts: [],
    port: null,
    workload: null,
    middlewares: ['shop-strip@kubernetescrd', 'shop-auth@file'],
  });
  api.put('deployments', deployment('late'));
  await until(() => sink.named('route', 'late')?.workload === 'prod/shop/deployment/late');
  api.remove('ingresses', 'web', 'shop');
  await until(() => !route());
});

test('that leads to several services names no workload, but all of them in its rule', async () => {
  const api = await startApi();
  api.put('deployments', deployment('web'));
  const both = [{ host: 'a.example', http: { paths: [path('/', 'web', { number: 80 })] } }];
  api.put('ingresses', ingress('both', both, { defaultBackend: { service: { name: 'rest', port: { number: 81 } } } }));
  const { sink } = watch(api);
  await until(() => sink.named('route', 'both') && sink.coverages.get('workload')?.state === 'complete');
  expect(sink.named('route', 'both')).toMatchObject({
    rule: 'a.example/ → web:80, * → rest:81',
    port: null,
    workload: null,
  });
});

test.each([
  [403, 'forbidden', 'ingresses.networking.k8s.io is forbidden'],
  [404, 'absent', 'the server could not find the requested resource'],
] as const)('%i: routes are %s, in words', async (code, state, words) => {
  const api = await startApi();
  api.answers.set('ingresses', (_asked, response) => status(response, code, words));
  const { sink } = watch(api);
  await until(() => sink.coverages.get('route')?.state === state);
  expect(sink.coverages.get('route')).toMatchObject({
    trouble: { what: expect.stringContaining('list ingresses.networking.k8s.io'), why: words },
  });
  await until(() => sink.coverages.get('replica')?.state === 'complete');
});

test('the raw Ingress is read from its own address', async () => {
  const api = await startApi();
  api.put('ingresses', web);
  const { sink, source } = watch(api);
  await until(() => sink.named('route', 'web'));
  const raw = await source.raw?.('route', 'prod/shop/route/web', AbortSignal.timeout(5_000));
  expect(raw).toMatchObject({ metadata: { name: 'web' }, spec: web.spec });
  expect(api.asked.map(({ path }) => path)).toContain('/apis/networking.k8s.io/v1/namespaces/shop/ingresses/web');
});

describe("Traefik's IngressRoute", () => {
  const object = (name: string, routes: object[]) => ({ metadata: { name, namespace: 'shop' }, spec: { routes } });
  const shop = object('shop', [
    {
      kind: 'Rule',
      match: 'Host(`acme.example`) && PathPrefix(`/shop`)',
      services: [{ name: 'web', port: 80 }],
      middlewares: [{ name: 'strip' }, { name: 'auth', namespace: 'kube-system' }, { name: 'gzip@file' }],
    },
    { kind: 'Rule', match: 'Host(`www.acme.example`)', services: [{ name: 'web', port: 80 }] },
  ]);
  const path = '/apis/traefik.io/v1alpha1/namespaces/shop/ingressroutes/shop';

  test('is a route as an Ingress is, with the workload of the same name as its Service', async () => {
    const api = await startApi();
    api.traefik = true;
    api.put('ingressroutes', shop);
    api.put('ingresses', ingress('shop', [{ host: 'other.example' }]));
    api.put('deployments', deployment('web'));
    const { sink, source } = watch(api);
    const route = () => sink.get('route', 'prod/shop/ingressroute/shop');
    await until(() => route()?.workload === 'prod/shop/deployment/web');
    expect(route()).toMatchObject({
      name: 'shop',
      namespace: 'shop',
      rule: 'Host(`acme.example`) && PathPrefix(`/shop`) → web:80, Host(`www.acme.example`) → web:80',
      hosts: ['acme.example', 'www.acme.example'],
      paths: ['/shop'],
      middlewares: ['shop-strip@kubernetescrd', 'kube-system-auth@kubernetescrd', 'gzip@file'],
      port: 80,
    });
    await until(() => sink.coverages.get('route')?.state === 'complete');
    expect(sink.get('route', 'prod/shop/route/shop')).toBeDefined();
    const raw = await source.raw?.('route', 'prod/shop/ingressroute/shop', AbortSignal.timeout(5_000));
    expect(raw).toMatchObject({ spec: shop.spec });
    expect(api.asked.map(({ path }) => path)).toContain(path);
    await until(() => api.watches('ingressroutes').length === 1);
    api.remove('ingressroutes', 'shop', 'shop');
    await until(() => !route());
    expect(sink.get('route', 'prod/shop/route/shop')).toBeDefined();
  });

  test('that leads to several services, to another namespace or to none names what it can', async () => {
    const api = await startApi();
    api.traefik = true;
    const weighted = [
      { name: 'web', port: 'http' },
      { name: 'spare', port: 81 },
    ];
    api.put('ingressroutes', object('both', [{ match: 'Host(`a.example`)', services: weighted }]));
    api.put(
      'ingressroutes',
      object('away', [{ match: 'Path(`/`)', services: [{ name: 'web', namespace: 'kube-system' }] }]),
    );
    api.put(
      'ingressroutes',
      object('split', [{ match: 'Path(`/`)', services: [{ name: 'web', kind: 'TraefikService' }] }]),
    );
    api.put('ingressroutes', object('broken', [{ services: 7 as never }]));
    api.put('deployments', deployment('web'));
    const { sink } = watch(api);
    await until(() => sink.named('route', 'broken') && sink.coverages.get('workload')?.state === 'complete');
    expect(sink.named('route', 'both')).toMatchObject({
      rule: 'Host(`a.example`) → web:http + spare:81',
      port: null,
      workload: null,
    });
    expect(sink.named('route', 'away')).toMatchObject({ rule: 'Path(`/`) → web', workload: null });
    expect(sink.named('route', 'split')).toMatchObject({ workload: null });
    expect(sink.named('route', 'broken')).toMatchObject({ rule: '? → ?', hosts: [], paths: [] });
  });

  test('is passed over without a word where Traefik defines none, and read once it does', async () => {
    const api = await startApi();
    const { sink } = watch(api);
    await until(() => sink.coverages.get('route')?.state === 'complete');
    await until(() => api.count('v1alpha1') > 2);
    expect(sink.coverages.get('route')).toEqual({ state: 'complete' });
    expect(api.count('list', 'ingressroutes')).toBe(0);
    expect(JSON.stringify([sink.lines, sink.events])).not.toContain('traefik');
    api.traefik = true;
    api.put('ingressroutes', shop);
    await until(() => sink.named('route', 'shop'));
  });

  test('keeps the routes from being complete until it is known, and read', async () => {
    const api = await startApi();
    api.traefik = true;
    api.put('ingresses', ingress('shop', [{ host: 'other.example' }]));
    api.put('ingressroutes', shop);
    const discovery = Promise.withResolvers<void>();
    const list = Promise.withResolvers<void>();
    api.answers.set('v1alpha1', (_asked, _response, serve) => void discovery.promise.then(serve));
    api.answers.set('ingressroutes', (_asked, _response, serve) => void list.promise.then(serve));
    const { sink } = watch(api);
    const state = () => sink.coverages.get('route')?.state;
    await until(() => sink.named('route', 'shop') && sink.coverages.get('claim')?.state === 'complete');
    expect(state()).toBe('asking');
    discovery.resolve();
    await until(() => api.count('list', 'ingressroutes') === 1);
    expect(state()).toBe('asking');
    list.resolve();
    await until(() => state() === 'complete');
    expect(sink.get('route', 'prod/shop/ingressroute/shop')).toBeDefined();
  });

  test('that may not be read is told, beside the Ingresses that may', async () => {
    const api = await startApi();
    api.traefik = true;
    api.answers.set('ingressroutes', (_asked, response) => status(response, 403, 'ingressroutes is forbidden'));
    const { sink } = watch(api);
    await until(() => {
      const coverage = sink.coverages.get('route');
      return (
        coverage?.state === 'complete' && coverage.except?.some(({ what }) => what.includes('ingressroutes.traefik.io'))
      );
    });
  });
});
