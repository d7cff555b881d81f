import type { Cluster } from './cluster.ts';
import type { ObjectReference, Pod, Service } from './objects.ts';
import { sameJson } from './pods.ts';
import { isOver, isReady, ownedBy } from './relations.ts';

/** Keeps a service's EndpointSlice, and the older Endpoints beside it, true to the pods that it selects. */
export function reconcileService(cluster: Cluster, service: Service): void {
  const { store } = cluster;
  const { selector, ports = [] } = service.spec;
  if (!selector || service.metadata.deletionTimestamp) return;
  const { name, namespace } = service.metadata;
  const pods = cluster.services.podsOf(service).filter(each => each.status.podIP && !isOver(each));
  const slicePorts = ports.map(each => ({
    name: each.name ?? '',
    port: targetOf(each),
    protocol: each.protocol ?? 'TCP',
  }));
  const endpoints = pods.map(pod => ({
    addresses: [pod.status.podIP ?? ''],
    conditions: {
      ready: isReady(pod) && !pod.metadata.deletionTimestamp,
      serving: isReady(pod),
      terminating: pod.metadata.deletionTimestamp !== undefined,
    },
    nodeName: pod.spec.nodeName,
    targetRef: referenceTo(pod),
  }));
  const slice = store.owned('endpointslices', service.metadata.uid)[0];
  if (slice)
    store.modify('endpointslices', slice, now => (sameJson(now.endpoints, endpoints) ? now : { ...now, endpoints }));
  else {
    store.create('endpointslices', {
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: {
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': name,
        },
        ownerReferences: [ownedBy(service)],
      },
      addressType: 'IPv4',
      endpoints,
      ports: slicePorts,
    });
  }
  keepEndpoints(cluster, service, pods, slicePorts);
}

function keepEndpoints(
  cluster: Cluster,
  service: Service,
  pods: Pod[],
  ports: { name: string; port: number; protocol: string }[],
): void {
  const { store } = cluster;
  const { name, namespace } = service.metadata;
  const staying = pods.filter(each => !each.metadata.deletionTimestamp);
  const address = (pod: Pod) => ({
    ip: pod.status.podIP ?? '',
    nodeName: pod.spec.nodeName,
    targetRef: referenceTo(pod),
  });
  const ready = staying.filter(isReady).map(address);
  const unready = staying.filter(each => !isReady(each)).map(address);
  const named = ports.map(each => ({
    ...(each.name && { name: each.name }),
    port: each.port,
    protocol: each.protocol,
  }));
  const subsets = staying.length
    ? [
        {
          ...(ready.length && { addresses: ready }),
          ...(unready.length && { notReadyAddresses: unready }),
          ports: named,
        },
      ]
    : undefined;
  const before = store.get('endpoints', namespace, name);
  if (before) {
    store.modify('endpoints', before, now => (sameJson(now.subsets, subsets) ? now : { ...now, subsets }));
  } else {
    const labels = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
    store.create('endpoints', { metadata: { name, namespace, labels }, subsets });
  }
}

function targetOf({ port, targetPort }: { port: number; targetPort?: number | string }): number {
  return typeof targetPort === 'number' ? targetPort : port;
}

function referenceTo({ metadata: { name, namespace, uid } }: Pod): ObjectReference {
  return { kind: 'Pod', name, namespace, uid };
}
