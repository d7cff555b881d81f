import { isOver, isWanted, type SwarmService, type Task } from './objects.ts';
import { createTask } from './orchestrator.ts';
import { meets } from './scheduler.ts';
import type { Swarm } from './swarm.ts';

const DEFAULT_DELAY = 5e9;

/** Brings a job's tasks on: as many completions as are wanted, or one on each node; what fails is tried again. */
export function reconcileJob(swarm: Swarm, service: SwarmService): void {
  const iteration = iterationOf(service);
  const tasks = swarm.store.tasksOf(service.ID);
  for (const task of tasks) if (iterationOf(task) !== iteration && !isOver(task)) swarm.wish(task, 'remove');
  const mine = tasks.filter(task => iterationOf(task) === iteration);
  for (const task of mine) if (hasFailed(swarm, task) && isWanted(task)) swarm.wish(task, 'shutdown');
  if (service.Spec.Mode.GlobalJob) reconcileGlobal(swarm, service, mine);
  else reconcileReplicated(swarm, service, mine);
}

export function isJob({ Spec: { Mode } }: SwarmService): boolean {
  return Mode.ReplicatedJob !== undefined || Mode.GlobalJob !== undefined;
}

/** How often its specification was run before. */
export function iterationOf(of: { JobStatus?: SwarmService['JobStatus']; JobIteration?: { Index?: number } }): number {
  return (of.JobStatus?.JobIteration ?? of.JobIteration)?.Index ?? 0;
}

function reconcileReplicated(swarm: Swarm, service: SwarmService, tasks: Task[]): void {
  const { MaxConcurrent = 1, TotalCompletions = MaxConcurrent } = service.Spec.Mode.ReplicatedJob ?? {};
  const kept = tasks.filter(isWanted);
  const taken = new Set(kept.map(task => task.Slot));
  let alive = kept.filter(task => !isOver(task)).length;
  for (let slot = 0; slot < TotalCompletions && alive < MaxConcurrent; slot += 1) {
    const before = tasks.filter(task => task.Slot === slot);
    if (taken.has(slot) || !mayTryAgain(swarm, service, before)) continue;
    create(swarm, service, { slot });
    alive += 1;
  }
}

function reconcileGlobal(swarm: Swarm, service: SwarmService, tasks: Task[]): void {
  for (const node of swarm.store.list('node')) {
    const isUsable = node.Status.State === 'ready' && node.Spec.Availability === 'active';
    if (!isUsable || !meets(node, service.Spec.TaskTemplate.Placement?.Constraints)) continue;
    const here = tasks.filter(task => task.NodeID === node.ID);
    if (!here.some(isWanted) && mayTryAgain(swarm, service, here)) create(swarm, service, { node: node.ID });
  }
}

function create(swarm: Swarm, service: SwarmService, where: { slot?: number; node?: string }): void {
  const Index = iterationOf(service);
  createTask(swarm, service, { ...where, desired: 'complete', JobIteration: Index ? { Index } : {} });
}

function mayTryAgain(swarm: Swarm, service: SwarmService, failed: Task[]): boolean {
  const last = failed.at(-1);
  if (!last) return true;
  const {
    Condition = 'on-failure',
    Delay = DEFAULT_DELAY,
    MaxAttempts = 0,
  } = service.Spec.TaskTemplate.RestartPolicy ?? {};
  if (Condition === 'none' || (MaxAttempts > 0 && failed.length > MaxAttempts)) return false;
  const wait = Date.parse(last.Status.Timestamp) + Delay / 1e6 - swarm.timeline.now;
  if (wait > 0) swarm.wakeIn(service.ID, wait);
  return wait <= 0;
}

/** By itself, or with its node. */
function hasFailed(swarm: Swarm, task: Task): boolean {
  if (isOver(task)) return task.Status.State !== 'complete';
  return task.NodeID !== undefined && swarm.store.get('node', task.NodeID)?.Status.State === 'down';
}
