import type { Complaint } from '../../log-lines.ts';
import type { Random } from '../../random.ts';
import type { Timeline } from '../../timeline.ts';

import { type Crash, Images } from '../images.ts';
import { Agent } from './agent.ts';
import { endOf } from './command.ts';
import { EventLog } from './events.ts';
import { isJob, iterationOf } from './jobs.ts';
import {
  isOver,
  isoNano,
  isWanted,
  type ServiceSpec,
  type SwarmService,
  type Task,
  type TaskState,
  type TaskStatus,
} from './objects.ts';
import { reconcileService } from './orchestrator.ts';
import { Quorum } from './quorum.ts';
import { schedule } from './scheduler.ts';
import { type SwarmChange, SwarmStore } from './store.ts';
import type { Update } from './updater.ts';

export interface TaskFault {
  crash: Crash | null;
  unhealthy: boolean;
}

/** The embedded Docker Swarm: its objects, its managers' work and its engines. */
export class Swarm {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly store: SwarmStore;
  readonly events: EventLog;
  readonly images = new Images();
  readonly agent: Agent;
  readonly quorum: Quorum;
  /** By service name. */
  readonly faults = new Map<string, TaskFault>();
  /** What the tasks of a service write beside their usual lines, by its name. */
  readonly complaints = new Map<string, Complaint>();
  /** By node id. */
  readonly downNodes = new Map<string, object>();
  /** By service id. */
  readonly updates = new Map<string, Update>();
  /** By the id of the task that waits: whom it replaces, and when it may run at the earliest. */
  readonly replacements = new Map<string, { old: string; notBefore: number }>();
  settling = false;
  /** Without a heartbeat for so long a node counts as lost (twice the dispatcher's period of 2 s, and a little). */
  heartbeatLostMs = 5_400;
  readonly #awake = new Set<string>();
  readonly #onNode = new Map<string, Map<string, Task>>();
  /** By service and slot: when it was restarted. */
  readonly #restarts = new Map<string, number[]>();
  #nextAddress = 10;

