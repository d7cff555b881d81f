import type { Cluster } from './cluster.ts';
import { iso } from './moments.ts';
import type { DisruptionBudget, Kinds, Plural, Pod } from './objects.ts';
import { sameJson } from './pods.ts';
import { controllerOf, isOver, isReady } from './relations.ts';
import { matches } from './selectors.ts';

/** Counts the pods of a budget, and how many of them may be missing. */
export function reconcileBudget(cluster: Cluster, budget: DisruptionBudget): void {
  const { timeline, store } = cluster;
  const pods = podsOf(cluster, budget);
  const expected = expectedOf(cluster, budget, pods);
  const { minAvailable, maxUnavailable } = budget.spec;
  const desired =
    maxUnavailable === undefined
      ? share(minAvailable ?? 1, expected)
      : Math.max(0, expected - share(maxUnavailable, expected));
  const disrupted = stillThere(pods, budget.status.disruptedPods);
  const healthy = pods.filter(each => isCounted(each) && !(each.metadata.name in disrupted)).length;
  const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0;
  const [before] = budget.status.conditions ?? [];
  const isAllowed = allowed > 0 ? 'True' : 'False';
  const status: DisruptionBudget['status'] = {
    observedGeneration: budget.metadata.generation,
    ...(Object.keys(disrupted).length && { disruptedPods: disrupted }),
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    conditions: [
      {
        type: 'DisruptionAllowed',
        status: isAllowed,
        reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
        lastTransitionTime: before?.status === isAllowed ? before.lastTransitionTime : iso(timeline.now),
      },
    ],
  };
  store.modify('poddisruptionbudgets', budget, now => (sameJson(now.status, status) ? now : { ...now, status }));
}

/** The budgets that a pod counts in. */
export function budgetsOf(cluster: Cluster, pod: Pod): DisruptionBudget[] {
  const { namespace, labels } = pod.metadata;
  return cluster.store
    .list('poddisruptionbudgets', namespace)
    .filter(({ spec }) => matches(spec.selector ?? {}, labels));
}

/** A pod of it is about to go: nobody may take the same room until that is seen. */
export function spend(cluster: Cluster, budget: DisruptionBudget, pod: Pod): void {
  const at = iso(cluster.timeline.now);
  cluster.store.modify('poddisruptionbudgets', budget, now => ({
    ...now,
    status: {
      ...now.status,
      disruptionsAllowed: now.status.disruptionsAllowed - 1,
      disruptedPods: { ...now.status.disruptedPods, [pod.metadata.name]: at },
    },
  }));
}

/** Whether a pod is one of those that a budget counts as healthy. */
export function isCounted(pod: Pod): boolean {
  return isReady(pod) && !pod.metadata.deletionTimestamp;
}

function podsOf(cluster: Cluster, { spec, metadata }: DisruptionBudget): Pod[] {
  const pods = cluster.store.list('pods', metadata.namespace);
  return pods.filter(each => !isOver(each) && matches(spec.selector ?? {}, each.metadata.labels));
}

/** A number counts the pods that there are; a share, or what may be missing, those that their makers want. */
function expectedOf(cluster: Cluster, { spec }: DisruptionBudget, pods: Pod[]): number {
  if (typeof spec.minAvailable === 'number') return pods.length;
  const makers = new Map<string, number>();
  for (const pod of pods) {
    const maker = controllerOf(pod);
    if (maker) makers.set(maker.uid, wantedBy(cluster, maker.kind, maker.uid));
  }
  return [...makers.values()].reduce((sum, wanted) => sum + wanted, 0);
}

const MAKERS: Record<string, Plural> = { ReplicaSet: 'replicasets', StatefulSet: 'statefulsets' };

/** A replica set of a deployment is as many as the deployment wants. */
function wantedBy(cluster: Cluster, kind: string, uid: string): number {
  const plural = MAKERS[kind];
  const maker = plural && cluster.store.current(plural, { metadata: { uid } } as never);
  if (!maker) return 0;
  const above = controllerOf(maker);
  const deployment = above && cluster.store.current('deployments', { metadata: above } as never);
  return (deployment ?? (maker as Kinds['replicasets'])).spec.replicas;
}

function share(value: number | string, of: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseFloat(value) / 100) * of);
}

function stillThere(pods: Pod[], disrupted: Record<string, string> = {}): Record<string, string> {
  const waiting = new Set(pods.filter(each => !each.metadata.deletionTimestamp).map(each => each.metadata.name));
  return Object.fromEntries(Object.entries(disrupted).filter(([name]) => waiting.has(name)));
}
