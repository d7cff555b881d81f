import type { Plural } from '../controller/kubernetes/objects.ts';
import { RESOURCES, type ResourceInfo } from '../controller/kubernetes/resources.ts';

/** What an address of the API names. */
export interface Address {
  group: string;
  version: string;
  /** As written: `pods`, `selfsubjectaccessreviews`. */
  resource: string;
  info: ResourceInfo | null;
  namespace: string | null;
  name: string | null;
  subresource: string | null;
}

/** `/apis/apps/v1/namespaces/saasodoo/deployments/x/scale`; null when it is no resource's address. */
export function parseAddress(path: string): Address | null {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const root = parts.shift();
  if (root !== 'api' && root !== 'apis') return null;
  const group = root === 'apis' ? (parts.shift() ?? '') : '';
  const version = parts.shift() ?? '';
  // `namespaces/x` alone is the namespace itself; with a kind after it, that kind's namespace.
  const isWithin = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status' && parts[2] !== 'finalize';
  const namespace = isWithin ? (parts.splice(0, 2)[1] ?? null) : null;
  const [resource = '', name = null, subresource = null, ...rest] = parts;
  if (!resource || rest.length) return null;
  const info = RESOURCES[resource as Plural];
  const isKnown = info !== undefined && info.group === group && info.version === version;
  return { group, version, resource, info: isKnown ? info : null, namespace, name, subresource };
}
