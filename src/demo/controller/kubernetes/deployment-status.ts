import { iso } from './moments.ts';
import type { Condition, Deployment, ReplicaSet } from './objects.ts';
import { limitsOf } from './rolling-update.ts';

/** A deployment's status as its replica sets make it, in the real controller's words. */
export function deploymentStatus(
  deployment: Deployment,
  sets: ReplicaSet[],
  newest: ReplicaSet | null,
  now: number,
): Deployment['status'] {
  const wanted = deployment.spec.replicas;
  const total = sets.reduce((sum, each) => sum + each.status.replicas, 0);
  const ready = sets.reduce((sum, each) => sum + (each.status.readyReplicas ?? 0), 0);
  const available = sets.reduce((sum, each) => sum + (each.status.availableReplicas ?? 0), 0);
  const updated = newest?.status.replicas ?? 0;
  const missing = Math.max(0, wanted - available);
  const hasMinimum = available >= wanted - limitsOf(deployment).unavailable;
  const before = deployment.status.conditions ?? [];
  const counts = { total, updated, available };
  return {
    observedGeneration: deployment.metadata.generation,
    ...(total && { replicas: total }),
    ...(updated && { updatedReplicas: updated }),
    ...(ready && { readyReplicas: ready }),
    ...(available && { availableReplicas: available }),
    ...(missing && { unavailableReplicas: missing }),
    terminatingReplicas: sets.reduce((sum, each) => sum + (each.status.terminatingReplicas ?? 0), 0),
    conditions: [
      keepTimes(before, now, {
        type: 'Available',
        status: hasMinimum ? 'True' : 'False',
        reason: hasMinimum ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        message: `Deployment ${hasMinimum ? 'has' : 'does not have'} minimum availability.`,
      }),
      progressing(deployment, newest, counts, now),
    ],
  };
}

function progressing(
  deployment: Deployment,
  newest: ReplicaSet | null,
  counts: { total: number; updated: number; available: number },
  now: number,
): Condition {
  const before = deployment.status.conditions ?? [];
  const current = before.find(each => each.type === 'Progressing');
  const wanted = deployment.spec.replicas;
  const name = newest?.metadata.name ?? '';
  const isDone = counts.updated === wanted && counts.total === wanted && counts.available >= wanted;
  // Once it has arrived, a pod that fails later does not make it a rollout again.
  if (
    current?.reason === 'NewReplicaSetAvailable' &&
    counts.total === counts.updated &&
    current.message?.includes(`"${name}"`)
  ) {
    return current;
  }
  if (isDone) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return keepTimes(before, now, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message });
  }
  const old = deployment.status;
  const moved =
    counts.updated > (old.updatedReplicas ?? 0) ||
    counts.available > (old.availableReplicas ?? 0) ||
    counts.total - counts.updated < (old.replicas ?? 0) - (old.updatedReplicas ?? 0) ||
    !current?.message?.includes(`"${name}"`);
  const deadline = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  if (!moved && current?.lastUpdateTime && now - Date.parse(current.lastUpdateTime) > deadline) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return keepTimes(before, now, {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message,
    });
  }
  if (!moved && current) return current;
  return {
    ...keepTimes(before, now, {
      type: 'Progressing',
      status: 'True',
      reason: current ? 'ReplicaSetUpdated' : 'NewReplicaSetCreated',
      message: current ? `ReplicaSet "${name}" is progressing.` : `Created new replica set "${name}"`,
    }),
    lastUpdateTime: iso(now),
  };
}

function keepTimes(
  before: Condition[],
  now: number,
  { type, status, reason, message }: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
): Condition {
  const old = before.find(each => each.type === type);
  const isSame = old?.status === status && old.reason === reason && old.message === message;
  return {
    type,
    status,
    lastUpdateTime: isSame ? (old.lastUpdateTime ?? iso(now)) : iso(now),
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : iso(now),
    reason: reason ?? '',
    message: message ?? '',
  };
}
