import type { Claim, Host, Network, Node, Replica, Service, Workload } from '../../model/entity.ts';
import { percent } from '../../model/health/verdict.ts';
import { bar, bytes, cores, count, percentText, sparkline, UNKNOWN } from '../../text/format.ts';
import { ageSince, type Column, type ColumnContext, fillTone } from './column.ts';

/** A bar and its percentage: 14 columns. */
function gauge(used: number | null, whole: number | null, { ascii }: ColumnContext): string {
  const share = percent(used, whole);
  return share === null
    ? `${' '.repeat(9)}${UNKNOWN.padStart(4)}`
    : `${bar(share, 8, ascii)} ${percentText(share).padStart(5)}`;
}

const ageOf = ({ createdAt }: { createdAt: number | null }, context: ColumnContext) => ageSince(createdAt, context);

/** The oldest first. */
const byAge = ({ createdAt }: { createdAt: number | null }) => (createdAt === null ? null : -createdAt);

export const NODE: readonly Column<Node>[] = [
  { title: 'NODE', width: 12, grows: true, priority: 1, text: node => node.name },
  { title: 'ROLE', width: 8, priority: 4, text: node => roleOf(node) },
  {
    title: 'CPU',
    width: 14,
    priority: 2,
    text: (node, c) => gauge(node.cpuUsedMillicores, node.cpuMillicores, c),
    value: node => percent(node.cpuUsedMillicores, node.cpuMillicores),
    tone: node => fillTone(percent(node.cpuUsedMillicores, node.cpuMillicores)),
  },
  {
    title: '',
    picture: true,
    width: 8,
    priority: 9,
    text: (node, { fleet, ascii }) => sparkline(fleet.history.of(node.id), 8, ascii),
  },
  {
    title: 'MEMORY',
    width: 14,
    priority: 2,
    text: (node, c) => gauge(node.memoryUsedBytes, node.memoryBytes, c),
    value: node => percent(node.memoryUsedBytes, node.memoryBytes),
    tone: node => fillTone(percent(node.memoryUsedBytes, node.memoryBytes)),
  },
  {
    title: 'DISK',
    width: 5,
    align: 'right',
    priority: 5,
    text: node => percentText(percent(node.diskUsedBytes, node.diskBytes)),
    value: node => percent(node.diskUsedBytes, node.diskBytes),
    tone: node => fillTone(percent(node.diskUsedBytes, node.diskBytes)),
  },
  {
    title: 'PODS',
    width: 9,
    align: 'right',
    priority: 6,
    text: (node, { fleet }) => replicasOn(node, fleet.replicasOn(node.id).filter(r => r.wanted !== 'gone').length),
    value: (node, { fleet }) => fleet.replicasOn(node.id).length,
    relates: true,
  },
  { title: 'VERSION', width: 14, priority: 8, text: node => node.softwareVersion ?? UNKNOWN },
  { title: 'ADDRESS', width: 15, priority: 10, text: node => node.address ?? UNKNOWN },
  { title: 'AGE', width: 5, align: 'right', priority: 3, text: ageOf, value: byAge },
];

function roleOf({ leader, roles }: Node): string {
  return leader ? 'leader' : (roles[0] ?? '').replace(/-plane$/, '');
}

function replicasOn({ replicaCapacity }: Node, running: number): string {
  return replicaCapacity === null ? String(running) : `${running}/${replicaCapacity}`;
}

export const WORKLOAD: readonly Column<Workload>[] = [
  { title: 'NAME', width: 20, grows: true, priority: 1, text: workload => workload.name },
  { title: 'KIND', width: 11, priority: 7, text: kindOf },
  { title: 'NAMESPACE', width: 14, priority: 8, text: workload => workload.namespace ?? '' },
  {
    title: 'READY',
    width: 7,
    align: 'right',
    priority: 1,
    text: readyOf,
    value: workload => percent(workload.ready, workload.wanted),
  },
  {
    title: 'RESTARTS',
    width: 8,
    align: 'right',
    priority: 3,
    text: workload => count(workload.restarts),
    value: workload => workload.restarts,
  },
  {
    title: 'CPU',
    width: 6,
    align: 'right',
    priority: 4,
    text: workload => cores(workload.cpuUsedMillicores),
    value: workload => workload.cpuUsedMillicores,
  },
  {
    title: 'MEM',
    width: 6,
    align: 'right',
    priority: 4,
    text: workload => bytes(workload.memoryUsedBytes),
    value: workload => workload.memoryUsedBytes,
  },
  { title: 'IMAGE', width: 32, priority: 10, text: workload => workload.images.map(shortImage).join(' ') },
  { title: 'AGE', width: 5, align: 'right', priority: 2, text: ageOf, value: byAge },
];

function kindOf({ system, type }: Workload): string {
  return system === 'swarm' ? (type === 'Service' ? 'swarm' : `swarm ${type.toLowerCase()}`) : type;
}

function readyOf({ type, ready, wanted, succeeded, schedule }: Workload): string {
  if (type === 'CronJob') return schedule ?? '';
  if (type === 'Job' || type.endsWith('Job')) return `${count(succeeded)}/${count(wanted)}`;
  return `${count(ready)}/${count(wanted)}`;
}

