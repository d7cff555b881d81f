import { endingOf } from '../controller/kubernetes/jobs.ts';
import type {
  Container,
  Event,
  Kinds,
  KubeObject,
  LabelSelector,
  Labels,
  Owner,
  Plural,
} from '../controller/kubernetes/objects.ts';
import { humanDuration } from './human-duration.ts';
import { podReady, podRestarts, podStatus } from './pod-printing.ts';

export interface Column {
  name: string;
  type?: 'string' | 'integer' | 'boolean';
  /** 1: only in wide output. */
  priority?: 0 | 1;
  cell: (object: never, now: number) => string | number | boolean;
}

const NONE = '<none>';
const INTEGERS = new Set([
  'Desired',
  'Current',
  'Up-to-date',
  'Available',
  'Active',
  'Data',
  'Secrets',
  'Count',
  'Revision',
  'Allowed Disruptions',
]);

/** The columns of each kind, as the printers of the real server have them (k8s.io/kubernetes, printers/internalversion). */
export const COLUMNS: { [P in Plural]: Column[] } = {
  pods: columns<'pods'>([
    ['Name', nameOf],
    ['Ready', podReady],
    ['Status', podStatus],
    ['Restarts', podRestarts],
    ['Age', ageOf],
    ['IP', pod => pod.status.podIP ?? NONE, 1],
    ['Node', pod => pod.spec.nodeName ?? NONE, 1],
    ['Nominated Node', () => NONE, 1],
    ['Readiness Gates', () => NONE, 1],
  ]),
  nodes: columns<'nodes'>([
    ['Name', nameOf],
    ['Status', nodeStatus],
    ['Roles', rolesOf],
    ['Age', ageOf],
    ['Version', node => node.status.nodeInfo.kubeletVersion ?? ''],
    ['Internal-IP', node => node.status.addresses.find(each => each.type === 'InternalIP')?.address ?? NONE, 1],
    ['External-IP', () => NONE, 1],
    ['OS-Image', node => node.status.nodeInfo.osImage ?? '', 1],
    ['Kernel-Version', node => node.status.nodeInfo.kernelVersion ?? '', 1],
    ['Container-Runtime', node => node.status.nodeInfo.containerRuntimeVersion ?? '', 1],
  ]),
  deployments: columns<'deployments'>([
    ['Name', nameOf],
    ['Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`],
    ['Up-to-date', ({ status }) => status.updatedReplicas ?? 0],
    ['Available', ({ status }) => status.availableReplicas ?? 0],
    ['Age', ageOf],
    ...templateColumns<'deployments'>(({ spec }) => spec.template.spec.containers),
    ['Selector', ({ spec }) => selectorText(spec.selector), 1],
  ]),
  replicasets: columns<'replicasets'>([
    ['Name', nameOf],
    ['Desired', ({ spec }) => spec.replicas],
    ['Current', ({ status }) => status.replicas],
    ['Ready', ({ status }) => status.readyReplicas ?? 0],
    ['Age', ageOf],
    ...templateColumns<'replicasets'>(({ spec }) => spec.template.spec.containers),
    ['Selector', ({ spec }) => selectorText(spec.selector), 1],
  ]),
  statefulsets: columns<'statefulsets'>([
    ['Name', nameOf],
    ['Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`],
    ['Age', ageOf],
    ...templateColumns<'statefulsets'>(({ spec }) => spec.template.spec.containers),
  ]),
  daemonsets: columns<'daemonsets'>([
    ['Name', nameOf],
    ['Desired', ({ status }) => status.desiredNumberScheduled],
    ['Current', ({ status }) => status.currentNumberScheduled],
    ['Ready', ({ status }) => status.numberReady],
    ['Up-to-date', ({ status }) => status.updatedNumberScheduled ?? 0],
    ['Available', ({ status }) => status.numberAvailable ?? 0],
    ['Node Selector', ({ spec }) => labelsText(spec.template.spec.nodeSelector)],
    ['Age', ageOf],
    ...templateColumns<'daemonsets'>(({ spec }) => spec.template.spec.containers),
    ['Selector', ({ spec }) => selectorText(spec.selector), 1],
  ]),
  jobs: columns<'jobs'>([
    ['Name', nameOf],
    ['Status', job => endingOf(job)?.type ?? (job.spec.suspend ? 'Suspended' : 'Running')],
    ['Completions', ({ spec, status }) => `${status.succeeded ?? 0}/${spec.completions ?? 1}`],
    ['Duration', jobDuration],
    ['Age', ageOf],
    ...templateColumns<'jobs'>(({ spec }) => spec.template.spec.containers),
    ['Selector', ({ spec }) => selectorText(spec.selector ?? {}), 1],
  ]),
  cronjobs: columns<'cronjobs'>([
    ['Name', nameOf],
    ['Schedule', ({ spec }) => spec.schedule],
    ['Timezone', () => NONE],
    ['Suspend', ({ spec }) => (spec.suspend ? 'True' : 'False')],
    ['Active', ({ status }) => status.active?.length ?? 0],
    ['Last Schedule', ({ status }, now) => since(status.lastScheduleTime, now) ?? NONE],
    ['Age', ageOf],
    ...templateColumns<'cronjobs'>(({ spec }) => spec.jobTemplate.spec.template.spec.containers),
    ['Selector', () => NONE, 1],
  ]),
  controllerrevisions: columns<'controllerrevisions'>([
    ['Name', nameOf],
    ['Controller', ({ metadata }) => ownerText(metadata.ownerReferences?.[0])],
    ['Revision', ({ revision }) => revision],
    ['Age', ageOf],
  ]),
  poddisruptionbudgets: columns<'poddisruptionbudgets'>([
    ['Name', nameOf],
    ['Min Available', ({ spec }) => String(spec.minAvailable ?? 'N/A')],
    ['Max Unavailable', ({ spec }) => String(spec.maxUnavailable ?? 'N/A')],
    ['Allowed Disruptions', ({ status }) => status.disruptionsAllowed],
    ['Age', ageOf],
  ]),
  services: columns<'services'>([
    ['Name', nameOf],
    ['Type', ({ spec }) => spec.type],
    ['Cluster-IP', ({ spec }) => spec.clusterIP ?? NONE],
    ['External-IP', () => NONE],
    ['Port(s)', ({ spec }) => spec.ports?.map(each => `${each.port}/${each.protocol ?? 'TCP'}`).join(',') || NONE],
    ['Age', ageOf],
    ['Selector', ({ spec }) => labelsText(spec.selector), 1],
  ]),
  endpoints: columns<'endpoints'>([
    ['Name', nameOf],
    ['Endpoints', endpointsText],
    ['Age', ageOf],
  ]),
  endpointslices: columns<'endpointslices'>([
    ['Name', nameOf],
    ['AddressType', slice => slice.addressType],
    ['Ports', slice => slice.ports.map(each => each.port).join(',') || '<unset>'],
    ['Endpoints', slice => firstThree(slice.endpoints.flatMap(each => each.addresses)) || '<unset>'],
    ['Age', ageOf],
  ]),
  persistentvolumeclaims: columns<'persistentvolumeclaims'>([
    ['Name', nameOf],
    ['Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : status.phase)],
    ['Volume', ({ spec }) => spec.volumeName ?? ''],
    ['Capacity', ({ status }) => status.capacity?.storage ?? ''],
    ['Access Modes', ({ status }) => (status.accessModes ?? []).map(abbreviated).join(',')],
    ['StorageClass', ({ spec }) => spec.storageClassName ?? ''],
    ['VolumeAttributesClass', () => '<unset>'],
    ['Age', ageOf],
    ['VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>', 1],
  ]),
  persistentvolumes: columns<'persistentvolumes'>([
    ['Name', nameOf],
    ['Capacity', ({ spec }) => spec.capacity.storage ?? ''],
    ['Access Modes', ({ spec }) => spec.accessModes.map(abbreviated).join(',')],
    ['Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy],
    ['Status', ({ status }) => status.phase],
    ['Claim', ({ spec: { claimRef } }) => `${claimRef.namespace}/${claimRef.name}`],
    ['StorageClass', ({ spec }) => spec.storageClassName ?? ''],
    ['VolumeAttributesClass', () => '<unset>'],
    ['Reason', () => ''],
    ['Age', ageOf],
    ['VolumeMode', ({ spec }) => spec.volumeMode, 1],
  ]),
  events: columns<'events'>([
    ['Last Seen', (event, now) => since(lastSeen(event), now) ?? '<unknown>'],
    ['Type', event => event.type],
    ['Reason', event => event.reason],
    ['Object', ({ involvedObject }) => `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`],
    ['Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? '', 1],
    ['Source', ({ source, reportingComponent }) => source.component ?? reportingComponent, 1],
    ['Message', event => event.message.trim()],
    ['First Seen', (event, now) => since(event.firstTimestamp ?? event.eventTime ?? undefined, now) ?? '<unknown>', 1],
    ['Count', event => event.count ?? 1, 1],
    ['Name', nameOf, 1],
  ]),
  namespaces: columns<'namespaces'>([
    ['Name', nameOf],
    ['Status', ({ status }) => status.phase],
    ['Age', ageOf],
  ]),
  configmaps: columns<'configmaps'>([
    ['Name', nameOf],
    ['Data', ({ data }) => Object.keys(data).length],
    ['Age', ageOf],
  ]),
  secrets: columns<'secrets'>([
    ['Name', nameOf],
    ['Type', secret => secret.type],
    ['Data', ({ data }) => Object.keys(data).length],
    ['Age', ageOf],
  ]),
  serviceaccounts: columns<'serviceaccounts'>([
    ['Name', nameOf],
    ['Secrets', ({ secrets = [] }) => secrets.length],
    ['Age', ageOf],
  ]),
  roles: columns<'roles'>([
    ['Name', nameOf],
    ['Created At', ({ metadata }) => metadata.creationTimestamp],
  ]),
  rolebindings: columns<'rolebindings'>([
    ['Name', nameOf],
    ['Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`],
    ['Age', ageOf],
    ['Users', () => '', 1],
    ['Groups', () => '', 1],
    ['ServiceAccounts', ({ subjects }) => subjects.map(({ namespace, name }) => `${namespace}/${name}`).join(', '), 1],
  ]),
  ingresses: columns<'ingresses'>([
    ['Name', nameOf],
    ['Class', ({ spec }) => spec.ingressClassName ?? NONE],
    ['Hosts', ({ spec }) => spec.rules?.map(({ host }) => host ?? '*').join(',') || '*'],
    ['Address', ({ status }) => status.loadBalancer.ingress?.map(({ ip }) => ip ?? '').join(',') ?? ''],
    ['Ports', () => '80'],
    ['Age', ageOf],
  ]),
  ingressroutes: columns<'ingressroutes'>([
    ['Name', nameOf],
    ['Age', ageOf],
  ]),
  leases: columns<'leases'>([
    ['Name', nameOf],
    ['Holder', ({ spec }) => spec.holderIdentity],
    ['Age', ageOf],
  ]),
};

type Row<P extends Plural> = [name: string, cell: (object: Kinds[P], now: number) => string | number, priority?: 1];

function columns<P extends Plural>(rows: Row<P>[]): Column[] {
  return rows.map(
    ([name, cell, priority]): Column => ({
      name,
      type: INTEGERS.has(name) ? 'integer' : 'string',
      priority: priority ?? 0,
      cell: cell as Column['cell'],
    }),
  );
}

function templateColumns<P extends Plural>(containersOf: (object: Kinds[P]) => Container[]): Row<P>[] {
  return [
    [
      'Containers',
      object =>
        containersOf(object)
          .map(each => each.name)
          .join(','),
      1,
    ],
    [
      'Images',
      object =>
        containersOf(object)
          .map(each => each.image)
          .join(','),
      1,
    ],
  ];
}

/** `statefulset.apps/redis` */
function ownerText(owner: Owner | undefined): string {
  if (!owner) return NONE;
  const [group] = owner.apiVersion.split('/');
  return `${owner.kind.toLowerCase()}.${group}/${owner.name}`;
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.name;
}

function ageOf({ metadata }: KubeObject, now: number): string {
  return since(metadata.creationTimestamp, now) ?? '<unknown>';
}

function since(moment: string | undefined, now: number): string | null {
  return moment ? humanDuration(now - Date.parse(moment)) : null;
}

function nodeStatus({ spec, status }: Kinds['nodes']): string {
  const ready = status.conditions.find(each => each.type === 'Ready');
  const word = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return spec.unschedulable ? `${word},SchedulingDisabled` : word;
}

function rolesOf({ metadata }: Kinds['nodes']): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels ?? {}).filter(key => key.startsWith(prefix));
  return (
    roles
      .map(key => key.slice(prefix.length))
      .sort()
      .join(',') || NONE
  );
}

function jobDuration({ status }: Kinds['jobs'], now: number): string {
  if (!status.startTime) return '';
  const end = status.completionTime ?? endingOf({ status } as Kinds['jobs'])?.lastTransitionTime;
  return humanDuration((end ? Date.parse(end) : now) - Date.parse(status.startTime));
}

function endpointsText({ subsets = [] }: Kinds['endpoints']): string {
  const addresses = subsets.flatMap(({ addresses = [], ports }) =>
    addresses.flatMap(({ ip }) => ports.map(({ port }) => `${ip}:${port}`)),
  );
  return firstThree(addresses) || NONE;
}

function firstThree(items: string[]): string {
  const rest = items.length - 3;
  return items.slice(0, 3).join(',') + (rest > 0 ? ` + ${rest} more...` : '');
}

function abbreviated(mode: string): string {
  return { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' }[mode] ?? mode;
}

function lastSeen({ lastTimestamp, eventTime }: Event): string | undefined {
  return lastTimestamp ?? eventTime ?? undefined;
}

function labelsText(labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.sort().join(',') || NONE;
}

function selectorText({ matchLabels = {} }: LabelSelector): string {
  return labelsText(matchLabels);
}
