import type { Cluster } from './cluster.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from './objects.ts';
import { ownedBy } from './relations.ts';
import { templateHash } from './template-hash.ts';

/**
 * Remembers the templates of a stateful set or daemon set, as `kubectl rollout history` shows them and `rollout undo`
 * takes them back: one ControllerRevision for each, the one in use with the highest number.
 */
export function keepRevision(cluster: Cluster, set: StatefulSet | DaemonSet, hashLabel: string): void {
  const { store } = cluster;
  const hash = templateHash(set.spec.template);
  const name = `${set.metadata.name}-${hash}`;
  const all = store.owned('controllerrevisions', set.metadata.uid).sort((a, b) => a.revision - b.revision);
  const newest = all.at(-1);
  if (newest?.metadata.name === name) return forgetOld(cluster, set, all);
  const revision = (newest?.revision ?? 0) + 1;
  const known = all.find(each => each.metadata.name === name);
  if (known) store.modify('controllerrevisions', known, now => ({ ...now, revision }));
  else {
    const { namespace, annotations } = set.metadata;
    store.create('controllerrevisions', {
      metadata: {
        name,
        namespace,
        labels: { ...set.spec.template.metadata.labels, [hashLabel]: hash },
        ...(annotations && { annotations }),
        ownerReferences: [ownedBy(set)],
      },
      data: { spec: { template: { ...set.spec.template, $patch: 'replace' } } },
      revision,
    });
  }
}

function forgetOld(cluster: Cluster, set: StatefulSet | DaemonSet, all: ControllerRevision[]): void {
  const limit = (set.spec.revisionHistoryLimit ?? 10) + 1;
  for (const each of all.slice(0, Math.max(0, all.length - limit))) cluster.store.remove('controllerrevisions', each);
}
