import { KINDS, type Kind, type Noun, type WorkloadType } from '../model/entity.ts';
import { didYouMean } from '../text/nearest.ts';
import { UsageError } from './arguments.ts';

/** What `get` can list. */
export interface Listing {
  /** As the title and the messages call it. */
  name: string;
  /** Other names: the singular, and those of the field. */
  aliases: readonly string[];
  /** The name of the list in JSON. */
  list: string;
  kinds: readonly (Kind | 'event')[];
  /** Which of these it names. */
  where?: (noun: Noun) => boolean;
}

const ofType =
  (...types: WorkloadType[]) =>
  (noun: Noun): boolean =>
    noun.kind === 'workload' && types.includes(noun.type);

const workloads = (name: string, aliases: string[], ...types: WorkloadType[]): Listing => ({
  name,
  aliases,
  list: 'WorkloadList',
  kinds: ['workload'],
  where: ofType(...types),
});

const plain = (kind: Kind | 'event', name: string, list: string, aliases: string[]): Listing => ({
  name,
  aliases,
  list,
  kinds: [kind],
});

export const LISTINGS: readonly Listing[] = [
  plain('node', 'nodes', 'NodeList', ['node', 'no']),
  plain('workload', 'workloads', 'WorkloadList', ['workload', 'wl']),
  workloads('deployments', ['deployment', 'deploy'], 'Deployment'),
  workloads('statefulsets', ['statefulset', 'sts'], 'StatefulSet'),
  workloads('daemonsets', ['daemonset', 'ds'], 'DaemonSet'),
  workloads('jobs', ['job'], 'Job', 'ReplicatedJob', 'GlobalJob'),
  workloads('cronjobs', ['cronjob', 'cj'], 'CronJob'),
  {
    name: 'services',
    aliases: ['service', 'svc'],
    list: 'ServiceList',
    kinds: ['workload', 'service'],
    where: noun => noun.kind === 'service' || (noun.kind === 'workload' && noun.system === 'swarm'),
  },
  plain('replica', 'pods', 'PodList', ['pod', 'po', 'replicas', 'replica']),
  {
    ...plain('replica', 'tasks', 'PodList', ['task']),
    where: noun => noun.kind === 'replica' && noun.system === 'swarm',
  },
  plain('claim', 'claims', 'ClaimList', ['claim', 'pvc', 'pvcs', 'persistentvolumeclaims', 'persistentvolumeclaim']),
  plain('network', 'networks', 'NetworkList', ['network']),
  plain('pool', 'pools', 'PoolList', ['pool']),
  plain('database', 'databases', 'DatabaseList', ['database', 'db', 'dbs']),
  plain('directory', 'directories', 'DirectoryList', ['directory', 'dirs', 'dir', 'quotas', 'quota', 'cephfs']),
  plain('storage', 'storage', 'StorageList', ['storages', 'ceph']),
  plain('instance', 'instances', 'InstanceList', ['instance', 'tenants', 'tenant']),
  plain('route', 'routes', 'RouteList', ['route', 'routers', 'router']),
  plain('backup', 'backups', 'BackupList', ['backup']),
  plain('check', 'checks', 'CheckList', ['check', 'health']),
  plain('host', 'hosts', 'HostList', ['host']),
  plain('event', 'events', 'EventList', ['event', 'ev']),
];

/** What the word names. Throws a UsageError that says what was meant. */
export function listingOf(word: string): Listing {
  const wanted = word.toLowerCase();
  const found = LISTINGS.find(({ name, aliases }) => name === wanted || aliases.includes(wanted));
  if (found) return found;
  const names = LISTINGS.flatMap(({ name, aliases }) => [name, ...aliases.filter(alias => alias.length > 3)]);
  const hint = didYouMean(word, names) || `; known: ${LISTINGS.map(({ name }) => name).join(', ')}`;
  throw new UsageError(`there is no kind "${word}"${hint}`);
}

/** The canonical listing of each kind: what a status report counts. */
export const COUNTED: readonly (Listing & { kind: Kind })[] = KINDS.map(kind => {
  const found = LISTINGS.find(({ kinds, where }) => kinds[0] === kind && !where);
  return { ...(found ?? plain('service', 'services', 'ServiceList', [])), kind };
});
