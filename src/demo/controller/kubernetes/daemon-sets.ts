import type { Cluster } from './cluster.ts';
import { record } from './events.ts';
import type { DaemonSet, Node, Pod, Toleration } from './objects.ts';
import { createPod, deletePod, sameJson } from './pods.ts';
import { isReady, ownedBy } from './relations.ts';
import { keepRevision } from './revisions.ts';
import { tolerates } from './scheduler.ts';
import { matches } from './selectors.ts';
import { templateHash } from './template-hash.ts';

const REVISION = 'controller-revision-hash';
/** Every daemon pod bears these: it stays where others are sent away. */
const TOLERATIONS: Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoSchedule' },
];

/** One pod on every node that it may run on; updates replace one after the other. */
export function reconcileDaemonSet(cluster: Cluster, set: DaemonSet): void {
  const nodes = cluster.store.list('nodes').filter(each => belongsOn(set, each));
  const pods = cluster.store.owned('pods', set.metadata.uid);
  if (!set.metadata.deletionTimestamp) {
    keepRevision(cluster, set, REVISION);
    for (const node of nodes)
      if (!pods.some(each => each.spec.nodeName === node.metadata.name)) create(cluster, set, node);
    for (const pod of pods)
      if (!nodes.some(each => each.metadata.name === pod.spec.nodeName)) remove(cluster, set, pod);
    const outdated = pods.find(each => each.metadata.labels?.[REVISION] !== templateHash(set.spec.template));
    const isWhole = pods.every(each => !each.metadata.deletionTimestamp && (isReady(each) || each === outdated));
    if (outdated && isWhole && set.spec.updateStrategy?.type !== 'OnDelete') remove(cluster, set, outdated);
  }
  count(cluster, set, nodes.length);
}

function belongsOn(set: DaemonSet, node: Node): boolean {
  const { nodeSelector = {}, tolerations = [] } = set.spec.template.spec;
  if (!matches({ matchLabels: nodeSelector }, node.metadata.labels)) return false;
  return (node.spec.taints ?? []).every(
    taint => taint.effect === 'PreferNoSchedule' || tolerates([...tolerations, ...TOLERATIONS], taint),
  );
}

function create(cluster: Cluster, set: DaemonSet, node: Node): void {
  const { spec } = set.spec.template;
  const pod = createPod(
    cluster,
    set.spec.template,
    {
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      labels: { [REVISION]: templateHash(set.spec.template) },
      ownerReferences: [ownedBy(set)],
    },
    { nodeName: node.metadata.name, tolerations: [...(spec.tolerations ?? []), ...TOLERATIONS] },
  );
  tell(cluster, set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

function remove(cluster: Cluster, set: DaemonSet, pod: Pod): void {
  if (pod.metadata.deletionTimestamp) return;
  deletePod(cluster, pod);
  tell(cluster, set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
}

function count(cluster: Cluster, set: DaemonSet, desired: number): void {
  const pods = cluster.store.owned('pods', set.metadata.uid).filter(each => !each.metadata.deletionTimestamp);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter(each => each.metadata.labels?.[REVISION] === templateHash(set.spec.template)).length;
  const status = {
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: desired,
    ...(ready && { numberAvailable: ready }),
    ...(desired > ready && { numberUnavailable: desired - ready }),
    numberMisscheduled: 0,
    numberReady: ready,
    observedGeneration: set.metadata.generation,
    ...(updated && { updatedNumberScheduled: updated }),
  };
  cluster.store.modify('daemonsets', set, now => (sameJson(now.status, status) ? now : { ...now, status }));
}

function tell(cluster: Cluster, set: DaemonSet, reason: string, message: string): void {
  record(cluster, set, { reason, message, component: 'daemonset-controller' });
}
