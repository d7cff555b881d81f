import { expect, it } from 'vitest';
import { right } from '../../src/actions/kubernetes.ts';

it.each([
  [
    '/apis/apps/v1/namespaces/shop/deployments/web',
    { group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' },
  ],
  [
    '/api/v1/namespaces/shop/persistentvolumeclaims/data',
    { group: '', resource: 'persistentvolumeclaims', namespace: 'shop', name: 'data' },
  ],
  [
    '/apis/traefik.io/v1alpha1/namespaces/shop/ingressroutes/web',
    { group: 'traefik.io', resource: 'ingressroutes', namespace: 'shop', name: 'web' },
  ],
  ['/api/v1/nodes/w1', { group: '', resource: 'nodes', namespace: null, name: 'w1' }],
  ['/api/v1/namespaces/shop', { group: '', resource: 'namespaces', namespace: null, name: 'shop' }],
])('asks for the right to what stands at %s', (path, what) => {
  expect(right(path, 'patch')).toEqual({ verb: 'patch', ...what });
});

it('asks for the right to a part of it', () => {
  expect(right('/api/v1/namespaces/shop/pods/web-1', 'create', 'eviction')).toMatchObject({
    verb: 'create',
    resource: 'pods',
    subresource: 'eviction',
    name: 'web-1',
  });
});
