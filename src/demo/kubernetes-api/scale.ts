import type { Cluster } from '../controller/kubernetes/cluster.ts';
import { iso } from '../controller/kubernetes/moments.ts';
import type { Deployment, KubeObject } from '../controller/kubernetes/objects.ts';
import type { ResourceInfo } from '../controller/kubernetes/resources.ts';
import type { Address } from './address.ts';
import { changedIn, taken } from './managed-fields.ts';
import { patched } from './patches.ts';
import { conflict, unknownResource } from './status.ts';
import { checkReplicas, find, parsePatch, type Write } from './writes.ts';

type Scalable = Address & { info: ResourceInfo; name: string };

interface Scale {
  kind: 'Scale';
  apiVersion: 'autoscaling/v1';
  metadata: Partial<KubeObject['metadata']>;
  spec: { replicas: number };
  status: { replicas: number; selector: string };
}

/** The scale of a deployment, replica set or stateful set, as the subresource of that name shows it. */
export function readScale(cluster: Cluster, address: Scalable): Scale {
  return scaleOf(target(cluster, address));
}

/** PUT or PATCH of the scale subresource. */
export function writeScale(
  cluster: Cluster,
  address: Scalable,
  { type, body, dryRun, manager }: Write & { type: string | null; body: string },
): Scale {
  const object = target(cluster, address);
  const current = scaleOf(object);
  const next = (type === null ? JSON.parse(body) : patched(current, type, parsePatch(type, body))) as Scale;
  const { resourceVersion = object.metadata.resourceVersion } = next.metadata ?? {};
  if (resourceVersion !== object.metadata.resourceVersion) throw conflict(address.info, address.name);
  const replicas = next.spec?.replicas;
  checkReplicas('Scale', 'autoscaling', address.name, replicas);
  if (dryRun || replicas === object.spec.replicas) return { ...current, spec: { replicas } };
  const saved = cluster.store.modify(address.info.plural as 'deployments', object, now => {
    const next = { ...now, spec: { ...now.spec, replicas } };
    const time = iso(cluster.timeline.now);
    const writer = manager && { manager, operation: 'Update' as const, subresource: 'scale', time };
    if (!writer) return next;
    const entries = now.metadata.managedFields ?? [];
    const managedFields = taken(entries, now.apiVersion, changedIn(now, next), writer);
    return { ...next, metadata: { ...now.metadata, managedFields } };
  });
  return scaleOf(saved ?? object);
}

function target(cluster: Cluster, address: Scalable): Deployment {
  if (!address.info.scale) throw unknownResource();
  // All that can be scaled have replicas and a selector in the same places.
  return find(cluster, address) as Deployment;
}

function scaleOf({ metadata, spec, status }: Deployment): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const selector = Object.entries(spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector: selector.sort().join(',') },
  };
}
