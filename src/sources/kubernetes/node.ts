import type { Seen } from '../../model/entity.ts';
import { common, type Projecting } from './project.ts';
import { parseBytes, parseMillicores, parseQuantity } from './quantity.ts';
import { type Condition, conditionOf, items, reasonOf, text, time, type Wire } from './wire.ts';

export type NodeObject = Wire<
  { unschedulable?: unknown },
  {
    conditions?: Condition[];
    addresses?: { type?: unknown; address?: unknown }[];
    allocatable?: Record<string, unknown>;
    nodeInfo?: { kubeletVersion?: unknown };
  }
>;

const ROLE = 'node-role.kubernetes.io/';
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

/** A node; usage comes from elsewhere. Capacities are what pods can have: allocatable, not installed. */
export function projectNode(node: NodeObject, projecting: Projecting): Seen<'node'> {
  const { spec, status } = node;
  const { namespace: _, ...base } = common('node', 'node', node.metadata, projecting);
  const condition = conditionOf(status?.conditions, 'Ready');
  // A kubelet that went silent is "Unknown" to the node controller, which makes it not ready all the same.
  const ready = condition ? condition.status === 'True' : null;
  return {
    ...base,
    system: 'kubernetes',
    roles: rolesOf(node.metadata?.labels),
    state: ready === null ? 'unknown' : ready ? 'ready' : 'not ready',
    ready,
    stateReason: ready ? null : reasonOf(condition),
    stateSince: time(condition?.lastTransitionTime),
    availability: spec?.unschedulable === true ? 'pause' : 'active',
    leader: false,
    pressures: PRESSURES.filter(type => conditionOf(status?.conditions, type)?.status === 'True'),
    cpuMillicores: parseMillicores(status?.allocatable?.cpu),
    cpuUsedMillicores: null,
    memoryBytes: parseBytes(status?.allocatable?.memory),
    memoryUsedBytes: null,
    diskBytes: parseBytes(status?.allocatable?.['ephemeral-storage']),
    diskUsedBytes: null,
    replicaCapacity: parseQuantity(status?.allocatable?.pods),
    address: text(items(status?.addresses).find(({ type }) => type === 'InternalIP')?.address),
    softwareVersion: text(status?.nodeInfo?.kubeletVersion),
  };
}

function rolesOf(labels: Record<string, unknown> | undefined): string[] {
  const roles = Object.entries(labels ?? {}).flatMap(([name, value]) => {
    if (name.startsWith(ROLE)) return text(name.slice(ROLE.length)) ?? [];
    return name === 'kubernetes.io/role' ? (text(value) ?? []) : [];
  });
  return [...new Set(roles)].sort();
}
