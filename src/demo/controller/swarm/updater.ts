import type { SwarmService, Task, TaskSpec, UpdateConfig, UpdateStatus } from './objects.ts';
import { createTask, replaceTask, slotsOf } from './orchestrator.ts';
import type { Swarm } from './swarm.ts';

/** Where the update of a service stands. */
export interface Update {
  /** What it brings the tasks to. */
  spec: TaskSpec;
  /** Tasks that it made. */
  made: Set<string>;
  /** When the newest of them came to run; the next slot waits for the delay after it. */
  ranAt: number | null;
}

const DEFAULTS: Required<UpdateConfig> = {
  Parallelism: 1,
  Delay: 0,
  FailureAction: 'pause',
  Monitor: 5e9,
  MaxFailureRatio: 0,
  Order: 'stop-first',
};

/** One step of an update: the next slots get tasks of the newest specification, as many at a time as it allows. */
export function updateStep(swarm: Swarm, service: SwarmService): void {
  const spec = service.Spec.TaskTemplate;
  const slots = [...slotsOf(swarm, service).values()];
  const dirty = slots.filter(task => !isSame(task.Spec, spec));
  const state = service.UpdateStatus?.State;
  const isPaused = state === 'paused' || state === 'rollback_paused';
  let update = swarm.updates.get(service.ID);
  if (update && update.spec !== spec) {
    swarm.updates.delete(service.ID);
    update = undefined;
  }
  if (isPaused) return;
  if (!update) {
    if (dirty.length === 0) {
      // Nothing that a task is made of has changed: it is over before it begins.
      if (state === 'updating' || state === 'rollback_started') complete(swarm, service);
      return;
    }
    update = { spec, made: new Set(), ranAt: null };
    swarm.updates.set(service.ID, update);
    if (state !== 'rollback_started') tell(swarm, service, { State: 'updating', Message: 'update in progress' });
  }
  const failed = failureOf(swarm, service, update);
  if (failed) return fail(swarm, service, failed);
  advance(swarm, service, update, slots, dirty);
}

function advance(swarm: Swarm, service: SwarmService, update: Update, slots: Task[], dirty: Task[]): void {
  const { Parallelism, Delay, Monitor, Order } = configOf(service);
  const mine = slots.filter(task => update.made.has(task.ID));
  const onTheWay = mine.filter(task => task.Status.State !== 'running');
  if (onTheWay.length) return;
  const now = swarm.timeline.now;
  if (mine.length && update.ranAt === null) update.ranAt = now;
  const wait = update.ranAt === null ? 0 : update.ranAt + (dirty.length ? Delay : Monitor) / 1e6 - now;
  if (wait > 0 && !swarm.settling) {
    swarm.wakeIn(service.ID, wait);
    return;
  }
  if (dirty.length === 0) return complete(swarm, service);
  for (const task of dirty.slice(0, Parallelism || dirty.length)) {
    const isStartFirst = Order === 'start-first' && task.Slot !== undefined;
    const next = isStartFirst
      ? createTask(swarm, service, { slot: task.Slot, desired: 'running' })
      : replaceTask(swarm, service, task, 0);
    update.made.add(next.ID);
  }
  update.ranAt = null;
}

function complete(swarm: Swarm, service: SwarmService): void {
  swarm.updates.delete(service.ID);
  const isBack = service.UpdateStatus?.State === 'rollback_started';
  tell(swarm, service, {
    State: isBack ? 'rollback_completed' : 'completed',
    Message: isBack ? 'rollback completed' : 'update completed',
    CompletedAt: swarm.moment,
  });
}

/** A task of this update that ended by itself while it was watched. */
function failureOf(swarm: Swarm, service: SwarmService, update: Update): Task | null {
  return (
    swarm.store
      .tasksOf(service.ID)
      .find(task => update.made.has(task.ID) && (task.Status.State === 'failed' || task.Status.State === 'rejected')) ??
    null
  );
}

function fail(swarm: Swarm, service: SwarmService, task: Task): void {
  const { FailureAction } = configOf(service);
  const isBack = service.UpdateStatus?.State === 'rollback_started';
  const why = `due to failure or early termination of task ${task.ID}`;
  const update = swarm.updates.get(service.ID);
  if (FailureAction === 'continue') {
    update?.made.delete(task.ID);
    swarm.wake(service.ID);
  } else if (FailureAction === 'rollback' && !isBack && service.PreviousSpec) {
    swarm.updates.delete(service.ID);
    swarm.rollBack(service, `update rolled back ${why}`);
  } else {
    swarm.updates.delete(service.ID);
    const State = isBack ? 'rollback_paused' : 'paused';
    tell(swarm, service, { State, Message: `${isBack ? 'rollback' : 'update'} paused ${why}` });
  }
}

function configOf({ Spec, UpdateStatus }: SwarmService): Required<UpdateConfig> {
  const own = UpdateStatus?.State === 'rollback_started' ? Spec.RollbackConfig : Spec.UpdateConfig;
  return { ...DEFAULTS, ...own };
}

function tell(swarm: Swarm, service: SwarmService, status: Omit<UpdateStatus, 'StartedAt'>): void {
  swarm.store.modify('service', service.ID, now => ({
    ...now,
    UpdateStatus: { StartedAt: now.UpdateStatus?.StartedAt ?? swarm.moment, ...status },
  }));
}

const texts = new WeakMap<TaskSpec, string>();

/** Whether two task specifications would run alike. */
function isSame(a: TaskSpec, b: TaskSpec): boolean {
  return a === b || textOf(a) === textOf(b);
}

function textOf(spec: TaskSpec): string {
  let text = texts.get(spec);
  if (text === undefined) {
    text = JSON.stringify(spec);
    texts.set(spec, text);
  }
  return text;
}
