import { printable } from '../model/printable.ts';
import { type Client, Refusal } from '../sources/client.ts';
import { at, uidOf } from './prove.ts';

/** A pod, as far as leaving its node concerns it. */
export interface PodOn {
  uid: string;
  namespace: string;
  name: string;
  path: string;
  /** It belongs to the node and stays: a DaemonSet would make it anew there, a mirror pod is the kubelet's own. */
  stays: 'DaemonSet' | 'mirror' | null;
  /** Nothing makes another one in its place. */
  unmanaged: boolean;
  finished: boolean;
  /** It is on its way out already. */
  leaving: boolean;
  /** Data in an emptyDir go with it. */
  localData: boolean;
  /** Names of the budgets that it is counted in. */
  budgets: Budget[];
  labels: Labels;
  tolerations: Toleration[];
  nodeSelector: Labels;
  /** It has rules about its neighbours or nodes beside the selector. */
  hasAffinity: boolean;
}

export interface Budget {
  namespace: string;
  name: string;
  /** How many may be evicted now. */
  allowed: number;
  selector: Selector | null;
}

type Labels = Readonly<Record<string, string>>;

interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

/** The pods of a node, with the disruption budgets that they are in. `unread`: why the budgets cannot be known. */
export async function podsOn(
  node: string,
  client: Client,
  signal: AbortSignal,
): Promise<{ pods: PodOn[]; unread: string | null }> {
  let budgets: Budget[] = [];
  let unread: string | null = null;
  try {
    budgets = items(await client.get('/apis/policy/v1/poddisruptionbudgets', signal)).map(budgetOf);
  } catch (error) {
    if (!(error instanceof Refusal) || error.answer !== 'no') throw error;
    unread = error.trouble.why;
  }
  const pods = await listPods(node, client, signal);
  return { pods: pods.map(pod => podOf(pod, budgets)), unread };
}

/** The uids of all pods that are still on a node. */
export async function uidsOn(node: string, client: Client, signal: AbortSignal): Promise<Set<string>> {
  return new Set((await listPods(node, client, signal)).map(pod => uidOf(pod) ?? ''));
}

async function listPods(node: string, client: Client, signal: AbortSignal): Promise<unknown[]> {
  const selector = encodeURIComponent(`spec.nodeName=${node}`);
  return items(await client.get(`/api/v1/pods?fieldSelector=${selector}`, signal));
}

/** The taints of all nodes that keep pods away, by the names of the nodes. */
export async function taintsOf(client: Client, signal: AbortSignal): Promise<Map<string, Taint[]>> {
  const nodes = items(await client.get('/api/v1/nodes', signal));
  const hard = (node: unknown) =>
    ((at(node, ['spec', 'taints']) ?? []) as Taint[]).filter(({ effect }) => effect !== 'PreferNoSchedule');
  return new Map(nodes.map(node => [String(at(node, ['metadata', 'name'])), hard(node)]));
}

/** Whether taints and node selector let a pod run on a node (kubernetes.io: taints and tolerations). */
export function mayRunOn({ tolerations, nodeSelector }: PodOn, taints: readonly Taint[], labels: Labels): boolean {
  const tolerates = (taint: Taint) =>
    tolerations.some(
      ({ key, operator, value, effect }) =>
        (!effect || effect === taint.effect) &&
        (key ? key === taint.key : operator === 'Exists') &&
        (operator === 'Exists' || (value ?? '') === (taint.value ?? '')),
    );
  return taints.every(tolerates) && Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);
}

function podOf(pod: unknown, budgets: readonly Budget[]): PodOn {
  const namespace = String(at(pod, ['metadata', 'namespace']));
  const name = String(at(pod, ['metadata', 'name']));
  const owners = (at(pod, ['metadata', 'ownerReferences']) ?? []) as { kind?: string; controller?: boolean }[];
  const controller = owners.find(owner => owner.controller)?.kind ?? null;
  const isMirror = at(pod, ['metadata', 'annotations', 'kubernetes.io/config.mirror']) !== null;
  const labels = (at(pod, ['metadata', 'labels']) ?? {}) as Labels;
  const volumes = (at(pod, ['spec', 'volumes']) ?? []) as object[];
  const phase = at(pod, ['status', 'phase']);
  const finished = phase === 'Succeeded' || phase === 'Failed';
  return {
    uid: uidOf(pod) ?? '',
    namespace,
    name: printable(name),
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`,
    stays: isMirror ? 'mirror' : controller === 'DaemonSet' ? 'DaemonSet' : null,
    unmanaged: controller === null && !finished,
    finished,
    leaving: at(pod, ['metadata', 'deletionTimestamp']) !== null,
    localData: !finished && volumes.some(volume => 'emptyDir' in volume),
    budgets: budgets.filter(budget => budget.namespace === namespace && selects(budget.selector, labels)),
    labels,
    tolerations: (at(pod, ['spec', 'tolerations']) ?? []) as Toleration[],
    nodeSelector: (at(pod, ['spec', 'nodeSelector']) ?? {}) as Labels,
    hasAffinity: ['affinity', 'topologySpreadConstraints'].some(rule => at(pod, ['spec', rule]) !== null),
  };
}

function budgetOf(budget: unknown): Budget {
  return {
    namespace: String(at(budget, ['metadata', 'namespace'])),
    name: printable(String(at(budget, ['metadata', 'name']))),
    allowed: Number(at(budget, ['status', 'disruptionsAllowed']) ?? 0),
    selector: at(budget, ['spec', 'selector']) as Selector | null,
  };
}

/** In policy/v1 an empty selector selects every pod of the namespace, and none selects nothing. */
function selects(selector: Selector | null, labels: Labels): boolean {
  if (selector === null) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const among = value !== undefined && values.includes(value);
      return operator === 'In' ? among : !among;
    })
  );
}

function items(list: unknown): unknown[] {
  return (at(list, ['items']) ?? []) as unknown[];
}
