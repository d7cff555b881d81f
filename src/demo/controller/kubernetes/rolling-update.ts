import type { Deployment, ReplicaSet } from './objects.ts';

export interface RollingState {
  wanted: number;
  surge: number;
  unavailable: number;
  newest: ReplicaSet;
  old: ReplicaSet[];
}

export interface ScaleStep {
  set: ReplicaSet;
  replicas: number;
}

/**
 * The next steps of a rolling update, by the real controller's rules: first as many new pods as the surge leaves room
 * for; then old ones go, those that are not ready first, as long as enough ready ones remain.
 */
export function rollOver({ wanted, surge, unavailable, newest, old }: RollingState): ScaleStep[] {
  const total = sum([newest, ...old], each => each.spec.replicas);
  if (newest.spec.replicas > wanted) return [{ set: newest, replicas: wanted }];
  const room = Math.max(0, wanted + surge - total);
  const grown = Math.min(wanted, newest.spec.replicas + room);
  if (grown > newest.spec.replicas) return [{ set: newest, replicas: grown }];

  const leastReady = wanted - unavailable;
  const newNotReady = newest.spec.replicas - availableIn(newest);
  let spare = total - leastReady - newNotReady;
  const left = new Map(old.map(set => [set, set.spec.replicas]));
  for (const set of old) {
    const sick = Math.max(0, Math.min(spare, set.spec.replicas - availableIn(set)));
    left.set(set, set.spec.replicas - sick);
    spare -= sick;
  }
  let readyToGive = sum([newest, ...old], availableIn) - leastReady;
  for (const set of old) {
    const given = Math.max(0, Math.min(readyToGive, left.get(set) ?? 0));
    left.set(set, (left.get(set) ?? 0) - given);
    readyToGive -= given;
  }
  return [...left]
    .filter(([set, replicas]) => replicas !== set.spec.replicas)
    .map(([set, replicas]) => ({ set, replicas }));
}

/** How many pods more, and how many ready ones fewer than wanted, a rolling update may have. */
export function limitsOf({ spec }: Deployment): { surge: number; unavailable: number } {
  if (spec.strategy.type === 'Recreate') return { surge: 0, unavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy.rollingUpdate ?? {};
  const surge = share(maxSurge, spec.replicas, Math.ceil);
  const unavailable = share(maxUnavailable, spec.replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function share(value: number | string, of: number, round: (x: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * of);
}

function availableIn(set: ReplicaSet): number {
  return set.status.availableReplicas ?? 0;
}

function sum(sets: ReplicaSet[], of: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + of(set), 0);
}
