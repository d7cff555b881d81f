import { readFile } from 'node:fs/promises';
import type { WorkloadType } from '../../src/model/entity.ts';
import type { SourceOptions } from '../../src/profile/schema.ts';
import { cephfsTruth } from '../contract/cephfs-truth.ts';
import { kubernetesTruth } from '../contract/kubernetes-truth.ts';
import { mariadbTruth } from '../contract/mariadb-truth.ts';
import { postgresTruth } from '../contract/postgres-truth.ts';
import { swarmTruth } from '../contract/swarm-truth.ts';
import { KubeClient } from '../helpers/kube-client.ts';
import type { Picture } from './messages.ts';

/** Both sides in lines of the same words: "pod UID shop/web-1 Running 1/1 0". */
export interface Sides {
  ours: string[];
  theirs: string[];
}

type Nouns = Picture['nouns'];

/** What the fleet holds of a source beside what the system prints; null for a kind of source that nobody can ask. */
export async function sidesOf(options: SourceOptions, picture: () => Promise<Nouns>): Promise<Sides | null> {
  switch (options.kind) {
    case 'kubernetes':
      return sorted(await kubernetesLines(options), kubernetesOurs(await picture()));
    case 'swarm':
      return sorted(await swarmLines(options.host ?? ''), swarmOurs(await picture()));
    case 'postgres':
      return sorted(await postgresLines(options), postgresOurs(await picture()));
    case 'mariadb':
      return sorted(await mariadbLines(options), mariadbOurs(await picture(), Object.keys(options.servers)));
    case 'cephfs': {
      const parents = parentsOf(options);
      return sorted(await cephfsLines(options, parents), cephfsOurs(await picture(), options.mount, parents));
    }
    default:
      return null;
  }
}

const line = (...cells: unknown[]) => cells.join(' ');
const sorted = (theirs: string[], ours: string[]): Sides => ({ theirs: theirs.sort(), ours: ours.sort() });

async function kubernetesLines({ kubeconfig = '', context }: { kubeconfig?: string; context?: string }) {
  const client = new KubeClient(kubeconfig, context);
  try {
    const truth = await kubernetesTruth(client);
    return [
      ...truth.nodes.map(each => line('node', each.uid, each.name, each.Status, each.Roles)),
      ...truth.pods.map(each =>
        line(
          'pod',
          each.uid,
          `${each.namespace}/${each.name}`,
          each.Status,
          each.Ready,
          Number.parseInt(String(each.Restarts), 10),
        ),
      ),
      ...truth.deployments.map(each => line('Deployment', each.uid, each.name, each.Ready)),
      ...truth.statefulsets.map(each => line('StatefulSet', each.uid, each.name, each.Ready)),
      ...truth.daemonsets.map(each => line('DaemonSet', each.uid, each.name, `${each.Ready}/${each.Desired}`)),
      ...truth.jobs.map(each => line('Job', each.uid, each.name, each.Completions)),
    ];
  } finally {
    client.close();
  }
}

function kubernetesOurs(nouns: Nouns): string[] {
  const nodes = nouns.node.filter(each => each.source === 'kubernetes');
  const workloads = (type: WorkloadType) =>
    nouns.workload.filter(each => each.source === 'kubernetes' && each.type === type);
  const ready = (type: WorkloadType) =>
    workloads(type).map(each => line(type, each.uid, each.name, `${each.ready}/${each.wanted}`));
  return [
    ...nodes.map(each => {
      const word = each.ready === null ? 'Unknown' : each.ready ? 'Ready' : 'NotReady';
      const paused = each.availability === 'pause' ? ',SchedulingDisabled' : '';
      return line('node', each.uid, each.name, word + paused, each.roles.join(',') || '<none>');
    }),
    ...nouns.replica
      .filter(each => each.source === 'kubernetes')
      .map(each =>
        line(
          'pod',
          each.uid,
          `${each.namespace}/${each.name}`,
          each.state,
          `${each.containersReady}/${each.containers}`,
          each.restarts,
        ),
      ),
    ...ready('Deployment'),
    ...ready('StatefulSet'),
    ...ready('DaemonSet'),
    ...workloads('Job').map(each => line('Job', each.uid, each.name, `${each.succeeded}/${each.wanted}`)),
  ];
}

async function swarmLines(host: string): Promise<string[]> {
  const { nodes, services, tasks } = await swarmTruth(host);
  const known = new Set(services.map(each => each.ID));
  return [
    ...nodes.map(each => line('node', each.ID, each.Description.Hostname, each.Status.State, each.Spec.Availability)),
    ...services.map(each =>
      line('service', each.ID, each.Spec.Name, `${each.ServiceStatus.RunningTasks}/${each.ServiceStatus.DesiredTasks}`),
    ),
    ...tasks
      .filter(each => known.has(each.ServiceID) && ['running', 'ready'].includes(each.DesiredState))
      .map(each => line('task', each.ID, each.Status.State, each.Slot ?? null, each.NodeID || null)),
  ];
}

