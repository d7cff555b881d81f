import type { Plural } from './objects.ts';

/** What the API says about a kind: where it lives, and by which names it goes. */
export interface ResourceInfo {
  plural: Plural;
  /** Empty for the core group. */
  group: string;
  version: string;
  kind: string;
  singular: string;
  namespaced: boolean;
  shortNames?: string[];
  inAll?: boolean;
  scale?: boolean;
}

const resource = (plural: Plural, group: string, kind: string, extra: Partial<ResourceInfo> = {}): ResourceInfo => ({
  plural,
  group,
  version: 'v1',
  kind,
  singular: kind.toLowerCase(),
  namespaced: true,
  ...extra,
});

export const RESOURCES: Record<Plural, ResourceInfo> = {
  configmaps: resource('configmaps', '', 'ConfigMap', { shortNames: ['cm'] }),
  endpoints: resource('endpoints', '', 'Endpoints', { shortNames: ['ep'] }),
  events: resource('events', '', 'Event', { shortNames: ['ev'] }),
  namespaces: resource('namespaces', '', 'Namespace', { namespaced: false, shortNames: ['ns'] }),
  nodes: resource('nodes', '', 'Node', { namespaced: false, shortNames: ['no'] }),
  persistentvolumeclaims: resource('persistentvolumeclaims', '', 'PersistentVolumeClaim', { shortNames: ['pvc'] }),
  persistentvolumes: resource('persistentvolumes', '', 'PersistentVolume', { namespaced: false, shortNames: ['pv'] }),
  pods: resource('pods', '', 'Pod', { shortNames: ['po'], inAll: true }),
  secrets: resource('secrets', '', 'Secret'),
  serviceaccounts: resource('serviceaccounts', '', 'ServiceAccount', { shortNames: ['sa'] }),
  services: resource('services', '', 'Service', { shortNames: ['svc'], inAll: true }),
  daemonsets: resource('daemonsets', 'apps', 'DaemonSet', { shortNames: ['ds'], inAll: true }),
  deployments: resource('deployments', 'apps', 'Deployment', { shortNames: ['deploy'], inAll: true, scale: true }),
  replicasets: resource('replicasets', 'apps', 'ReplicaSet', { shortNames: ['rs'], inAll: true, scale: true }),
  statefulsets: resource('statefulsets', 'apps', 'StatefulSet', { shortNames: ['sts'], inAll: true, scale: true }),
  controllerrevisions: resource('controllerrevisions', 'apps', 'ControllerRevision'),
  poddisruptionbudgets: resource('poddisruptionbudgets', 'policy', 'PodDisruptionBudget', { shortNames: ['pdb'] }),
  cronjobs: resource('cronjobs', 'batch', 'CronJob', { shortNames: ['cj'], inAll: true }),
  jobs: resource('jobs', 'batch', 'Job', { inAll: true }),
  endpointslices: resource('endpointslices', 'discovery.k8s.io', 'EndpointSlice'),
  ingresses: resource('ingresses', 'networking.k8s.io', 'Ingress', { shortNames: ['ing'] }),
  ingressroutes: resource('ingressroutes', 'traefik.io', 'IngressRoute', { version: 'v1alpha1' }),
  roles: resource('roles', 'rbac.authorization.k8s.io', 'Role'),
  rolebindings: resource('rolebindings', 'rbac.authorization.k8s.io', 'RoleBinding'),
  leases: resource('leases', 'coordination.k8s.io', 'Lease'),
};

export function apiVersionOf({ group, version }: Pick<ResourceInfo, 'group' | 'version'>): string {
  return group ? `${group}/${version}` : version;
}

/** `deployments.apps`, as errors name a kind. */
export function qualified({ plural, group }: ResourceInfo): string {
  return group ? `${plural}.${group}` : plural;
}