  constructor(timeline: Timeline, random: Random) {
    this.timeline = timeline;
    this.random = random;
    this.store = new SwarmStore(timeline);
    this.events = new EventLog(this);
    this.agent = new Agent(this);
    this.quorum = new Quorum(this);
    this.store.onChange(change => this.#react(change));
  }

  /** Now, as the engine writes it. */
  get moment(): string {
    return isoNano(this.timeline.now);
  }

  delay(low: number, high: number): number {
    return this.settling ? 0 : this.random.between(low, high);
  }

  /** The managers look at the service soon: once, however many ask. */
  wake(serviceId: string): void {
    if (this.#awake.has(serviceId)) return;
    this.#awake.add(serviceId);
    this.timeline.after(this.delay(40, 160), () => {
      this.#awake.delete(serviceId);
      const service = this.store.get('service', serviceId);
      if (service && this.quorum.isThere) reconcileService(this, service);
    });
  }

  wakeIn(serviceId: string, ms: number): void {
    this.timeline.after(ms, () => this.wake(serviceId));
  }

  /** The tasks that a node has to run, or runs. */
  tasksOn(nodeId: string): Task[] {
    return [...(this.#onNode.get(nodeId)?.values() ?? [])];
  }

  behaviourOf(task: Task): TaskFault {
    const service = this.store.get('service', task.ServiceID);
    const fault = service && this.faults.get(service.Spec.Name);
    const { Image, Command = [], Args = [] } = task.Spec.ContainerSpec;
    const crash = this.images.crashOf(Image) ?? endOf([...Command, ...Args]);
    return fault ?? { crash, unhealthy: false };
  }

  /** From now on its tasks have this fault; null mends them. */
  setFault(service: string, fault: TaskFault | null): void {
    if (fault) this.faults.set(service, fault);
    else this.faults.delete(service);
    const found = this.store.list('service').find(each => each.Spec.Name === service);
    for (const task of found && fault ? this.store.tasksOf(found.ID) : []) {
      if (task.Status.State === 'running') this.agent.attend(task);
    }
  }

  setTask(
    task: Task,
    State: TaskState,
    Message: string,
    { NodeID, Err, ContainerID, PID, exitCode }: TaskChange = {},
  ): Task | null {
    return this.store.modify('task', task.ID, now => {
      const before = now.Status.ContainerStatus;
      const container = before || ContainerID ? { ContainerID: '', PID: 0, ExitCode: 0, ...before } : undefined;
      const Status: TaskStatus = {
        Timestamp: this.moment,
        State,
        Message,
        ...(Err && { Err }),
        ...(container && {
          ContainerStatus: {
            ContainerID: ContainerID ?? container.ContainerID,
            PID: PID ?? (exitCode === undefined ? container.PID : 0),
            ExitCode: exitCode ?? 0,
          },
        }),
        PortStatus: {},
      };
      return { ...now, Status, ...(NodeID && { NodeID }) };
    });
  }

  /** What the managers want of a task; it never goes back. */
  wish(task: Task, DesiredState: TaskState): void {
    this.store.modify('task', task.ID, now => (now.DesiredState === DesiredState ? now : { ...now, DesiredState }));
  }

  countRestart(task: Task): void {
    const key = `${task.ServiceID} ${task.Slot ?? task.NodeID}`;
    this.#restarts.set(key, [...(this.#restarts.get(key) ?? []), this.timeline.now].slice(-100));
  }

  /** How often its slot was restarted within the window; 0 is for ever. */
  restartsOf(task: Task, windowMs: number): number {
    const all = this.#restarts.get(`${task.ServiceID} ${task.Slot ?? task.NodeID}`) ?? [];
    return windowMs ? all.filter(at => at > this.timeline.now - windowMs).length : all.length;
  }

  /** The newest specification; the one before it is remembered for a rollback. */
  updateService(service: SwarmService, spec: ServiceSpec): void {
    this.store.modify('service', service.ID, ({ UpdateStatus: _, ...now }) => ({
      ...now,
      Spec: spec,
      PreviousSpec: now.Spec,
      Endpoint: { ...now.Endpoint, Spec: spec.EndpointSpec ?? {} },
      ...(isJob(now) && { JobStatus: { JobIteration: { Index: iterationOf(now) + 1 }, LastExecution: this.moment } }),
    }));
  }

  /** Back to the specification before the newest. False when there is none. */
  rollBack(service: SwarmService, Message: string): boolean {
    const { PreviousSpec } = service;
    if (!PreviousSpec) return false;
    this.store.modify('service', service.ID, now => ({
      ...now,
      Spec: PreviousSpec,
      PreviousSpec: now.Spec,
      UpdateStatus: { State: 'rollback_started', StartedAt: this.moment, Message },
    }));
    return true;
  }

  createService(spec: ServiceSpec): SwarmService {
    const virtual = this.store.networks
      .filter(network => spec.TaskTemplate.Networks?.some(({ Target }) => Target === network.Id))
      .map(network => ({ NetworkID: network.Id, Addr: this.#address() }));
    return this.store.create('service', {
      ID: this.random.dockerId(),
      Spec: spec,
      ...((spec.Mode.ReplicatedJob || spec.Mode.GlobalJob) && {
        JobStatus: { JobIteration: {}, LastExecution: this.moment },
      }),
      Endpoint: {
        Spec: spec.EndpointSpec ?? {},
        ...(spec.EndpointSpec?.Ports && { Ports: spec.EndpointSpec.Ports }),
        ...(virtual.length && { VirtualIPs: virtual }),
      },
    });
  }

  removeService(id: string): void {
    for (const task of this.store.tasksOf(id)) this.wish(task, 'remove');
    this.store.remove('service', id);
  }

  attach(service: SwarmService): Task['NetworksAttachments'] {
    return (service.Spec.TaskTemplate.Networks ?? []).map(({ Target }) => ({
      Network: { ID: Target, Spec: { Name: this.store.networks.find(each => each.Id === Target)?.Name ?? '' } },
      Addresses: [this.#address()],
    }));
  }

  /** The node falls silent. Its tasks go on saying what they said last. */
  loseNode(hostname: string): void {
    const node = this.store.list('node').find(each => each.Description.Hostname === hostname);
    if (!node || this.downNodes.has(node.ID)) return;
    const loss = { at: this.timeline.now };
    this.downNodes.set(node.ID, loss);
    this.quorum.lost(node);
    this.timeline.after(this.heartbeatLostMs, () => {
      if (this.downNodes.get(node.ID) !== loss || !this.quorum.isThere) return;
      this.store.modify('node', node.ID, now => ({
        ...now,
        Status: { ...now.Status, State: 'down', Message: 'heartbeat failure' },
      }));
    });
  }

  /**
   * It is back: what was moved away from it turns out to have ended.
   *
   * @param lostPower else its containers ran on, and are stopped now
   */
  returnNode(hostname: string, lostPower = true): void {
    const node = this.store.list('node').find(each => each.Description.Hostname === hostname);
    if (!node || !this.downNodes.delete(node.ID)) return;
    for (const task of this.tasksOn(node.ID)) {
      if (isWanted(task) || !lostPower) this.agent.attend(task);
      else this.setTask(task, 'failed', 'started', { Err: 'task: non-zero exit (255)', exitCode: 255 });
    }
    this.store.modify('node', node.ID, now => ({ ...now, Status: { State: 'ready', Addr: now.Status.Addr } }));
    this.quorum.found(node);
  }

  tellContainer(action: string, task: Task, attributes: Record<string, string> = {}): void {
    this.events.container(action, task, attributes);
  }

  #react(change: SwarmChange): void {
    this.events.tell(change);
    if (change.kind === 'service') {
      const service = change.after ?? change.before;
      if (service) this.wake(service.ID);
    } else if (change.kind === 'node') {
      for (const service of this.store.list('service')) this.wake(service.ID);
      this.#retryPending();
    } else this.#reactToTask(change as SwarmChange<'task'>);
  }

  #reactToTask({ before, after }: SwarmChange<'task'>): void {
    const task = after ?? before;
    if (!task) return;
    this.#keepPlace(before, after);
    this.wake(task.ServiceID);
    if (!after) {
      this.agent.forget(task.ID);
      this.replacements.delete(task.ID);
      this.#retryPending();
      return;
    }
    if (!before && !after.NodeID) this.timeline.after(this.delay(20, 120), () => this.#schedule(after.ID));
    const isNews =
      before?.NodeID !== after.NodeID ||
      before?.DesiredState !== after.DesiredState ||
      (before.Status.State !== after.Status.State && ['ready', 'running'].includes(after.Status.State));
    if (isNews) {
      // Without a node there is no engine that could remove it.
      if (after.DesiredState === 'remove' && !after.NodeID) this.store.remove('task', after.ID);
      else if (!isWanted(after) && !after.NodeID && !isOver(after)) this.setTask(after, 'shutdown', 'shutdown');
      else this.agent.attend(after);
    }
  }

  #keepPlace(before: Task | null, after: Task | null): void {
    if (before?.NodeID) this.#onNode.get(before.NodeID)?.delete(before.ID);
    if (!after?.NodeID || isOver(after)) return;
    const tasks = this.#onNode.get(after.NodeID) ?? new Map<string, Task>();
    this.#onNode.set(after.NodeID, tasks.set(after.ID, after));
  }

  #retryPending(): void {
    for (const task of this.store.list('task')) {
      if (!task.NodeID && isWanted(task)) this.timeline.after(this.delay(50, 200), () => this.#schedule(task.ID));
    }
  }

  #schedule(id: string): void {
    const task = this.store.get('task', id);
    if (task && this.quorum.isThere) schedule(this, task);
  }

  #address(): string {
    this.#nextAddress += 1;
    return `10.0.${1 + Math.floor(this.#nextAddress / 250)}.${2 + (this.#nextAddress % 250)}/24`;
  }
}

interface TaskChange {
  NodeID?: string;
  Err?: string | null;
  ContainerID?: string;
  PID?: number;
  exitCode?: number;
}
