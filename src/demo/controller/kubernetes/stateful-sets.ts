import { claimVolume } from './claims.ts';
import type { Cluster } from './cluster.ts';
import { record } from './events.ts';
import type { Pod, StatefulSet } from './objects.ts';
import { createPod, deletePod, sameJson } from './pods.ts';
import { isOver, isReady, ownedBy } from './relations.ts';
import { keepRevision } from './revisions.ts';
import { templateHash } from './template-hash.ts';

const REVISION = 'controller-revision-hash';

/** One pod after the other, from 0 up; down and updates from the last; each ready before the next. */
export function reconcileStatefulSet(cluster: Cluster, set: StatefulSet): void {
  if (!set.metadata.deletionTimestamp) {
    keepRevision(cluster, set, 'controller.kubernetes.io/hash');
    step(cluster, set);
  }
  count(cluster, set);
}

function step(cluster: Cluster, set: StatefulSet): void {
  const pods = podsOf(cluster, set);
  const isOrdered = set.spec.podManagementPolicy !== 'Parallel';
  for (let ordinal = 0; ordinal < set.spec.replicas; ordinal += 1) {
    const pod = pods.find(each => ordinalOf(each) === ordinal);
    if (!pod) create(cluster, set, ordinal);
    else if (isOver(pod)) deletePod(cluster, pod);
    if (isOrdered && (!pod || pod.metadata.deletionTimestamp || !isReady(pod))) return;
  }
  const surplus = pods.filter(each => ordinalOf(each) >= set.spec.replicas).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  if (surplus.length) {
    for (const pod of isOrdered ? surplus.slice(0, 1) : surplus) remove(cluster, set, pod);
    return;
  }
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const outdated = pods
    .filter(each => each.metadata.labels?.[REVISION] !== revisionOf(set) && ordinalOf(each) >= partition)
    .sort((a, b) => ordinalOf(b) - ordinalOf(a))[0];
  const isSettled = pods.every(each => isReady(each) && !each.metadata.deletionTimestamp);
  if (outdated && (isSettled || !isReady(outdated))) remove(cluster, set, outdated);
}

function create(cluster: Cluster, set: StatefulSet, ordinal: number): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const { namespace } = set.metadata;
  const volumes = (set.spec.volumeClaimTemplates ?? []).map(template => {
    const { metadata } = template;
    const claimName = `${metadata.name}-${name}`;
    const labels = { ...metadata.labels, ...set.spec.selector.matchLabels };
    claimVolume(cluster, template, { name: claimName, namespace, labels });
    return { name: metadata.name, persistentVolumeClaim: { claimName } };
  });
  const spec = { hostname: name, subdomain: set.spec.serviceName, ...(volumes.length && { volumes }) };
  createPod(
    cluster,
    set.spec.template,
    {
      name,
      generateName: `${set.metadata.name}-`,
      namespace,
      labels: {
        'apps.kubernetes.io/pod-index': String(ordinal),
        'statefulset.kubernetes.io/pod-name': name,
        [REVISION]: revisionOf(set),
      },
      ownerReferences: [ownedBy(set)],
    },
    spec,
  );
  tell(cluster, set, 'SuccessfulCreate', `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`);
}

function remove(cluster: Cluster, set: StatefulSet, pod: Pod): void {
  if (pod.metadata.deletionTimestamp) return;
  deletePod(cluster, pod);
  const { name } = pod.metadata;
  tell(cluster, set, 'SuccessfulDelete', `Delete Pod ${name} in StatefulSet ${set.metadata.name} successful`);
}

function count(cluster: Cluster, set: StatefulSet): void {
  const pods = podsOf(cluster, set).filter(each => !each.metadata.deletionTimestamp);
  const revision = revisionOf(set);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter(each => each.metadata.labels?.[REVISION] === revision).length;
  const isUpdated = updated === pods.length && ready === pods.length;
  const currentRevision = isUpdated ? revision : (set.status.currentRevision ?? revision);
  const current = pods.filter(each => each.metadata.labels?.[REVISION] === currentRevision).length;
  const status = {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    ...(ready && { readyReplicas: ready }),
    availableReplicas: ready,
    ...(current && { currentReplicas: current }),
    ...(updated && { updatedReplicas: updated }),
    currentRevision,
    updateRevision: revision,
    collisionCount: 0,
  };
  cluster.store.modify('statefulsets', set, now => (sameJson(now.status, status) ? now : { ...now, status }));
}

function revisionOf(set: StatefulSet): string {
  return `${set.metadata.name}-${templateHash(set.spec.template)}`;
}

function podsOf(cluster: Cluster, set: StatefulSet): Pod[] {
  return cluster.store.owned('pods', set.metadata.uid);
}

function ordinalOf(pod: Pod): number {
  return Number(pod.metadata.labels?.['apps.kubernetes.io/pod-index'] ?? -1);
}

function tell(cluster: Cluster, set: StatefulSet, reason: string, message: string): void {
  record(cluster, set, { reason, message, component: 'statefulset-controller' });
}
