import { expect, test } from 'vitest';
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