/** Without registry and digest: what tells one image from another at a glance. */
function shortImage(image: string): string {
  return image.replace(/@sha256:.*$/, '').replace(/^.*\//, '');
}

export const REPLICA: readonly Column<Replica>[] = [
  { title: 'NAME', width: 24, grows: true, priority: 1, text: replica => replica.name },
  { title: 'NAMESPACE', width: 14, priority: 8, text: replica => replica.namespace ?? '' },
  {
    title: 'READY',
    width: 5,
    align: 'right',
    priority: 3,
    text: replica => `${replica.containersReady}/${replica.containers}`,
    value: replica => replica.containersReady / replica.containers,
  },
  { title: 'STATE', width: 18, priority: 1, text: replica => replica.state },
  {
    title: 'RESTARTS',
    width: 8,
    align: 'right',
    priority: 4,
    text: replica => count(replica.restarts),
    value: replica => replica.restarts,
  },
  {
    title: 'CPU',
    width: 6,
    align: 'right',
    priority: 5,
    text: replica => cores(replica.cpuUsedMillicores),
    value: replica => replica.cpuUsedMillicores,
  },
  {
    title: 'MEM',
    width: 6,
    align: 'right',
    priority: 5,
    text: replica => bytes(replica.memoryUsedBytes),
    value: replica => replica.memoryUsedBytes,
  },
  {
    title: 'NODE',
    width: 12,
    priority: 6,
    text: (replica, { fleet }) =>
      replica.node ? (fleet.get('node', replica.node)?.name ?? replica.node.split('/').at(-1)!) : UNKNOWN,
    relates: true,
  },
  { title: 'IP', width: 15, priority: 10, text: replica => replica.ip ?? UNKNOWN },
  { title: 'AGE', width: 5, align: 'right', priority: 2, text: ageOf, value: byAge },
];

export const SERVICE: readonly Column<Service>[] = [
  { title: 'NAME', width: 20, grows: true, priority: 1, text: service => service.name },
  { title: 'NAMESPACE', width: 14, priority: 5, text: service => service.namespace ?? '' },
  { title: 'TYPE', width: 12, priority: 3, text: service => service.type },
  { title: 'ADDRESS', width: 15, priority: 4, text: service => service.address ?? UNKNOWN },
  {
    title: 'ENDPOINTS',
    width: 9,
    align: 'right',
    priority: 2,
    text: service => `${count(service.endpointsReady)}/${count(service.endpoints)}`,
    value: service => service.endpointsReady,
  },
  { title: 'PORTS', width: 20, priority: 6, text: service => service.ports.join(' ') },
  { title: 'AGE', width: 5, align: 'right', priority: 3, text: ageOf, value: byAge },
];

export const CLAIM: readonly Column<Claim>[] = [
  { title: 'NAME', width: 20, grows: true, priority: 1, text: claim => claim.name },
  { title: 'NAMESPACE', width: 14, priority: 5, text: claim => claim.namespace ?? '' },
  { title: 'STATE', width: 8, priority: 1, text: claim => claim.state },
  {
    title: 'SIZE',
    width: 6,
    align: 'right',
    priority: 2,
    text: claim => bytes(claim.capacityBytes),
    value: claim => claim.capacityBytes,
  },
  { title: 'CLASS', width: 14, priority: 4, text: claim => claim.storageClass ?? UNKNOWN },
  { title: 'VOLUME', width: 24, priority: 6, text: claim => claim.volume ?? UNKNOWN },
  { title: 'AGE', width: 5, align: 'right', priority: 3, text: ageOf, value: byAge },
];

export const NETWORK: readonly Column<Network>[] = [
  { title: 'NAME', width: 24, grows: true, priority: 1, text: network => network.name },
  { title: 'DRIVER', width: 10, priority: 2, text: network => network.driver },
  { title: 'SCOPE', width: 8, priority: 2, text: network => network.scope },
  { title: 'ATTACHABLE', width: 10, priority: 3, text: network => (network.attachable ? 'yes' : 'no') },
];

export const HOST: readonly Column<Host>[] = [
  { title: 'HOST', width: 12, grows: true, priority: 1, text: host => host.name },
  {
    title: 'CPU',
    width: 14,
    priority: 2,
    text: (host, c) => gauge(host.cpuUsedMillicores, host.cpuMillicores, c),
    value: host => percent(host.cpuUsedMillicores, host.cpuMillicores),
    tone: host => fillTone(percent(host.cpuUsedMillicores, host.cpuMillicores)),
  },
  {
    title: 'MEMORY',
    width: 14,
    priority: 2,
    text: (host, c) => gauge(host.memoryUsedBytes, host.memoryBytes, c),
    value: host => percent(host.memoryUsedBytes, host.memoryBytes),
    tone: host => fillTone(percent(host.memoryUsedBytes, host.memoryBytes)),
  },
  {
    title: 'DISK',
    width: 5,
    align: 'right',
    priority: 3,
    text: host => percentText(percent(host.diskUsedBytes, host.diskBytes)),
    value: host => percent(host.diskUsedBytes, host.diskBytes),
    tone: host => fillTone(percent(host.diskUsedBytes, host.diskBytes)),
  },
  {
    title: 'LOAD',
    width: 5,
    align: 'right',
    priority: 4,
    text: host => (host.load === null ? UNKNOWN : host.load.toFixed(1)),
    value: host => host.load,
  },
  { title: 'VERSION', width: 20, priority: 6, text: host => host.softwareVersion ?? UNKNOWN },
];
