import { CLAIM_PROTECTION } from '../controller/kubernetes/claims.ts';
import type { Cluster } from '../controller/kubernetes/cluster.ts';
import { createJob } from '../controller/kubernetes/jobs.ts';
import { iso } from '../controller/kubernetes/moments.ts';
import { healthyConditions } from '../controller/kubernetes/nodes.ts';
import type {
  Job,
  KubeObject,
  LabelSelector,
  ManagedFields,
  Node,
  Pod,
  PodTemplate,
} from '../controller/kubernetes/objects.ts';
import { createPod } from '../controller/kubernetes/pods.ts';
import { apiVersionOf, qualified, type ResourceInfo } from '../controller/kubernetes/resources.ts';
import { matches } from '../controller/kubernetes/selectors.ts';
import type { Draft } from '../controller/kubernetes/store.ts';
import type { Address } from './address.ts';
import { firstStatus, withDefaults } from './defaults.ts';
import { UNMADE } from './discovery.ts';
import { checkLabels } from './labels.ts';
import { fieldsIn, taken } from './managed-fields.ts';
import { ApiError, alreadyExists, badRequest, invalid, methodNotAllowed } from './status.ts';
import type { Write } from './writes.ts';

type Kind = Address & { info: ResourceInfo };

/** POST: a new object, with defaults, identity and the status that it begins with. Throws an ApiError. */
export function create(
  cluster: Cluster,
  { info, namespace }: Kind,
  given: KubeObject,
  { dryRun, manager }: Write,
): KubeObject {
  if (UNMADE.has(info.plural) || (info.namespaced && namespace === null)) throw methodNotAllowed();
  checkNamespace(cluster, info, namespace, given);
  checkName(info, given);
  const { name, generateName, labels, annotations, ownerReferences, finalizers } = given.metadata;
  const managedFields = manager ? owned(cluster, info, given, manager) : given.metadata.managedFields;
  if (name && cluster.store.get(info.plural, namespace ?? undefined, name)) throw alreadyExists(info, name);
  const draft = withDefaults(info.plural, given);
  checkTemplate(info, draft);
  checkLabels(info, draft);
  const metadata = {
    ...(name ? { name } : { generateName }),
    ...(namespace !== null && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(ownerReferences && { ownerReferences }),
    ...finalizersOf(info, finalizers),
    ...(managedFields && { managedFields }),
  };
  const status = info.plural === 'nodes' ? registered(cluster, given as Node) : firstStatus(info.plural);
  if (dryRun)
    return { ...draft, metadata: { ...given.metadata, ...metadata }, ...(status && { status }) } as KubeObject;
  if (info.plural === 'jobs') return createJob(cluster, draft.spec as Job['spec'], metadata);
  if (info.plural === 'pods') {
    return createPod(cluster, { metadata: { labels, annotations }, spec: (draft as Pod).spec }, metadata);
  }
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...rest } = draft;
  const spec = info.plural === 'services' ? { spec: withAddress(cluster, draft.spec ?? {}) } : {};
  const full = { ...rest, ...spec, metadata, ...(status && { status }) } as unknown as Draft<KubeObject>;
  return cluster.store.create(info.plural, full as never);
}

/** A kubelet makes its node, with what it has to give; and here one runs then. */
function registered({ timeline }: Cluster, { status }: Node): Partial<Node['status']> {
  return { ...status, addresses: status?.addresses ?? [], conditions: healthyConditions(timeline.now) };
}

/** A claim is kept for as long as a pod uses it (the admission plugin StorageObjectInUseProtection). */
function finalizersOf({ plural }: ResourceInfo, finalizers: string[] = []): { finalizers?: string[] } {
  const all = plural === 'persistentvolumeclaims' ? [...finalizers, CLAIM_PROTECTION] : finalizers;
  return all.length > 0 ? { finalizers: all } : {};
}

function owned({ timeline }: Cluster, info: ResourceInfo, given: KubeObject, manager: string): ManagedFields[] {
  const writer = { manager, operation: 'Update' as const, time: iso(timeline.now) };
  return taken([], apiVersionOf(info), fieldsIn(given), writer);
}

function checkNamespace(
  cluster: Cluster,
  info: ResourceInfo,
  namespace: string | null,
  { metadata }: KubeObject,
): void {
  if (namespace === null) return;
  if (!cluster.store.get('namespaces', undefined, namespace)) {
    const message = `namespaces "${namespace}" not found`;
    throw new ApiError({ code: 404, reason: 'NotFound', message, details: { name: namespace, kind: 'namespaces' } });
  }
  if (metadata?.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (!metadata) throw badRequest(`the object of ${qualified(info)} has no metadata`);
}

function checkName({ kind, group }: ResourceInfo, { metadata }: KubeObject): void {
  const { name, generateName } = metadata ?? {};
  if (!name && !generateName) {
    throw invalid(kind, group, '', 'metadata.name', 'Required value: name or generateName is required');
  }
  if (name && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) {
    const why = `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
    throw invalid(kind, group, name, 'metadata.name', why);
  }
}

const WITH_PODS = ['deployments', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs', 'pods', 'replicasets'];
const THAT_END = ['jobs', 'cronjobs'];
const WITH_SELECTOR = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'];

/** Whether pods can be made of what an object says, and whether it would know them as its own. */
export function checkTemplate({ kind, group, plural }: ResourceInfo, { metadata, spec }: KubeObject): void {
  if (!WITH_PODS.includes(plural)) return;
  const name = metadata.name ?? '';
  const { template, path } = templateOf(plural, (spec ?? {}) as Fields);
  const containers = template?.spec?.containers ?? [];
  if (!containers.length) throw invalid(kind, group, name, `${path}spec.containers`, 'Required value');
  const nameless = containers.findIndex(each => !each.image);
  if (nameless >= 0) throw invalid(kind, group, name, `${path}spec.containers[${nameless}].image`, 'Required value');
  if (THAT_END.includes(plural) && !['OnFailure', 'Never'].includes(template?.spec?.restartPolicy ?? '')) {
    throw invalid(kind, group, name, `${path}spec.restartPolicy`, 'Required value: valid values: "OnFailure", "Never"');
  }
  const { selector } = (spec ?? {}) as { selector?: LabelSelector };
  if (!WITH_SELECTOR.includes(plural)) return;
  if (!selector) throw invalid(kind, group, name, 'spec.selector', 'Required value');
  if (matches(selector, template?.metadata?.labels)) return;
  const labels = JSON.stringify(template?.metadata?.labels ?? null);
  const why = `Invalid value: ${labels}: \`selector\` does not match template \`labels\``;
  throw invalid(kind, group, name, 'spec.template.metadata.labels', why);
}

interface Fields {
  template?: PodTemplate;
  jobTemplate?: { spec?: { template?: PodTemplate } };
}

function templateOf(plural: string, spec: Fields): { template: Partial<PodTemplate> | undefined; path: string } {
  if (plural === 'pods') return { template: { spec: spec as PodTemplate['spec'] }, path: '' };
  if (plural === 'cronjobs')
    return { template: spec.jobTemplate?.spec?.template, path: 'spec.jobTemplate.spec.template.' };
  return { template: spec.template, path: 'spec.template.' };
}

function withAddress({ random }: Cluster, spec: { clusterIP?: string; type?: string }): object {
  const clusterIP = spec.clusterIP ?? `10.43.${random.integer(100, 250)}.${random.integer(2, 250)}`;
  return { ...spec, clusterIP, clusterIPs: [clusterIP] };
}
