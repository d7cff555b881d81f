import { isJob, reconcileJob } from './jobs.ts';
import { isOver, isWanted, type SwarmNode, type SwarmService, type Task, type TaskState } from './objects.ts';
import { meets } from './scheduler.ts';
import type { Swarm } from './swarm.ts';
import { updateStep } from './updater.ts';

/** How many ended tasks of a slot are kept (`TaskHistoryRetentionLimit`). */
const HISTORY = 5;
const DEFAULT_DELAY = 5e9;

/** Brings a service's tasks to what its specification wants: as many slots, or one task on each node that may have it. */
export function reconcileService(swarm: Swarm, service: SwarmService): void {
  if (isJob(service)) reconcileJob(swarm, service);
  else if (service.Spec.Mode.Global) reconcileGlobal(swarm, service);
  else reconcileReplicated(swarm, service);
  if (!isJob(service)) updateStep(swarm, service);
  forgetHistory(swarm, service);
}

/** The newest wanted task of each slot; of a global service the slot is the node. */
export function slotsOf(swarm: Swarm, service: SwarmService): Map<string, Task> {
  const slots = new Map<string, Task>();
  for (const task of swarm.store.tasksOf(service.ID)) if (isWanted(task)) slots.set(slotOf(task), task);
  return slots;
}

export function slotOf(task: Task): string {
  return task.Slot === undefined ? (task.NodeID ?? '') : String(task.Slot);
}

/** A task takes the place of another: it waits, made ready, until the other is off. */
export function replaceTask(swarm: Swarm, service: SwarmService, old: Task, delayMs: number): Task {
  swarm.wish(old, 'shutdown');
  const isGlobal = old.Slot === undefined;
  const next = createTask(swarm, service, {
    slot: old.Slot,
    node: isGlobal ? old.NodeID : undefined,
    desired: 'ready',
  });
  swarm.replacements.set(next.ID, { old: old.ID, notBefore: swarm.timeline.now + delayMs });
  swarm.wakeIn(service.ID, delayMs);
  const made = swarm.updates.get(service.ID)?.made;
  if (made?.has(old.ID)) made.add(next.ID);
  return next;
}

function reconcileReplicated(swarm: Swarm, service: SwarmService): void {
  const wanted = service.Spec.Mode.Replicated?.Replicas ?? 1;
  const slots = slotsOf(swarm, service);
  const surplus = [...slots.values()].sort(leastUsefulFirst(swarm)).slice(0, Math.max(0, slots.size - wanted));
  for (const task of surplus) {
    for (const each of swarm.store.tasksOf(service.ID)) if (each.Slot === task.Slot) swarm.wish(each, 'remove');
    slots.delete(slotOf(task));
  }
  let resting = 0;
  for (let number = 1; slots.size + resting < wanted; number += 1) {
    if (slots.has(String(number))) continue;
    if (isResting(swarm, service, number)) resting += 1;
    else slots.set(String(number), createTask(swarm, service, { slot: number, desired: 'running' }));
  }
  for (const task of slots.values()) keepUp(swarm, service, task);
  retire(swarm, service);
}

/** Where a new task was started first, the one before it goes when the new one runs. */
function retire(swarm: Swarm, service: SwarmService): void {
  const slots = slotsOf(swarm, service);
  for (const task of swarm.store.tasksOf(service.ID)) {
    const newest = slots.get(slotOf(task));
    if (isWanted(task) && newest && newest.ID !== task.ID && newest.Status.State === 'running') {
      swarm.wish(task, 'shutdown');
    }
  }
}

function reconcileGlobal(swarm: Swarm, service: SwarmService): void {
  const slots = slotsOf(swarm, service);
  for (const node of swarm.store.list('node')) {
    const belongs = isUsable(node) && meets(node, service.Spec.TaskTemplate.Placement?.Constraints);
    const task = slots.get(node.ID);
    if (!belongs && task) swarm.wish(task, 'shutdown');
    else if (belongs && !task && node.Spec.Availability === 'active') {
      createTask(swarm, service, { node: node.ID, desired: 'running' });
    } else if (belongs && task) keepUp(swarm, service, task);
  }
}

