import type { Cluster } from './cluster.ts';
import { record } from './events.ts';
import { type Claimed, type Requests, requestsOf } from './ledger.ts';
import type { Node, Pod, Taint, Toleration } from './objects.ts';
import { withCondition } from './pod-status.ts';
import { quantity } from './quantities.ts';
import { controllerOf, isOver } from './relations.ts';
import { matches } from './selectors.ts';

/** Why a node cannot take a pod, in the scheduler's words; whether removing other pods could help. */
interface Obstacle {
  reason: string;
  preemptible: boolean;
}

/** In a big cluster not all nodes are looked at (`percentageOfNodesToScore`). */
const MANY_NODES = 50;
const ENOUGH_NODES = 8;

/** Gives a pod that has no node to the emptiest one that may take it, or says why none may. */
export function schedule(cluster: Cluster, pod: Pod): void {
  if (pod.spec.nodeName || isOver(pod) || pod.metadata.deletionTimestamp) return;
  const asks = requestsOf(pod);
  const obstacles: Obstacle[] = [];
  const nodes = cluster.store.list('nodes');
  const enough = nodes.length > MANY_NODES ? ENOUGH_NODES : nodes.length;
  const first = cluster.random.integer(0, nodes.length - 1);
  let best: { node: Node; score: number } | null = null;
  for (let step = 0, fitting = 0; step < nodes.length && fitting < enough; step += 1) {
    const node = nodes[(first + step) % nodes.length] as Node;
    const claimed = cluster.ledger.on(node.metadata.name);
    const obstacle = obstacleOn(node, claimed, pod, asks);
    if (obstacle) obstacles.push(obstacle);
    else {
      const score = fullness(node, claimed, pod);
      if (!best || score < best.score) best = { node, score };
      fitting += 1;
    }
  }
  if (best) bind(cluster, pod, best.node.metadata.name);
  else refuse(cluster, pod, sentenceOf(nodes.length, obstacles));
}

function bind(cluster: Cluster, pod: Pod, nodeName: string): void {
  const bound = cluster.store.modify('pods', pod, now => ({
    ...now,
    spec: { ...now.spec, nodeName },
    status: withCondition(now.status, { type: 'PodScheduled', status: 'True' }, cluster.timeline.now),
  }));
  cluster.unschedulable.delete(pod.metadata.uid);
  if (!bound) return;
  const { namespace, name } = pod.metadata;
  record(cluster, bound, {
    reason: 'Scheduled',
    message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
    component: 'default-scheduler',
  });
}

function refuse(cluster: Cluster, pod: Pod, message: string): void {
  const isNews = cluster.unschedulable.get(pod.metadata.uid)?.message !== message;
  cluster.unschedulable.set(pod.metadata.uid, { pod, message });
  if (!isNews) return;
  cluster.store.modify('pods', pod, now => ({
    ...now,
    status: withCondition(
      now.status,
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
      cluster.timeline.now,
    ),
  }));
  record(cluster, pod, { type: 'Warning', reason: 'FailedScheduling', message, component: 'default-scheduler' });
}

function obstacleOn(node: Node, claimed: Claimed, pod: Pod, { cpu, memoryBytes }: Requests): Obstacle | null {
  const taint = (node.spec.taints ?? []).find(
    each => each.effect !== 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, each),
  );
  if (taint?.key === 'node.kubernetes.io/unschedulable') {
    return { reason: 'node(s) were unschedulable', preemptible: false };
  }
  if (taint) {
    return { reason: `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`, preemptible: false };
  }
  if (!matches({ matchLabels: pod.spec.nodeSelector ?? {} }, node.metadata.labels)) {
    return { reason: "node(s) didn't match Pod's node affinity/selector", preemptible: false };
  }
  if (hasForbiddenNeighbour(claimed, pod)) {
    return { reason: "node(s) didn't match pod anti-affinity rules", preemptible: true };
  }
  const { allocatable } = node.status;
  if (claimed.pods.size + 1 > quantity(allocatable.pods)) return { reason: 'Too many pods', preemptible: true };
  if (claimed.cpu + cpu > quantity(allocatable.cpu)) {
    return { reason: 'Insufficient cpu', preemptible: cpu <= quantity(allocatable.cpu) };
  }
  if (claimed.memoryBytes + memoryBytes > quantity(allocatable.memory)) {
    return { reason: 'Insufficient memory', preemptible: memoryBytes <= quantity(allocatable.memory) };
  }
  return null;
}

export function tolerates(tolerations: Toleration[] = [], taint: Taint): boolean {
  return tolerations.some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (!effect || effect === taint.effect) &&
      (!key ? operator === 'Exists' : key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''))),
  );
}

function hasForbiddenNeighbour(claimed: Claimed, pod: Pod): boolean {
  const rules = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!rules) return false;
  for (const neighbour of claimed.pods.values()) {
    if (neighbour.metadata.namespace !== pod.metadata.namespace) continue;
    if (rules.some(rule => rule.labelSelector && matches(rule.labelSelector, neighbour.metadata.labels))) return true;
  }
  return false;
}

/** Pods of one maker are spread before anything else. */
function fullness(node: Node, claimed: Claimed, pod: Pod): number {
  const owner = controllerOf(pod)?.uid;
  const siblings = owner ? (claimed.byOwner.get(owner) ?? 0) : 0;
  const { cpu, memory } = node.status.allocatable;
  return siblings + (claimed.cpu / quantity(cpu) + claimed.memoryBytes / quantity(memory)) / 2;
}

function sentenceOf(nodes: number, obstacles: Obstacle[]): string {
  const available = `0/${nodes} nodes are available`;
  const hopeless = obstacles.filter(each => !each.preemptible).length;
  const preemption = counted([
    ...Array(obstacles.length - hopeless).fill('No preemption victims found for incoming pod'),
    ...Array(hopeless).fill('Preemption is not helpful for scheduling'),
  ]);
  const why = counted(obstacles.map(each => each.reason));
  return `${available}: ${why}. no new claims to deallocate, preemption: ${available}: ${preemption}.`;
}

/** `1 Insufficient memory, 3 node(s) …`, sorted as the scheduler sorts. */
function counted(reasons: string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

/** The moment at which a pod is thrown off a node with these taints; null for never. */
export function evictionDelayMs(pod: Pod, taints: Taint[]): number | null {
  let delay: number | null = null;
  for (const taint of taints) {
    if (taint.effect !== 'NoExecute') continue;
    const tolerating = (pod.spec.tolerations ?? []).filter(each => tolerates([each], taint));
    if (tolerating.some(each => each.tolerationSeconds === undefined) && tolerating.length > 0) continue;
    const seconds = tolerating.length ? Math.min(...tolerating.map(each => each.tolerationSeconds ?? 0)) : 0;
    delay = Math.min(delay ?? Number.POSITIVE_INFINITY, seconds * 1000);
  }
  return delay;
}
