import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../controller/kubernetes/cluster.ts';
import { iso } from '../controller/kubernetes/moments.ts';
import type { KubeObject, ManagedFields, Plural } from '../controller/kubernetes/objects.ts';
import { apiVersionOf, type ResourceInfo } from '../controller/kubernetes/resources.ts';
import type { Address } from './address.ts';
import { checkTemplate } from './creates.ts';
import { withDefaults } from './defaults.ts';
import { READ_ONLY } from './discovery.ts';
import { checkLabels } from './labels.ts';
import { changedIn, taken } from './managed-fields.ts';
import { PATCH_TYPES, patched } from './patches.ts';
import { ApiError, badRequest, conflict, invalid, methodNotAllowed, notFound } from './status.ts';

export type Named = Address & { info: ResourceInfo; name: string };

/** How something is written. */
export interface Write {
  /** Only tried. */
  dryRun: boolean;
  /** Whose the fields are that change; null: nobody's. */
  manager: string | null;
}

/** The object of an address. Throws an ApiError when there is none. */
export function find({ store }: Cluster, { info, namespace, name }: Named): KubeObject {
  const object = store.get(info.plural, namespace ?? undefined, name);
  if (!object) throw notFound(info, name);
  return object;
}

/** PUT: the whole object, of the version that the client has read. */
export function replace(cluster: Cluster, address: Named, next: KubeObject, write: Write): KubeObject {
  const current = find(cluster, address);
  const { uid, resourceVersion, name } = next.metadata ?? {};
  if (name && name !== address.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${address.name})`);
  }
  if (uid && uid !== current.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(address.info, address.name, why);
  }
  if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
    throw conflict(address.info, address.name);
  }
  return save(cluster, address, current, next, write);
}

/** PATCH in one of three forms; a resourceVersion in it must be the current one. */
export function patch(cluster: Cluster, address: Named, type: string, body: string, write: Write): KubeObject {
  const current = find(cluster, address);
  const next = patched(current, type, parsePatch(type, body)) as KubeObject;
  if (next.metadata.resourceVersion !== current.metadata.resourceVersion) throw conflict(address.info, address.name);
  if (next.metadata.uid !== current.metadata.uid) {
    const why = `Invalid value: "${next.metadata.uid}": field is immutable`;
    throw invalid(address.info.kind, address.info.group, address.name, 'metadata.uid', why);
  }
  return save(cluster, address, current, next, write);
}

export function parsePatch(type: string, body: string): unknown {
  if (!PATCH_TYPES.includes(type)) {
    const message = '415: Unsupported Media Type';
    throw new ApiError({ code: 415, reason: 'UnsupportedMediaType', message, details: {} });
  }
  try {
    return JSON.parse(body);
  } catch (error) {
    throw badRequest(`error decoding patch: ${(error as Error).message}`);
  }
}

/** Keeps what of an object a client may change; the same as before is no change. Throws an ApiError. */
export function save(
  cluster: Cluster,
  { info }: Named,
  current: KubeObject,
  given: KubeObject,
  { dryRun, manager, managedFields }: Write & { managedFields?: ManagedFields[] },
): KubeObject {
  if (READ_ONLY.has(info.plural)) throw methodNotAllowed();
  const next = withDefaults(info.plural, given);
  validate(info, current, next);
  checkTemplate(info, next);
  checkLabels(info, next);
  // Identity, birth and status are not a client's to change.
  const { labels, annotations, finalizers } = next.metadata;
  const { labels: _, annotations: __, finalizers: ___, managedFields: before = [], ...kept } = current.metadata;
  const owners = managedFields ?? (manager ? owned(cluster, info, current, next, manager) : before);
  const metadata = {
    ...kept,
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(finalizers?.length && { finalizers }),
    ...(owners.length && { managedFields: owners }),
  };
  const isSameMeta = isDeepStrictEqual(metadata, current.metadata);
  const isSameSpec = isDeepStrictEqual(next.spec, current.spec);
  const isSameData = isDeepStrictEqual(dataOf(next), dataOf(current));
  if (isSameMeta && isSameSpec && isSameData) return current;
  const saved = {
    ...current,
    ...dataOf(next),
    metadata: isSameMeta ? current.metadata : metadata,
    ...(next.spec && { spec: isSameSpec ? current.spec : next.spec }),
  };
  if (dryRun) return saved;
  return cluster.store.modify(info.plural, current, () => saved as never) ?? current;
}

function owned(cluster: Cluster, info: ResourceInfo, current: KubeObject, next: KubeObject, manager: string) {
  const writer = { manager, operation: 'Update' as const, time: iso(cluster.timeline.now) };
  return taken(current.metadata.managedFields ?? [], apiVersionOf(info), changedIn(current, next), writer);
}

/** What is neither metadata nor specification nor status: a config map's data. */
function dataOf(object: KubeObject): object {
  const { apiVersion: _, kind: __, metadata: ___, spec: ____, status: _____, ...data } = object;
  return data;
}

const SCALED = new Set<Plural>(['deployments', 'replicasets', 'statefulsets']);

function validate({ plural, kind, group }: ResourceInfo, current: KubeObject, next: KubeObject): void {
  const { name } = current.metadata;
  const { replicas } = (next.spec ?? {}) as { replicas?: number };
  if (SCALED.has(plural)) checkReplicas(kind, group, name, replicas);
  const [why, fields] = FIXED[plural] ?? [];
  if (why && !isDeepStrictEqual(without(current.spec, fields ?? []), without(next.spec, fields ?? []))) {
    throw invalid(kind, group, name, 'spec', why);
  }
  for (const field of ['selector', ...(plural === 'jobs' ? ['completions', 'template'] : [])]) {
    const [was, is] = [current.spec, next.spec].map(spec => (spec as Record<string, unknown> | undefined)?.[field]);
    if (plural === 'services' || isDeepStrictEqual(was, is)) continue;
    throw invalid(kind, group, name, `spec.${field}`, `Invalid value: ${JSON.stringify(is)}: field is immutable`);
  }
}

/** Of a pod nearly nothing can be changed, of a stateful set little: why not, and what can be. */
const FIXED: Partial<Record<Plural, [why: string, changeable: string[]]>> = {
  pods: [
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ['activeDeadlineSeconds', 'tolerations', 'image'],
  ],
  statefulsets: [
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'minReadySeconds'],
  ],
};

/** A specification without some of its fields, and its containers without them. */
function without(spec: object | undefined, fields: string[]): object {
  const rest = Object.entries(spec ?? {}).filter(([field]) => !fields.includes(field));
  const { containers, ...others } = Object.fromEntries(rest);
  return { ...others, containers: (containers ?? []).map((each: object) => without(each, fields)) };
}

export function checkReplicas(kind: string, group: string, name: string, replicas: unknown): void {
  if (typeof replicas === 'number' && Number.isInteger(replicas) && replicas >= 0) return;
  const why = `Invalid value: ${JSON.stringify(replicas ?? null)}: must be greater than or equal to 0`;
  throw invalid(kind, group, name, 'spec.replicas', why);
}

export function isNamed(address: Address): address is Named {
  return address.info !== null && address.name !== null;
}
