import { createServer } from 'node:https';
import { formatOf } from '../../../../src/demo/kubernetes-api/format.ts';
import { PROTOBUF, protobufList } from '../../../../src/demo/kubernetes-api/protobuf-list.ts';
import type { Nodes } from './nodes.ts';
import type { Pod } from './objects.ts';
import type { Pods } from './pods.ts';

const [NAME, VERSION] = ['metrics.k8s.io', 'v1beta1'];
const GROUP = `${NAME}/${VERSION}`;
const WINDOW_MS = 15_000;

/**
 * metrics.k8s.io as metrics-server has it: what nodes and running pods use, in windows of 15 seconds; lists also in
 * protobuf.
 */
export function serveMetrics(pods: Pods, nodes: Nodes, tls: { cert: Buffer; key: Buffer }, port: number): void {
  createServer(tls, ({ url = '/', headers }, response) => {
    const answer = answerTo(new URL(url, 'https://metrics').pathname, pods, nodes);
    if (answer?.items && formatOf(headers.accept, { protobuf: true }) === 'protobuf') {
      const info = { kind: answer.kind.slice(0, -'List'.length), group: NAME, version: VERSION };
      response.writeHead(200, { 'content-type': PROTOBUF }).end(protobufList(info, answer.items, {}));
      return;
    }
    const body = answer ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(port, '127.0.0.1');
}

interface Answer {
  [field: string]: unknown;
  kind: string;
  /** Of a list. */
  items?: object[];
}

function answerTo(path: string, pods: Pods, nodes: Nodes): Answer | null {
  const [, , version, ...rest] = path.split('/').slice(1);
  if (version === undefined || rest.length === 0) return discovery();
  const namespace = rest[0] === 'namespaces' ? rest[1] : undefined;
  const [what, name] = namespace === undefined ? rest : rest.slice(2);
  const measured =
    what === 'nodes'
      ? nodes.names.map(nodeMetrics)
      : pods
          .running()
          .filter(each => namespace === undefined || each.metadata.namespace === namespace)
          .map(podMetrics);
  if (name) return measured.find(each => each.metadata.name === name) ?? null;
  return {
    kind: what === 'nodes' ? 'NodeMetricsList' : 'PodMetricsList',
    apiVersion: GROUP,
    metadata: {},
    items: measured,
  };
}

function discovery(): Answer {
  const resource = (name: string, namespaced: boolean, kind: string) => ({
    name,
    singularName: '',
    namespaced,
    kind,
    verbs: ['get', 'list'],
  });
  const resources = [resource('nodes', false, 'NodeMetrics'), resource('pods', true, 'PodMetrics')];
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: GROUP, resources };
}

function nodeMetrics(name: string) {
  return {
    kind: 'NodeMetrics',
    apiVersion: GROUP,
    metadata: { name },
    ...measuredNow(),
    usage: usage(name, 1500, 3072),
  };
}

function podMetrics({ metadata: { name, namespace }, spec }: Pod) {
  const containers = spec.containers.map(each => ({ name: each.name, usage: usage(name + each.name, 40, 96) }));
  return { kind: 'PodMetrics', apiVersion: GROUP, metadata: { name, namespace }, ...measuredNow(), containers };
}

function measuredNow() {
  const timestamp = new Date(Math.floor(Date.now() / WINDOW_MS) * WINDOW_MS).toISOString();
  return { timestamp: `${timestamp.slice(0, 19)}Z`, window: '15s' };
}

/** About so much, another number in each window, for each name its own. */
function usage(name: string, millicores: number, mebibytes: number) {
  let seed = Math.floor(Date.now() / WINDOW_MS);
  for (const letter of name) seed = (seed * 31 + letter.charCodeAt(0)) % 1_000_003;
  const share = 0.8 + (seed % 1000) / 2500;
  return { cpu: `${Math.round(millicores * share * 1e6)}n`, memory: `${Math.round(mebibytes * share * 1024)}Ki` };
}
