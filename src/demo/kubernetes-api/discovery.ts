import { apiVersionOf, RESOURCES, type ResourceInfo } from '../controller/kubernetes/resources.ts';

export const VERSION = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.4+rke2r1',
  gitCommit: 'demo',
  gitTreeState: 'clean',
  buildDate: '2026-04-15T00:00:00Z',
  goVersion: 'go1.25.7',
  compiler: 'gc',
  platform: 'linux/amd64',
};

const READ = ['get', 'list', 'watch'];
const WRITE = ['delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What the discovery addresses answer; null for any other address. */
export function discover(path: string, address: string): object | null {
  if (path === '/api') {
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
  }
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups() };
  const [, group = '', version] = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path) ?? [];
  if (version) return resourcesOf(group, version);
  const [, named] = /^\/apis\/([^/]+)$/.exec(path) ?? [];
  const found = named && groups().find(each => each.name === named);
  return found ? { kind: 'APIGroup', apiVersion: 'v1', ...found } : null;
}

const EXTRA_GROUPS = ['authorization.k8s.io/v1', 'metrics.k8s.io/v1beta1'];

function groups() {
  const versions = new Set([
    ...Object.values(RESOURCES)
      .filter(each => each.group)
      .map(apiVersionOf),
    ...EXTRA_GROUPS,
  ]);
  return [...versions].map(groupVersion => {
    const [name = '', version = ''] = groupVersion.split('/');
    return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
  });
}

function resourcesOf(group: string, version: string): object | null {
  const groupVersion = group ? `${group}/${version}` : version;
  const own = Object.values(RESOURCES).filter(each => apiVersionOf(each) === groupVersion);
  const resources = [...own.flatMap(described), ...(EXTRA[groupVersion] ?? [])];
  return resources.length ? { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources } : null;
}

function described(info: ResourceInfo): object[] {
  const { plural: name, singular: singularName, namespaced, kind, shortNames, inAll, scale } = info;
  const isReadOnly = READ_ONLY.has(name);
  const verbs = isReadOnly ? READ : UNMADE.has(name) ? WRITE : ['create', ...WRITE];
  const main = {
    name,
    singularName,
    namespaced,
    kind,
    verbs,
    ...(shortNames && { shortNames }),
    ...(inAll && { categories: ['all'] }),
  };
  const subresources: object[] = [];
  const sub = (suffix: string, extra: object) =>
    subresources.push({ name: `${name}/${suffix}`, singularName: '', namespaced, ...extra });
  if (scale) sub('scale', { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] });
  if (name === 'pods') {
    sub('eviction', { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] });
    sub('log', { kind: 'Pod', verbs: ['get'] });
    sub('exec', { kind: 'PodExecOptions', verbs: ['create', 'get'] });
    sub('portforward', { kind: 'PodPortForwardOptions', verbs: ['create', 'get'] });
    sub('attach', { kind: 'PodAttachOptions', verbs: ['create', 'get'] });
  }
  return [main, ...subresources];
}

/** What only controllers write. */
export const READ_ONLY = new Set<string>([
  ...['controllerrevisions', 'endpoints', 'endpointslices', 'events', 'leases', 'namespaces'],
]);
/** What clients may change, but not make. */
export const UNMADE = new Set<string>([...[...READ_ONLY, 'replicasets', 'rolebindings', 'roles', 'serviceaccounts']]);

const EXTRA: Record<string, object[]> = {
  'authorization.k8s.io/v1': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'].map(kind => ({
    name: `${kind.toLowerCase()}s`,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ['create'],
  })),
  'metrics.k8s.io/v1beta1': [
    { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
    { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
  ],
};
