import type { Cluster } from './cluster.ts';
import type { KubeObject, Plural } from './objects.ts';
import { deletePod } from './pods.ts';

/** What each kind makes. */
const DEPENDENTS: Partial<Record<Plural, Plural[]>> = {
  deployments: ['replicasets'],
  replicasets: ['pods'],
  statefulsets: ['pods', 'controllerrevisions'],
  daemonsets: ['pods', 'controllerrevisions'],
  cronjobs: ['jobs'],
  jobs: ['pods'],
  services: ['endpointslices'],
};

/** A maker is gone: what it made goes too. The collector of a real cluster is not in a hurry either. */
export function collect(cluster: Cluster, plural: Plural, owner: KubeObject): void {
  for (const kind of DEPENDENTS[plural] ?? []) {
    if (cluster.store.owned(kind, owner.metadata.uid).length === 0) continue;
    cluster.timeline.after(cluster.delay(20, 200), () => {
      for (const dependent of cluster.store.owned(kind, owner.metadata.uid)) removeObject(cluster, kind, dependent);
    });
  }
  if (plural !== 'services') return;
  const endpoints = cluster.store.get('endpoints', owner.metadata.namespace, owner.metadata.name);
  if (endpoints) cluster.store.remove('endpoints', endpoints);
}

export function dependentsOf(cluster: Cluster, plural: Plural, uid: string): { kind: Plural; object: KubeObject }[] {
  return (DEPENDENTS[plural] ?? []).flatMap(kind => cluster.store.owned(kind, uid).map(object => ({ kind, object })));
}

/** As a client's DELETE would: pods get their grace, all else goes at once. */
export function removeObject(cluster: Cluster, plural: Plural, object: KubeObject): void {
  const pod = plural === 'pods' ? cluster.store.current('pods', object) : null;
  if (pod) deletePod(cluster, pod);
  else cluster.store.remove(plural, object);
}
