import { type ContainerSpec, isSocket, type Spec, type Strategy } from '../spec.ts';
import type { Api } from './api.ts';
import { idOf, type Word } from './ids.ts';
import { parseBytes, parseMillicores } from './quantity.ts';
import { count, items, text, type Wire } from './wire.ts';

/** So many objects are asked for at once; only what is read of them is kept. */
const PAGE = 200;
/** With more namespaces than this, all are asked for at once. */
export const MOST_NAMESPACES = 20;

const LISTS: readonly [word: Word, root: string][] = [
  ['deployment', '/apis/apps/v1/{}deployments'],
  ['statefulset', '/apis/apps/v1/{}statefulsets'],
  ['daemonset', '/apis/apps/v1/{}daemonsets'],
  ['cronjob', '/apis/batch/v1/{}cronjobs'],
];

interface ContextWire {
  runAsUser?: unknown;
  runAsNonRoot?: unknown;
  privileged?: unknown;
}

interface ContainerWire {
  name?: unknown;
  image?: unknown;
  resources?: { requests?: Record<string, unknown>; limits?: Record<string, unknown> };
  readinessProbe?: unknown;
  livenessProbe?: unknown;
  startupProbe?: unknown;
  securityContext?: ContextWire;
  volumeMounts?: { name?: unknown }[];
}

interface PodWire {
  serviceAccountName?: unknown;
  securityContext?: ContextWire;
  containers?: ContainerWire[];
  volumes?: { name?: unknown; hostPath?: { path?: unknown } }[];
}

interface StrategyWire {
  type?: unknown;
  rollingUpdate?: { maxSurge?: unknown; maxUnavailable?: unknown };
}

type Workload = Wire<{
  strategy?: StrategyWire;
  updateStrategy?: StrategyWire;
  template?: { spec?: PodWire };
  jobTemplate?: { spec?: { template?: { spec?: PodWire } } };
}>;

/** What all workloads of these namespaces are meant to be, page by page. Rejects with what the API threw. */
export async function readSpecs(
  source: string,
  api: Api,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Spec[]> {
  const within =
    namespaces.length > MOST_NAMESPACES ? [''] : namespaces.map(name => `namespaces/${encodeURIComponent(name)}/`);
  const specs: Spec[] = [];
  for (const place of within) {
    for (const [word, root] of LISTS) {
      let more: string | null = null;
      do {
        const query: string = `?limit=${PAGE}${more === null ? '' : `&continue=${encodeURIComponent(more)}`}`;
        const page = (await api.json(`${root.replace('{}', place)}${query}`, signal)) as Page;
        specs.push(...items(page.items).map(object => specOf(source, word, object)));
        more = text(page.metadata?.continue);
      } while (more !== null);
    }
  }
  return specs;
}

interface Page {
  metadata?: { continue?: unknown };
  items?: Workload[];
}

export function specOf(source: string, word: Word, { metadata, spec }: Workload): Spec {
  const pod = (spec?.template ?? spec?.jobTemplate?.spec?.template)?.spec;
  return {
    workload: idOf(source, word, text(metadata?.name) ?? '?', text(metadata?.namespace) ?? '?'),
    strategy: strategyOf(spec?.strategy ?? spec?.updateStrategy),
    account: text(pod?.serviceAccountName),
    containers: items(pod?.containers).map(container => containerOf(container, pod)),
  };
}

function strategyOf(strategy: StrategyWire | undefined): Strategy {
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
  return { type: text(strategy?.type), maxSurge: amount(maxSurge), maxUnavailable: amount(maxUnavailable) };
}

/** A number, or a share as a text. */
const amount = (value: unknown) => text(value) ?? count(value)?.toString() ?? null;

function containerOf(container: ContainerWire, pod: PodWire | undefined): ContainerSpec {
  const { name, image, resources, readinessProbe, livenessProbe, startupProbe, securityContext } = container;
  const sockets = new Set(items(pod?.volumes).flatMap(each => (isSocket(each.hostPath?.path) ? [each.name] : [])));
  return {
    name: text(name) ?? '?',
    image: text(image),
    cpuRequestMillicores: parseMillicores(resources?.requests?.cpu),
    cpuLimitMillicores: parseMillicores(resources?.limits?.cpu),
    memoryRequestBytes: parseBytes(resources?.requests?.memory),
    memoryLimitBytes: parseBytes(resources?.limits?.memory),
    // Kubernetes does not ask the question that an image has.
    checked: [readinessProbe, livenessProbe, startupProbe].some(probe => typeof probe === 'object' && probe !== null),
    root: isRoot({ ...pod?.securityContext, ...securityContext }),
    privileged: securityContext?.privileged === true,
    socket: items(container.volumeMounts).some(mount => sockets.has(mount.name)),
  };
}

function isRoot({ runAsUser, runAsNonRoot }: ContextWire): boolean | null {
  const user = count(runAsUser);
  if (user !== null) return user === 0;
  return runAsNonRoot === true ? false : null;
}
