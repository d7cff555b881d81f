import type { Cluster } from '../controller/kubernetes/cluster.ts';
import { nodeUsage, podUsage, type Usage, WINDOW_MS } from '../controller/kubernetes/metrics.ts';
import { iso } from '../controller/kubernetes/moments.ts';
import type { KubeObject, Node, Pod } from '../controller/kubernetes/objects.ts';
import { apiVersionOf } from '../controller/kubernetes/resources.ts';
import type { Address } from './address.ts';
import { formatOf } from './format.ts';
import { PROTOBUF, protobufList } from './protobuf-list.ts';
import type { Answer, Asked } from './routes.ts';
import { testOf } from './selector-text.ts';
import { ApiError, unknownResource } from './status.ts';

const [group, version] = ['metrics.k8s.io', 'v1beta1'];

/**
 * metrics.k8s.io: what nodes and pods use, in windows of 15 seconds; lists also in protobuf. `frozenAt` stops the windows
 * at a moment.
 */
export function metrics(
  cluster: Cluster,
  address: Address,
  { query, request }: Pick<Asked, 'query' | 'request'>,
  frozenAt: number | null,
): Answer {
  const window = Math.floor((frozenAt ?? cluster.timeline.now) / WINDOW_MS);
  const at = iso(window * WINDOW_MS);
  const isPods = address.resource === 'pods';
  if (!isPods && address.resource !== 'nodes') throw unknownResource();
  const kind = isPods ? 'PodMetrics' : 'NodeMetrics';
  const measure = (object: KubeObject) =>
    isPods ? podMetrics(cluster, object as Pod, window, at) : nodeMetrics(cluster, object as Node, window, at);
  const apiVersion = apiVersionOf({ group, version });
  if (address.name) {
    const object = cluster.store.get(isPods ? 'pods' : 'nodes', address.namespace ?? undefined, address.name);
    const measured = object && measure(object);
    if (!measured) throw missing(address);
    return { body: { kind, apiVersion, ...measured } };
  }
  const test = testOf(isPods ? 'pods' : 'nodes', query.get('labelSelector'), null);
  const objects: readonly KubeObject[] = cluster.store.list(isPods ? 'pods' : 'nodes', address.namespace ?? undefined);
  const items = (test ? objects.filter(test) : objects).map(measure).filter(each => each !== null);
  if (formatOf(request.headers.accept, { protobuf: true }) === 'protobuf') {
    return { type: PROTOBUF, body: protobufList({ kind, group, version }, items, {}) };
  }
  return { body: { kind: `${kind}List`, apiVersion, metadata: {}, items } };
}

function podMetrics(cluster: Cluster, pod: Pod, window: number, at: string): object | null {
  const usage = cluster.downNodes.has(pod.spec.nodeName ?? '') ? null : podUsage(pod, window);
  if (!usage) return null;
  const { name, namespace, labels } = pod.metadata;
  const share = 1 / pod.spec.containers.length;
  return {
    metadata: { name, namespace, creationTimestamp: at, labels },
    timestamp: at,
    window: '15s',
    containers: pod.spec.containers.map(each => ({ name: each.name, usage: written(usage, share) })),
  };
}

function nodeMetrics(cluster: Cluster, node: Node, window: number, at: string): object | null {
  const usage = nodeUsage(cluster, node, window);
  if (!usage) return null;
  const { name, labels } = node.metadata;
  return { metadata: { name, creationTimestamp: at, labels }, timestamp: at, window: '15s', usage: written(usage, 1) };
}

function written({ cpu, memoryBytes }: Usage, share: number): object {
  return { cpu: `${Math.round(cpu * share * 1e9)}n`, memory: `${Math.round((memoryBytes * share) / 1024)}Ki` };
}

function missing({ resource, namespace, name }: Address): ApiError {
  const isPods = resource === 'pods';
  const text = isPods ? `${namespace}/${name}` : name;
  return new ApiError({
    code: 404,
    reason: 'NotFound',
    message: `${isPods ? 'podmetrics' : 'nodemetrics'}.metrics.k8s.io "${text}" not found`,
    details: { name: text, group: 'metrics.k8s.io', kind: isPods ? 'podmetrics' : 'nodemetrics' },
  });
}
