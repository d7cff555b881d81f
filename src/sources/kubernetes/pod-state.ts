import { type Condition, conditionOf, count, items, type Meta, text, time, type Wire } from './wire.ts';

export interface Terminated {
  exitCode?: unknown;
  signal?: unknown;
  reason?: unknown;
  message?: unknown;
  finishedAt?: unknown;
}

export interface ContainerStatus {
  name?: unknown;
  ready?: unknown;
  started?: unknown;
  restartCount?: unknown;
  state?: {
    waiting?: { reason?: unknown; message?: unknown };
    running?: { startedAt?: unknown };
    terminated?: Terminated;
  };
  lastState?: { terminated?: Terminated };
}

export interface Container {
  name?: unknown;
  image?: unknown;
  restartPolicy?: unknown;
  resources?: Resources;
}

export interface Resources {
  requests?: Record<string, unknown>;
  limits?: Record<string, unknown>;
}

export interface PodSpec {
  nodeName?: unknown;
  restartPolicy?: unknown;
  containers?: Container[];
  initContainers?: Container[];
  resources?: Resources;
  overhead?: Record<string, unknown>;
}

export interface PodStatus {
  phase?: unknown;
  reason?: unknown;
  message?: unknown;
  podIP?: unknown;
  startTime?: unknown;
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
}

export type Pod = Wire<PodSpec, PodStatus>;

export interface PodState {
  /** What `kubectl get pods` prints under STATUS. */
  state: string;
  containers: number;
  containersReady: number;
  restarts: number;
  lastRestartAt: number | null;
  /** The container that the state speaks of. */
  culprit: ContainerStatus | null;
}

/**
 * A pod's state, its ready containers and its restarts, as kubectl 1.35 prints them: the rules of printPod in
 * kubernetes/pkg/printers/internalversion/printers.go.
 */
export function podState(pod: Pod): PodState {
  const { status } = pod;
  const phase = text(status?.phase) ?? 'Unknown';
  const sidecars = new Set(
    items(pod.spec?.initContainers)
      .filter(isSidecar)
      .map(container => container.name),
  );
  const start = startOf(pod, sidecars);
  const begun = !start.stopped || conditionOf(status?.conditions, 'Initialized')?.status === 'True';
  const main = begun ? mainOf(pod) : null;
  const gated = conditionOf(status?.conditions, 'PodScheduled')?.reason === 'SchedulingGated';
  const before = gated ? 'SchedulingGated' : (text(status?.reason) ?? phase);
  const counted = begun
    ? [...start.looked.filter(({ name }) => sidecars.has(name)), ...items(status?.containerStatuses)]
    : start.looked;
  return {
    state: ending(pod.metadata, status, phase) ?? main?.state ?? start.state ?? before,
    containers: items(pod.spec?.containers).length + sidecars.size,
    containersReady: start.ready + (main?.ready ?? 0),
    restarts: counted.reduce((sum, { restartCount }) => sum + (count(restartCount) ?? 0), 0),
    lastRestartAt: latest(counted.map(({ lastState }) => time(lastState?.terminated?.finishedAt))),
    culprit: main?.culprit ?? start.culprit,
  };
}

/** An init container that goes on running beside the others. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** The init containers up to the first one that holds up the start. */
function startOf({ spec, status }: Pod, sidecars: Set<unknown>) {
  const looked: ContainerStatus[] = [];
  let ready = 0;
  for (const [at, container] of items(status?.initContainerStatuses).entries()) {
    looked.push(container);
    const { waiting, terminated } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started === true) {
      if (container.ready === true) ready++;
      continue;
    }
    const waitsFor = text(waiting?.reason);
    const state = terminated
      ? `Init:${endOf(terminated)}`
      : waitsFor && waitsFor !== 'PodInitializing'
        ? `Init:${waitsFor}`
        : `Init:${at}/${items(spec?.initContainers).length}`;
    return { looked, ready, stopped: true, state, culprit: container };
  }
  return { looked, ready, stopped: false, state: null, culprit: null };
}

/** The containers proper: the first one that waits or has ended gives the word. */
function mainOf({ status }: Pod) {
  const statuses = items(status?.containerStatuses);
  const told = statuses.map(container => ({ container, word: wordOf(container) })).filter(({ word }) => word !== null);
  const first = told[0];
  const running = statuses.filter(status => status.ready === true && status.state?.running && wordOf(status) === null);
  const found = { state: first?.word ?? null, culprit: first?.container ?? null, ready: running.length };
  if (first?.word !== 'Completed') return found;
  if (running.length > 0 && conditionOf(status?.conditions, 'Ready')?.status === 'True') {
    return { ...found, state: 'Running', culprit: null };
  }
  const failed = told.find(
    ({ container: { state } }) => state?.terminated && (count(state.terminated.exitCode) ?? 0) !== 0,
  );
  if (failed) return { ...found, state: failed.word, culprit: failed.container };
  return running.length > 0 ? { ...found, state: 'NotReady' } : found;
}

/** Why a container does not run; null when it runs, or says nothing. */
function wordOf({ state }: ContainerStatus): string | null {
  return text(state?.waiting?.reason) ?? (state?.terminated ? endOf(state.terminated) : null);
}

function endOf({ reason, signal, exitCode }: Terminated): string {
  return text(reason) ?? (count(signal) ? `Signal:${count(signal)}` : `ExitCode:${count(exitCode) ?? 0}`);
}

function ending(meta: Meta | undefined, status: PodStatus | undefined, phase: string): string | null {
  if (!meta?.deletionTimestamp) return null;
  if (status?.reason === 'NodeLost') return 'Unknown';
  return phase === 'Succeeded' || phase === 'Failed' ? null : 'Terminating';
}

function latest(times: (number | null)[]): number | null {
  return times.reduce((newest, at) => (at !== null && (newest === null || at > newest) ? at : newest), null);
}
