import type { KubeObject } from './entity.ts';

/** The id of an object that is not watched is its address behind the source's name: `prod/api/v1/namespaces/…`. */
export function objectIdOf(source: string, path: string): string {
  return `${source}${path}`;
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<resource>[^/?]+)\/(?<name>[^/?]+)$/;

/** Where the API keeps it; null for the id of anything else. */
export function pathOfObject(source: string, id: string): string | null {
  const path = id.startsWith(`${source}/`) ? id.slice(source.length) : '';
  return PATH.test(path) && !path.split('/').includes('..') ? path : null;
}

/** An object that is not watched, from what stands in a journal of it; null for the id of anything else. */
export function objectFrom(
  id: string,
  { name, source, uid, version }: Pick<KubeObject, 'name' | 'source' | 'uid' | 'version'>,
): KubeObject | null {
  const { group = '', namespace, resource = '' } = PATH.exec(pathOfObject(source, id) ?? '')?.groups ?? {};
  if (resource === '') return null;
  return {
    id,
    kind: 'object',
    name,
    source,
    uid,
    version,
    group,
    resource,
    type: resource,
    namespace: namespace === undefined ? null : decodeURIComponent(namespace),
    observedAt: 0,
    health: 'unknown',
    reason: null,
    createdAt: null,
    labels: {},
  };
}
