import type { KubeObject, Owner, Pod } from './objects.ts';

export function controllerOf(object: KubeObject): Owner | null {
  return object.metadata.ownerReferences?.find(owner => owner.controller) ?? null;
}

/** The reference with which a made object names its maker. */
export function ownedBy(owner: KubeObject): Owner {
  const { name, uid } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some(each => each.type === 'Ready' && each.status === 'True') ?? false;
}

export function isOver(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}
