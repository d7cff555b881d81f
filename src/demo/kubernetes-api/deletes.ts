import { CLAIM_PROTECTION, isInUse } from '../controller/kubernetes/claims.ts';
import type { Cluster } from '../controller/kubernetes/cluster.ts';
import { dependentsOf, removeObject } from '../controller/kubernetes/garbage.ts';
import { iso } from '../controller/kubernetes/moments.ts';
import type { Claim, KubeObject, Plural, Pod } from '../controller/kubernetes/objects.ts';
import { deletePod } from '../controller/kubernetes/pods.ts';
import type { ResourceInfo } from '../controller/kubernetes/resources.ts';
import type { Address } from './address.ts';
import { READ_ONLY } from './discovery.ts';
import { conflict, methodNotAllowed } from './status.ts';
import { find } from './writes.ts';

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  orphanDependents?: boolean;
  dryRun?: string[];
}

type Named = Address & { info: ResourceInfo; name: string };

/** DELETE of one object. What comes back is the object where it stays for a while, else a Status. */
export function remove(cluster: Cluster, address: Named, options: DeleteOptions, dryRun: boolean): object {
  const { info, name } = address;
  if (READ_ONLY.has(info.plural)) throw methodNotAllowed();
  const object = find(cluster, address);
  checkPreconditions(info, object, options);
  if (info.plural === 'pods') return removePod(cluster, object as Pod, options, dryRun);
  const success = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(info.group && { group: info.group }), kind: info.plural, uid: object.metadata.uid },
  };
  if (dryRun) return success;
  if (options.propagationPolicy === 'Orphan' || options.orphanDependents) orphan(cluster, info, object);
  if (options.propagationPolicy === 'Foreground') {
    return removeLater(cluster, info, object, 'foregroundDeletion', () => clear(cluster, info.plural, object));
  }
  if (info.plural === 'persistentvolumeclaims' && isInUse(cluster, object as Claim)) {
    return removeLater(cluster, info, object, CLAIM_PROTECTION, () => !isInUse(cluster, object as Claim));
  }
  cluster.store.remove(info.plural, object);
  return success;
}

function removePod(cluster: Cluster, pod: Pod, { gracePeriodSeconds }: DeleteOptions, dryRun: boolean): KubeObject {
  const grace = gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  if (dryRun) {
    const deletionTimestamp = iso(cluster.timeline.now + grace * 1000);
    return { ...pod, metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace } };
  }
  return deletePod(cluster, pod, gracePeriodSeconds) ?? pod;
}

export function checkPreconditions(
  info: ResourceInfo,
  { metadata }: KubeObject,
  { preconditions }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`;
    throw conflict(info, metadata.name, why);
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`;
    throw conflict(info, metadata.name, why);
  }
}

/** What it made stays, and belongs to nobody. */
function orphan(cluster: Cluster, info: ResourceInfo, owner: KubeObject): void {
  for (const { kind, object } of dependentsOf(cluster, info.plural, owner.metadata.uid)) {
    cluster.store.modify(kind, object, now => {
      const { ownerReferences: _, ...metadata } = now.metadata;
      return { ...now, metadata } as never;
    });
  }
}

/** It stays, marked, for as long as a finalizer holds it. */
function removeLater(
  cluster: Cluster,
  info: ResourceInfo,
  object: KubeObject,
  finalizer: string,
  isFree: () => boolean,
): KubeObject {
  const marked = mark(cluster, info.plural, object, finalizer);
  const look = () => {
    if (isFree()) cluster.store.remove(info.plural, object);
    else cluster.timeline.after(200, look);
  };
  cluster.timeline.after(50, look);
  return marked ?? object;
}

/** From now on its controller makes nothing more. */
function mark(
  cluster: Cluster,
  plural: Plural,
  object: KubeObject,
  finalizer = 'foregroundDeletion',
): KubeObject | null {
  return cluster.store.modify(plural, object, now => {
    if (now.metadata.deletionTimestamp) return now;
    const deletionTimestamp = iso(cluster.timeline.now);
    return { ...now, metadata: { ...now.metadata, deletionTimestamp, finalizers: [finalizer] } } as never;
  });
}

/** Removes what an object made, the last in the line first. True when nothing of it is left. */
function clear(cluster: Cluster, plural: Plural, { metadata }: KubeObject): boolean {
  const made = dependentsOf(cluster, plural, metadata.uid);
  for (const { kind, object } of made) {
    if (kind !== 'pods') mark(cluster, kind, object);
    if (clear(cluster, kind, object)) removeObject(cluster, kind, object);
  }
  return made.length === 0;
}
