import { apiVersionOf, RESOURCES, type ResourceInfo } from '../controller/kubernetes/resources.ts';

/**
 * As much of `/openapi/v3` as kubectl asks for before it applies something: that the server checks the fields itself
 * (`fieldValidation`), so that no schema is needed. null for any other address.
 */
export function openapi(path: string): object | null {
  if (path === '/openapi/v3') {
    const versions = new Set(Object.values(RESOURCES).map(rootOf));
    return {
      paths: Object.fromEntries([...versions].map(each => [each, { serverRelativeURL: `/openapi/v3/${each}` }])),
    };
  }
  const [, root] = /^\/openapi\/v3\/(apis?\/.+)$/.exec(path) ?? [];
  const kinds = Object.values(RESOURCES).filter(each => rootOf(each) === root);
  if (kinds.length === 0) return null;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.4' },
    paths: Object.fromEntries(kinds.map(each => [placeOf(each), { patch: patchOf(each) }])),
  };
}

function patchOf({ group, version, kind }: ResourceInfo): object {
  const parameter = (name: string, type: string) => ({ name, in: 'query', schema: { type, uniqueItems: true } });
  return {
    operationId: `patch${kind}`,
    parameters: [
      parameter('dryRun', 'string'),
      parameter('fieldManager', 'string'),
      parameter('fieldValidation', 'string'),
      parameter('force', 'boolean'),
    ],
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

function rootOf(info: ResourceInfo): string {
  return info.group ? `apis/${apiVersionOf(info)}` : `api/${info.version}`;
}

function placeOf(info: ResourceInfo): string {
  return `/${rootOf(info)}/${info.namespaced ? 'namespaces/{namespace}/' : ''}${info.plural}/{name}`;
}
