import type { Cluster } from './cluster.ts';
import type { Claim, Labels, StatefulSet } from './objects.ts';
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

/** Of a claim: its data lie at this path of the file system, and not where the provisioner makes place for them. */
export const DIRECTORY = 'saasodoo.io/directory';

type Template = NonNullable<StatefulSet['spec']['volumeClaimTemplates']>[number];

/** The claim of a pod, and the volume on the CephFS that it is given at once; nothing where they are there. */
export function claimVolume(
  { store, random }: Cluster,
  { metadata, spec }: Template,
  claim: { name: string; namespace: string | undefined; labels: Labels },
): void {
  if (store.get('persistentvolumeclaims', claim.namespace, claim.name)) return;
  const id = random.uuid();
  const volume = `pvc-${id}`;
  store.create('persistentvolumeclaims', {
    metadata: { ...claim, finalizers: [CLAIM_PROTECTION] },
    spec: { volumeMode: 'Filesystem', ...spec, volumeName: volume },
    status: { phase: 'Bound', accessModes: spec.accessModes, capacity: spec.resources.requests },
  });
  const directory = metadata.annotations?.[DIRECTORY];
  store.create('persistentvolumes', {
    metadata: { name: volume },
    spec: {
      capacity: spec.resources.requests,
      accessModes: spec.accessModes,
      persistentVolumeReclaimPolicy: 'Retain',
      ...(spec.storageClassName && { storageClassName: spec.storageClassName }),
      volumeMode: 'Filesystem',
      claimRef: { kind: 'PersistentVolumeClaim', namespace: claim.namespace ?? '', name: claim.name },
      csi: {
        driver: 'cephfs.csi.ceph.com',
        volumeHandle: directory === undefined ? `csi-vol-${id}` : volume,
        volumeAttributes:
          directory === undefined
            ? { fsName: 'saasodoo_fs', subvolumePath: `/volumes/csi/csi-vol-${id}` }
            : { fsName: 'saasodoo_fs', rootPath: directory, staticVolume: 'true' },
      },
    },
    status: { phase: 'Bound' },
  });
}
