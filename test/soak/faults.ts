import type { Row } from './plan.ts';

type Line = readonly [what: string, does: string, back: string, least: number, most: number];

/** The verbs are those of the parts' ctl.sh in test/testbed; what they wait for comes to the seconds. */
const KUBERNETES: readonly Line[] = [
  ['the API server is killed', 'stop kube-apiserver', 'start kube-apiserver', 2, 15],
  ['the API server is frozen', 'freeze kube-apiserver', 'thaw kube-apiserver', 4, 20],
  ['the API server starts anew and has forgotten its history', 'compact', '', 0, 0],
  ['etcd is frozen', 'freeze etcd', 'thaw etcd', 4, 20],
  ['the node vps-2 falls silent', 'node-down vps-2', 'node-up vps-2', 2, 25],
  ['the metrics API breaks', 'metrics broken', 'metrics on', 5, 20],
  ['there is no metrics API', 'metrics off', 'metrics on', 5, 20],
  ['the controllers are gone', 'stop kube-controller-manager', 'start kube-controller-manager', 2, 15],
];

const SWARM: readonly Line[] = [
  ['the only manager crashes', 'crash 1', 'start 1', 1, 10],
  ['the worker node2 crashes', 'crash 2', 'start 2', 2, 20],
  ['the worker node3 crashes', 'crash 3', 'start 3', 2, 20],
  ["the manager's engine is frozen", 'freeze 1', 'thaw 1', 4, 20],
  ["the worker node2's engine is frozen", 'freeze 2', 'thaw 2', 4, 20],
  ['the worker node2 is cut off', 'partition 2', 'heal 2', 4, 25],
  ['the worker node3 is cut off', 'partition 3', 'heal 3', 4, 25],
  [
    'the worker node3 is drained',
    'docker 1 node update --availability drain node3',
    'docker 1 node update --availability active node3',
    4,
    15,
  ],
  ['all that the manager sends takes 200 ms (netem)', 'slow 1 200', 'heal 1', 5, 25],
];

const CEPH: readonly Line[] = [
  ['the metadata server is killed', 'kill mds.a', 'start mds.a', 2, 25],
  ['the metadata server is frozen', 'freeze mds.a', 'thaw mds.a', 2, 20],
  ['an OSD stops', 'stop osd.1', 'start osd.1', 2, 25],
  ['an OSD is killed', 'kill osd.1', 'start osd.1', 2, 25],
  ['the manager daemon is killed', 'kill mgr.x', 'start mgr.x', 2, 15],
  ['the monitor is frozen', 'freeze mon.a', 'thaw mon.a', 2, 15],
  ['the OSDs count as near full', 'nearfull', 'heal', 2, 15],
];

const DATABASES: readonly Line[] = [
  ['a pool is stopped', 'stop postgres-pool-1', 'start postgres-pool-1', 2, 20],
  ['a pool is killed', 'kill postgres-pool-2', 'start postgres-pool-2', 2, 20],
  ['a pool is frozen', 'freeze postgres-pool-3', 'thaw postgres-pool-3', 5, 20],
  ['a pool has no connection left', 'fill postgres-pool-2', 'ease postgres-pool-2', 5, 20],
  ["the platform's database is killed", 'kill postgres', 'start postgres', 2, 20],
  ["the platform's database is frozen", 'freeze postgres', 'thaw postgres', 5, 20],
  ['MariaDB is stopped', 'stop killbill-db', 'start killbill-db', 2, 20],
  ['MariaDB is frozen', 'freeze killbill-db', 'thaw killbill-db', 5, 20],
  ['MariaDB has no connection left', 'fill killbill-db', 'ease killbill-db', 5, 20],
];

/** Scenarios of the embedded platform. */
const EMBEDDED: readonly Line[] = [
  ['the API server refuses connections', 'api-gone', 'recover', 2, 15],
  ['the API server is frozen', 'api-frozen', 'recover', 4, 15],
  ['the token has expired', 'token-expired', 'recover', 4, 15],
  ['most rights are lost', 'rights-lost', 'recover', 4, 15],
  ['a node is lost', 'node-loss', 'recover', 5, 15],
  ['the engine is frozen', 'engine-frozen', 'recover', 4, 15],
  ['the metadata server is gone', 'mds-gone', 'recover', 4, 15],
  ['a pool has no connection left', 'pool-full', 'recover', 4, 15],
  ['a workload ends again and again', 'crash-loop', 'recover', 4, 15],
  ["a tenant's directory is full", 'quota-reached', 'recover', 4, 15],
];

/** What happens to the program itself. */
const PROGRAM: readonly Line[] = [["the laptop's lid is closed (SIGSTOP)", 'stop', 'continue', 5, 30]];

/** What happens between the program and one system: done by ./link.ts. */
const LINK = (to: string): readonly Line[] => [
  [`the link to ${to} takes 200 ms each way`, `${to} slow`, `${to} open`, 5, 20],
  [`the link to ${to} swallows all`, `${to} silent`, `${to} open`, 5, 20],
  [`the link to ${to} is cut`, `${to} cut`, `${to} open`, 2, 15],
];

/** What each part of the bed shows in the program. */
export const SOURCES: Readonly<Record<string, readonly string[]>> = {
  kubernetes: ['kubernetes'],
  swarm: ['swarm'],
  ceph: ['cephfs'],
  databases: ['postgres', 'mariadb'],
  embedded: ['kubernetes', 'swarm', 'cephfs', 'postgres'],
};

const TABLES: Readonly<Record<string, readonly Line[]>> = {
  kubernetes: KUBERNETES,
  swarm: SWARM,
  ceph: CEPH,
  databases: DATABASES,
  embedded: EMBEDDED,
};

export const faultsOf = (part: string): Row[] => rows(part, TABLES[part] ?? [], SOURCES[part] ?? []);
export const faultsOfProgram = (sources: readonly string[]): Row[] => rows('program', PROGRAM, sources);
export const faultsOfLink = (source: string): Row[] => rows('link', LINK(source), [source]);

function rows(part: string, lines: readonly Line[], sources: readonly string[]): Row[] {
  return lines.map(([what, does, back, least, most]) => ({ part, what, does, back, seconds: [least, most], sources }));
}