function swarmOurs(nouns: Nouns): string[] {
  const nodes = nouns.node.filter(each => each.source === 'swarm');
  const uids = new Map(nodes.map(each => [each.id, each.uid]));
  return [
    ...nodes.map(each => line('node', each.uid, each.name, each.state, each.availability)),
    ...nouns.workload
      .filter(each => each.source === 'swarm')
      .map(each => line('service', each.uid, each.name, `${each.ready}/${each.wanted}`)),
    ...nouns.replica
      .filter(each => each.source === 'swarm' && each.wanted !== 'gone')
      .map(each => line('task', each.uid, each.state, each.slot, each.node && uids.get(each.node))),
  ];
}

async function postgresLines(options: Extract<SourceOptions, { kind: 'postgres' }>): Promise<string[]> {
  const { records, servers, instances } = await postgresTruth(options);
  return [
    ...records.map(each =>
      line('record', each.name, each.health_status, each.max_instances, each.current_instances, each.assigned),
    ),
    ...[...servers].map(([name, server]) => line('server', name, server !== null, server?.version, server?.max)),
    ...[...servers].flatMap(([name, server]) =>
      [...(server?.databases ?? [])].map(([database, bytes]) => line('database', `${name}/${database}`, bytes)),
    ),
    ...instances.map(each => line('instance', each.id, each.name, each.database_name, each.status)),
  ];
}

function postgresOurs(nouns: Nouns): string[] {
  const pools = nouns.pool.filter(each => each.source === 'postgres' && each.recorded !== null);
  const names = new Map(pools.map(each => [each.id, each.name]));
  return [
    ...pools.map(each =>
      line('record', each.name, each.claimedHealth, each.maxInstances, each.recorded, each.assigned),
    ),
    ...pools.map(each =>
      line('server', each.name, each.up, each.softwareVersion ?? undefined, each.maxConnections ?? undefined),
    ),
    ...nouns.database
      .filter(each => names.has(each.pool))
      .map(each => line('database', `${names.get(each.pool)}/${each.name}`, each.sizeBytes)),
    ...nouns.instance.map(each => line('instance', each.uid, each.name, each.databaseName, each.status)),
  ];
}

async function mariadbLines({ servers }: Extract<SourceOptions, { kind: 'mariadb' }>): Promise<string[]> {
  const all = Object.entries(servers).map(async ([name, { host = '', port, user, password }]) => {
    const file = password && 'file' in password ? password.file : '';
    const truth = await mariadbTruth({ host, port, user, password: (await readFile(file, 'utf8')).trim() });
    return [
      line('server', name, true, truth.version, truth.maxConnections),
      ...truth.databases.map(each => line('database', `${name}/${each.name}`, each.tables, each.sizeBytes)),
    ];
  });
  return (await Promise.all(all)).flat();
}

function mariadbOurs(nouns: Nouns, servers: string[]): string[] {
  const pools = nouns.pool.filter(each => each.source === 'mariadb' && servers.includes(each.name));
  const names = new Map(pools.map(each => [each.id, each.name]));
  return [
    ...pools.map(each => line('server', each.name, each.up, each.softwareVersion, each.maxConnections)),
    ...nouns.database
      .filter(each => names.has(each.pool))
      .map(each => line('database', `${names.get(each.pool)}/${each.name}`, each.tables, each.sizeBytes)),
  ];
}

type Cephfs = Extract<SourceOptions, { kind: 'cephfs' }>;

const parentsOf = ({ directories }: Cephfs) =>
  directories.filter(each => each.endsWith('/*')).map(each => each.slice(0, -2));

async function cephfsLines({ reader, mount }: Cephfs, parents: string[]): Promise<string[]> {
  const before = reader && 'command' in reader ? reader.command : [];
  const { directories, cluster } = await cephfsTruth(before, mount, parents);
  return [
    ...directories.map(cells => line('directory', ...cells)),
    line('cluster', cluster.status, cluster.osds, cluster.up, cluster.totalBytes),
  ];
}

function cephfsOurs(nouns: Nouns, mount: string, parents: string[]): string[] {
  const under = new Set(parents.map(parent => `${mount}/${parent}`));
  return [
    ...nouns.directory
      .filter(each => under.has(each.path.slice(0, each.path.lastIndexOf('/'))))
      .map(each =>
        line('directory', each.path, each.usedBytes, each.files, each.quotaBytes ?? 0, each.quotaFiles ?? 0),
      ),
    ...nouns.storage.map(each => line('cluster', each.status, each.osds, each.osdsUp, each.totalBytes)),
  ];
}
