import type { Cluster } from './cluster.ts';
import type { Claim } from './objects.ts';
import { isOver } from './relations.ts';

export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';

/** Whether a pod has it that was given to a node, and has not ended (pkg/controller/volume/pvcprotection). */
export function isInUse({ store }: Cluster, { metadata: { name, namespace } }: Claim): boolean {
  return store
    .list('pods', namespace)
    .some(
      pod =>
        pod.spec.nodeName !== undefined &&
        !isOver(pod) &&
        pod.spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name),
    );
}
