import type { Cluster } from './cluster.ts';
import { deploymentStatus } from './deployment-status.ts';
import { record } from './events.ts';
import type { Deployment, ReplicaSet } from './objects.ts';
import { sameJson } from './pods.ts';
import { isOver, ownedBy } from './relations.ts';
import { limitsOf, rollOver } from './rolling-update.ts';
import { templateHash } from './template-hash.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';
const COLLECTED_MS = 1_000;

/** Leads a deployment's replica sets from what is to what is wanted, step by step. */
export function reconcileDeployment(cluster: Cluster, deployment: Deployment): void {
  if (deployment.metadata.deletionTimestamp) return;
  const { spec } = deployment;
  const found = findNewest(cluster, deployment);
  const old = setsOf(cluster, deployment).filter(each => each !== found);
  if (spec.paused) {
    const isAlone = old.every(each => each.spec.replicas === 0);
    if (found && isAlone) scaleSet(cluster, deployment, found, spec.replicas);
  } else if (spec.strategy.type === 'Recreate' && !isGone(cluster, old)) {
    // All old pods must be gone before the first new one comes.
    for (const set of old) scaleSet(cluster, deployment, set, 0);
  } else if (!found) {
    createSet(cluster, deployment, old);
  } else {
    const newest = markNewest(cluster, deployment, found, old);
    const { surge, unavailable } = limitsOf(deployment);
    const steps = rollOver({ wanted: spec.replicas, surge, unavailable, newest, old });
    for (const { set, replicas } of steps) scaleSet(cluster, deployment, set, replicas);
  }
  forgetOldSets(cluster, deployment, old);
  tellStatus(cluster, deployment);
}

function isGone(cluster: Cluster, sets: ReplicaSet[]): boolean {
  return sets.every(
    set => set.spec.replicas === 0 && cluster.store.owned('pods', set.metadata.uid).every(pod => isOver(pod)),
  );
}

function findNewest(cluster: Cluster, deployment: Deployment): ReplicaSet | undefined {
  const hash = templateHash(deployment.spec.template);
  return setsOf(cluster, deployment).find(each => each.metadata.labels?.[HASH] === hash);
}

/** The replica set of the newest template has the highest revision, also when it is an old one come back. */
function markNewest(cluster: Cluster, deployment: Deployment, set: ReplicaSet, old: ReplicaSet[]): ReplicaSet {
  const highest = Math.max(0, ...old.map(revisionOf));
  const annotations = annotationsOf(deployment, Math.max(highest + 1, revisionOf(set)));
  annotate(cluster, deployment, annotations[REVISION]);
  const marked = cluster.store.modify('replicasets', set, now =>
    sameJson({ ...now.metadata.annotations, ...annotations }, now.metadata.annotations)
      ? now
      : { ...now, metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, ...annotations } } },
  );
  return marked ?? set;
}

function createSet(cluster: Cluster, deployment: Deployment, old: ReplicaSet[]): void {
  const hash = templateHash(deployment.spec.template);
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata.labels, [HASH]: hash };
  const annotations = annotationsOf(deployment, Math.max(0, ...old.map(revisionOf)) + 1);
  const others = old.reduce((sum, each) => sum + each.spec.replicas, 0);
  const room = deployment.spec.replicas + limitsOf(deployment).surge - others;
  const replicas = Math.min(deployment.spec.replicas, Math.max(0, room));
  const name = `${deployment.metadata.name}-${hash}`;
  // Left by a deployment that had this name before: it is collected first.
  if (cluster.store.get('replicasets', deployment.metadata.namespace, name)) {
    cluster.wakeAt('deployments', deployment, cluster.timeline.now + COLLECTED_MS);
    return;
  }
  annotate(cluster, deployment, annotations[REVISION]);
  cluster.store.create('replicasets', {
    metadata: {
      name,
      namespace: deployment.metadata.namespace,
      labels,
      annotations,
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  });
  if (replicas > 0) tellScaling(cluster, deployment, name, 0, replicas);
}

function annotationsOf(deployment: Deployment, revision: number) {
  const most = deployment.spec.replicas + limitsOf(deployment).surge;
  return {
    'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas),
    'deployment.kubernetes.io/max-replicas': String(most),
    [REVISION]: String(revision),
  };
}

function annotate(cluster: Cluster, deployment: Deployment, revision: string): void {
  cluster.store.modify('deployments', deployment, now => {
    const { annotations } = now.metadata;
    if (annotations?.[REVISION] === revision) return now;
    return { ...now, metadata: { ...now.metadata, annotations: { ...annotations, [REVISION]: revision } } };
  });
}

function scaleSet(cluster: Cluster, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const from = set.spec.replicas;
  if (from === replicas) return;
  cluster.store.modify('replicasets', set, now => ({ ...now, spec: { ...now.spec, replicas } }));
  tellScaling(cluster, deployment, set.metadata.name, from, replicas);
}

function tellScaling(cluster: Cluster, deployment: Deployment, name: string, from: number, to: number): void {
  record(cluster, deployment, {
    reason: 'ScalingReplicaSet',
    message: `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`,
    component: 'deployment-controller',
  });
}

function forgetOldSets(cluster: Cluster, deployment: Deployment, old: ReplicaSet[]): void {
  const idle = old
    .filter(each => each.spec.replicas === 0 && each.status.replicas === 0)
    .sort((a, b) => revisionOf(a) - revisionOf(b));
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  for (const set of idle.slice(0, Math.max(0, idle.length - limit))) cluster.store.remove('replicasets', set);
}

function tellStatus(cluster: Cluster, deployment: Deployment): void {
  const { store, timeline } = cluster;
  const current = store.current('deployments', deployment);
  if (!current) return;
  const newest = findNewest(cluster, current);
  const status = deploymentStatus(current, setsOf(cluster, current), newest ?? null, timeline.now);
  store.modify('deployments', current, now => (sameJson(now.status, status) ? now : { ...now, status }));
  const progressing = status.conditions?.find(each => each.type === 'Progressing');
  const isWaiting = progressing?.status === 'True' && progressing.reason !== 'NewReplicaSetAvailable';
  if (!isWaiting || !progressing?.lastUpdateTime) return;
  // Nothing may happen any more: the deadline itself is what must be noticed.
  const deadline = Date.parse(progressing.lastUpdateTime) + (current.spec.progressDeadlineSeconds ?? 600) * 1000;
  if (deadline >= timeline.now) cluster.wakeAt('deployments', current, deadline + 1000);
}

function setsOf(cluster: Cluster, deployment: Deployment): ReplicaSet[] {
  return cluster.store.owned('replicasets', deployment.metadata.uid);
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}
