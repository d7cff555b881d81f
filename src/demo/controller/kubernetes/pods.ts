import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from './cluster.ts';
import { iso } from './moments.ts';
import type { Metadata, Pod, PodSpec, PodTemplate, Toleration } from './objects.ts';

/** How long a pod of a node that stopped answering is left there, as the admission plugin of this cluster sets it. */
const TOLERATED_SECONDS = 60;
const TOLERATIONS: Toleration[] = ['not-ready', 'unreachable'].map(key => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: TOLERATED_SECONDS,
}));

/** A pod made from a template, with what admission adds. */
export function createPod(
  cluster: Cluster,
  template: PodTemplate,
  metadata: Partial<Metadata>,
  spec: Partial<PodSpec> = {},
): Pod {
  return cluster.store.create('pods', {
    metadata: {
      ...metadata,
      ...(template.metadata.annotations && { annotations: template.metadata.annotations }),
      labels: { ...template.metadata.labels, ...metadata.labels },
    },
    spec: { ...withTolerations(cluster, template), ...spec },
    status: { phase: 'Pending', qosClass: qosOf(template.spec) },
  });
}

/** Asks for a pod's end: at once when it has no node or no grace, else its kubelet ends it. */
export function deletePod(cluster: Cluster, pod: Pod, graceSeconds?: number): Pod | null {
  const grace = graceSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  if (!pod.spec.nodeName || grace === 0 || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
    cluster.store.remove('pods', pod);
    return null;
  }
  return cluster.store.modify('pods', pod, now =>
    now.metadata.deletionTimestamp
      ? now
      : {
          ...now,
          metadata: {
            ...now.metadata,
            deletionTimestamp: iso(cluster.timeline.now + grace * 1000),
            deletionGracePeriodSeconds: grace,
          },
        },
  );
}

export function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}

/** One specification for all pods of a template: ten thousand pods then share it. */
function withTolerations(cluster: Cluster, template: PodTemplate): PodSpec {
  let spec = cluster.admitted.get(template.spec);
  if (!spec) {
    const own = template.spec.tolerations ?? [];
    const added = TOLERATIONS.filter(
      each => !own.some(mine => mine.operator === 'Exists' && (!mine.key || mine.key === each.key)),
    );
    spec = {
      ...template.spec,
      serviceAccountName: template.spec.serviceAccountName ?? 'default',
      enableServiceLinks: true,
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      tolerations: [...own, ...added],
    };
    cluster.admitted.set(template.spec, spec);
  }
  return spec;
}

function qosOf({ containers }: PodSpec): string {
  const sets = containers.map(({ resources }) => resources ?? {});
  if (sets.every(({ requests, limits }) => !requests && !limits)) return 'BestEffort';
  const guaranteed = sets.every(
    ({ requests, limits }) => limits?.cpu && limits.memory && sameJson(requests ?? limits, limits),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
