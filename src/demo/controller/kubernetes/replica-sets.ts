import type { Cluster } from './cluster.ts';
import { record } from './events.ts';
import type { Pod, ReplicaSet } from './objects.ts';
import { createPod, deletePod, sameJson } from './pods.ts';
import { isOver, isReady, ownedBy } from './relations.ts';

/** Makes or removes pods until there are as many as wanted, and counts them. */
export function reconcileReplicaSet(cluster: Cluster, set: ReplicaSet): void {
  const pods = cluster.store.owned('pods', set.metadata.uid).filter(each => !isOver(each));
  const living = pods.filter(each => !each.metadata.deletionTimestamp);
  const missing = set.spec.replicas - living.length;
  if (missing > 0 && !set.metadata.deletionTimestamp) {
    for (let count = 0; count < missing; count += 1) {
      const pod = createPod(cluster, set.spec.template, {
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace,
        ownerReferences: [ownedBy(set)],
      });
      tell(cluster, set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    }
  } else if (missing < 0) {
    for (const pod of [...living].sort(leastUsefulFirst).slice(0, -missing)) {
      deletePod(cluster, pod);
      tell(cluster, set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
    }
  }
  count(cluster, set);
}

function count(cluster: Cluster, set: ReplicaSet): void {
  const pods = cluster.store.owned('pods', set.metadata.uid).filter(each => !isOver(each));
  const living = pods.filter(each => !each.metadata.deletionTimestamp);
  const ready = living.filter(isReady).length;
  const status = {
    replicas: living.length,
    ...(living.length && { fullyLabeledReplicas: living.length }),
    ...(ready && { readyReplicas: ready, availableReplicas: ready }),
    terminatingReplicas: pods.length - living.length,
    observedGeneration: set.metadata.generation,
  };
  cluster.store.modify('replicasets', set, now => (sameJson(now.status, status) ? now : { ...now, status }));
}

/** The order in which the real controller gives pods up: without a node, not running, not ready, youngest. */
export function leastUsefulFirst(a: Pod, b: Pod): number {
  const rank = (pod: Pod) =>
    (pod.spec.nodeName ? 4 : 0) + (pod.status.phase === 'Running' ? 2 : 0) + (isReady(pod) ? 1 : 0);
  return rank(a) - rank(b) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp);
}

function tell(cluster: Cluster, set: ReplicaSet, reason: string, message: string): void {
  record(cluster, set, { reason, message, component: 'replicaset-controller' });
}