/** A task that ended is followed by another; one whose turn has come may run; one on a lost node moves. */
function keepUp(swarm: Swarm, service: SwarmService, task: Task): void {
  const node = task.NodeID ? swarm.store.get('node', task.NodeID) : null;
  if (isOver(task)) {
    // One that was refused while it waited is not followed before its own turn.
    if (task.DesiredState === 'running' || isTurn(swarm, task)) restart(swarm, service, task);
  } else if (node && !isUsable(node)) replaceTask(swarm, service, task, 0);
  else if (task.DesiredState === 'ready' && isTurn(swarm, task)) swarm.wish(task, 'running');
}

function restart(swarm: Swarm, service: SwarmService, task: Task): void {
  const {
    Condition = 'any',
    Delay = DEFAULT_DELAY,
    MaxAttempts = 0,
    Window = 0,
  } = service.Spec.TaskTemplate.RestartPolicy ?? {};
  const isFailure = task.Status.State !== 'complete';
  const tries = swarm.restartsOf(task, Window / 1e6);
  const isSpent = MaxAttempts > 0 && tries >= MaxAttempts;
  if (Condition === 'none' || (Condition === 'on-failure' && !isFailure) || isSpent) swarm.wish(task, 'shutdown');
  else {
    swarm.countRestart(task);
    replaceTask(swarm, service, task, Delay / 1e6);
  }
}

/** Its restart policy is spent, or forbids another task: the slot stays empty. */
function isResting(swarm: Swarm, service: SwarmService, slot: number): boolean {
  const tasks = swarm.store.tasksOf(service.ID).filter(each => each.Slot === slot);
  const last = tasks.at(-1);
  if (!last || !isOver(last) || last.DesiredState !== 'shutdown') return false;
  return last.Spec === service.Spec.TaskTemplate && last.Status.State !== 'shutdown';
}

function isTurn(swarm: Swarm, task: Task): boolean {
  const turn = swarm.replacements.get(task.ID);
  if (!turn) return true;
  const old = swarm.store.get('task', turn.old);
  const isOff = !old || isOver(old) || swarm.downNodes.has(old.NodeID ?? '');
  return isOff && swarm.timeline.now >= turn.notBefore;
}

function isUsable(node: SwarmNode): boolean {
  return node.Status.State !== 'down' && node.Spec.Availability !== 'drain';
}

export function createTask(
  swarm: Swarm,
  service: SwarmService,
  {
    slot,
    node,
    desired,
    JobIteration,
  }: Pick<Task, 'JobIteration'> & { slot?: number; node?: string; desired: TaskState },
): Task {
  const now = swarm.moment;
  return swarm.store.create('task', {
    ID: swarm.random.dockerId(),
    Labels: {},
    Spec: service.Spec.TaskTemplate,
    ServiceID: service.ID,
    ...(slot !== undefined && { Slot: slot }),
    ...(node && { NodeID: node }),
    Status: { Timestamp: now, State: node ? 'assigned' : 'new', Message: 'created', PortStatus: {} },
    DesiredState: desired,
    ...(JobIteration && { JobIteration }),
    NetworksAttachments: swarm.attach(service),
  });
}

function leastUsefulFirst(swarm: Swarm): (a: Task, b: Task) => number {
  const load = (task: Task) => (task.NodeID ? swarm.tasksOn(task.NodeID).length : 1e6);
  const rank = (task: Task) => (task.Status.State === 'running' ? 1 : 0);
  return (a, b) => rank(a) - rank(b) || load(b) - load(a) || (b.Slot ?? 0) - (a.Slot ?? 0);
}

function forgetHistory(swarm: Swarm, service: SwarmService): void {
  const bySlot = new Map<string, Task[]>();
  for (const task of swarm.store.tasksOf(service.ID)) {
    if (!isOver(task) || isWanted(task)) continue;
    bySlot.set(slotOf(task), [...(bySlot.get(slotOf(task)) ?? []), task]);
  }
  for (const ended of bySlot.values()) {
    for (const task of ended.slice(0, Math.max(0, ended.length - HISTORY))) swarm.store.remove('task', task.ID);
  }
}
