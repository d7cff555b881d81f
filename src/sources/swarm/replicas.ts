import type { Seen } from '../../model/entity.ts';
import { type CrashLedger, isLoop, lastWords, story, trialMs } from './crash-ledger.ts';
import type { SeenNode } from './nodes.ts';
import type { Service } from './service.ts';
import { hasDied, hasEnded, isCurrent, type Task } from './task.ts';

export type SeenReplica = Seen<'replica'>;

/** What is known beside the tasks themselves. */
export interface Sight {
  source: string;
  /** When the tasks were read. */
  observedAt: number;
  /** By the engine's clock. */
  now: number;
  /** By Swarm's ids; null when the nodes are not to be had: then a task's own word is all there is. */
  nodes: ReadonlyMap<string, SeenNode> | null;
  ledger: CrashLedger;
}

/**
 * The tasks of one service that are worth showing: all that are alive, and of each place the newest that ended.
 *
 * @param tasks the newest first
 */
export function replicasOf(service: Service, tasks: readonly Task[], sight: Sight): SeenReplica[] {
  const before = predecessors(tasks);
  const history = newest(tasks, hasEnded);
  return tasks
    .filter(task => isCurrent(task) || !hasEnded(task) || history.get(task.place) === task)
    .map(task => seenReplica(service, task, before.get(task.place), sight));
}

/** Of each place the newest task that was given up, whether it has ended yet or not. */
export function predecessors(tasks: readonly Task[]): Map<string, Task> {
  return newest(tasks, () => true);
}

function newest(tasks: readonly Task[], of: (task: Task) => boolean): Map<string, Task> {
  const found = new Map<string, Task>();
  for (const task of tasks) {
    if (!isCurrent(task) && of(task) && !found.has(task.place)) found.set(task.place, task);
  }
  return found;
}

function seenReplica(service: Service, task: Task, before: Task | undefined, sight: Sight): SeenReplica {
  const { source, observedAt, nodes, ledger } = sight;
  const node = task.node ? nodes?.get(task.node) : undefined;
  const current = isCurrent(task);
  const deaths = ledger.of(task);
  const ready = isReady(task, sight);
  return {
    id: `${source}/task/${service.name}.${task.slot ?? task.node}.${task.id.slice(0, 8)}`,
    kind: 'replica',
    name: `${service.name}.${task.slot ?? node?.name ?? task.node}`,
    source,
    observedAt,
    uid: task.id,
    version: task.version,
    createdAt: task.createdAt,
    labels: {},
    system: 'swarm',
    namespace: service.stack,
    workload: service.id,
    node: node?.id ?? null,
    state: task.state,
    ready,
    wanted: current ? (service.isJob ? 'completed' : 'running') : 'gone',
    containers: 1,
    containersReady: ready ? 1 : 0,
    // History is left out of the sum over a workload's replicas: its deaths are counted at the living one.
    restarts: current ? (deaths?.total ?? 0) : null,
    lastRestartAt: current ? (deaths?.last.at ?? null) : null,
    message: ready ? null : message(service, task, before, sight),
    exitCode: hasEnded(task) ? task.exitCode : null,
    startedAt: task.state === 'running' ? task.at : null,
    ip: task.ip,
    image: task.image,
    cpuUsedMillicores: null,
    memoryUsedBytes: null,
    cpuRequestMillicores: task.cpuRequestMillicores,
    cpuLimitMillicores: task.cpuLimitMillicores,
    memoryRequestBytes: task.memoryRequestBytes,
    memoryLimitBytes: task.memoryLimitBytes,
    slot: task.slot,
  };
}

/**
 * Really runs: by its own word, on a node that can be believed, and, in a crash loop, for long enough. Swarm itself
 * starts to say `running` only when a health check has passed.
 */
export function isReady(task: Task, sight: Sight): boolean {
  if (task.state !== 'running' || !isCurrent(task) || lostNode(task, sight)) return false;
  return !isOnTrial(task, sight);
}

function isOnTrial(task: Task, { ledger, now }: Sight): boolean {
  const deaths = ledger.of(task);
  if (!deaths || !isLoop(deaths, now)) return false;
  return now - (task.at ?? 0) < trialMs(deaths);
}

function message(service: Service, task: Task, before: Task | undefined, sight: Sight): string | null {
  if (hasEnded(task)) return hasDied(task) && !isDone(service, task) ? lastWords(task) : task.error;
  const lost = lostNode(task, sight);
  if (lost) return `${lost}; its last word was ${task.state}`;
  if (!isCurrent(task)) return task.error;
  const told = task.error ?? whyAgain(task, before, sight);
  if (!told) return null;
  if (task.state === 'ready') return `waits to start again; ${told}`;
  return task.state === 'running' ? `${told}; just started again` : told;
}

/** Why it has to be started again: it died, or the one before did, which was not sent away. */
export function whyAgain(task: Task, before: Task | undefined, { ledger, now }: Sight): string | null {
  const deaths = ledger.of(task);
  if (!deaths) return null;
  const sameBefore = before?.spec === task.spec && hasDied(before);
  return hasDied(task) || sameBefore || isLoop(deaths, now) ? story([deaths], now) : null;
}

/** A job's task has no more to do. */
function isDone({ isJob }: Service, { state }: Task): boolean {
  return isJob && state === 'complete';
}

/** Why the word of a task cannot be believed: "node w1 is down since 14:02". null: it can. */
export function lostNode(task: Task, { nodes, now }: Sight): string | null {
  if (!nodes || !task.node) return null;
  const node = nodes.get(task.node);
  if (!node) return 'its node is not in the swarm any more';
  if (node.ready) return null;
  return `node ${node.name} is ${node.state}${node.stateSince === null ? '' : ` since ${clock(node.stateSince, now)}`}`;
}

/** `14:02`, with the date when it is another day; local time. */
function clock(at: number, now: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date(now).toDateString()) return hours;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${hours}`;
}
