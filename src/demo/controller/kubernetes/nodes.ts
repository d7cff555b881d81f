import type { Cluster } from './cluster.ts';
import { record } from './events.ts';
import { markUnreachable } from './kubelet.ts';
import { iso, isoMicro } from './moments.ts';
import type { Condition, Node, Pod, Taint } from './objects.ts';
import { deletePod, sameJson } from './pods.ts';
import { controllerOf } from './relations.ts';
import { evictionDelayMs } from './scheduler.ts';

/** How long a silent kubelet is trusted (`--node-monitor-grace-period`), and how often one speaks. */
const GRACE_MS = 8_000;
export const HEARTBEAT_MS = 10_000;
const UNREACHABLE: Taint[] = [
  { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
];
const CORDONED = 'node.kubernetes.io/unschedulable';

/** The node's kubelet falls silent: its containers' fate is not known any more. */
export function loseNode(cluster: Cluster, name: string): void {
  if (cluster.downNodes.has(name)) return;
  const loss = { at: cluster.timeline.now };
  cluster.downNodes.set(name, loss);
  cluster.timeline.after(GRACE_MS, () => {
    if (cluster.downNodes.get(name) === loss) declareLost(cluster, name, loss);
  });
}

/** It speaks again: what was to end ends, what was to start starts. */
export function returnNode(cluster: Cluster, name: string): void {
  if (!cluster.downNodes.delete(name)) return;
  const node = cluster.store.get('nodes', undefined, name);
  if (!node) return;
  const now = cluster.timeline.now;
  const back = cluster.store.modify('nodes', node, each => ({
    ...each,
    spec: withTaints(
      each.spec,
      (each.spec.taints ?? []).filter(taint => taint.key !== UNREACHABLE[0]?.key),
    ),
    status: { ...each.status, conditions: healthyConditions(now, each.status.conditions) },
  }));
  if (back) tell(cluster, back, 'NodeReady', `Node ${name} status is now: NodeReady`, 'kubelet');
  for (const pod of [...cluster.ledger.on(name).pods.values()]) cluster.kubelet.attend(pod);
}

/** Cordoning is a wish in the specification; the taint makes it true. */
export function reconcileNode(cluster: Cluster, node: Node): void {
  const taints = node.spec.taints ?? [];
  const isTainted = taints.some(each => each.key === CORDONED);
  const isWanted = node.spec.unschedulable === true;
  if (isTainted === isWanted) return;
  const wanted: Taint[] = isWanted
    ? [...taints, { key: CORDONED, effect: 'NoSchedule', timeAdded: iso(cluster.timeline.now) }]
    : taints.filter(each => each.key !== CORDONED);
  cluster.store.modify('nodes', node, now => ({ ...now, spec: withTaints(now.spec, wanted) }));
  const state = isWanted ? 'NodeNotSchedulable' : 'NodeSchedulable';
  tell(cluster, node, state, `Node ${node.metadata.name} status is now: ${state}`, 'kubelet');
}

/** The leases of all kubelets that speak are renewed. */
export function beat(cluster: Cluster): void {
  const renewTime = isoMicro(cluster.timeline.now);
  for (const lease of cluster.store.list('leases', 'kube-node-lease')) {
    if (cluster.downNodes.has(lease.metadata.name)) continue;
    cluster.store.modify('leases', lease, now => ({ ...now, spec: { ...now.spec, renewTime } }));
  }
}

/** What a well node's kubelet says of it. */
export function healthyConditions(now: number, before: Condition[] = []): Condition[] {
  const condition = (type: string, status: Condition['status'], reason: string, message: string): Condition => {
    const old = before.find(each => each.type === type);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : iso(now);
    return { type, status, lastHeartbeatTime: iso(now), lastTransitionTime, reason, message };
  };
  return [
    condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ];
}

function declareLost(cluster: Cluster, name: string, loss: object): void {
  const { store, timeline } = cluster;
  const node = store.get('nodes', undefined, name);
  if (!node) return;
  const lost = store.modify('nodes', node, now => ({
    ...now,
    spec: withTaints(now.spec, [
      ...(now.spec.taints ?? []),
      ...UNREACHABLE.map(taint => ({ ...taint, timeAdded: iso(timeline.now) })),
    ]),
    status: {
      ...now.status,
      conditions: now.status.conditions.map(each => ({
        ...each,
        status: 'Unknown' as const,
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: iso(timeline.now),
      })),
    },
  }));
  if (lost) tell(cluster, lost, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`, 'node-controller');
  const evictions = new Map<number, Pod[]>();
  for (const pod of [...cluster.ledger.on(name).pods.values()]) {
    markUnreachable(cluster, pod);
    record(cluster, pod, {
      type: 'Warning',
      reason: 'NodeNotReady',
      message: 'Node is not ready',
      component: 'node-controller',
    });
    const delay = controllerOf(pod)?.kind === 'DaemonSet' ? null : evictionDelayMs(pod, UNREACHABLE);
    if (delay !== null) evictions.set(delay, [...(evictions.get(delay) ?? []), pod]);
  }
  for (const [delay, pods] of evictions) {
    timeline.after(delay, () => {
      if (cluster.downNodes.get(name) !== loss) return;
      for (const pod of pods) evict(cluster, pod);
    });
  }
}

function evict(cluster: Cluster, pod: Pod): void {
  const now = cluster.store.current('pods', pod);
  if (!now || now.metadata.deletionTimestamp) return;
  const { namespace, name } = pod.metadata;
  const message = `Marking for deletion Pod ${namespace}/${name}`;
  record(cluster, now, { reason: 'TaintManagerEviction', message, component: 'taint-eviction-controller' });
  deletePod(cluster, now);
}

function withTaints(spec: Node['spec'], taints: Taint[]): Node['spec'] {
  const { taints: before = [], ...rest } = spec;
  if (sameJson(before, taints)) return spec;
  return taints.length ? { ...rest, taints } : rest;
}

function tell(cluster: Cluster, node: Node, reason: string, message: string, component: string): void {
  record(cluster, node, { reason, message, component, ...(component === 'kubelet' && { host: node.metadata.name }) });
}
