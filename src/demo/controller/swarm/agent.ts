import { endOf, isStubborn } from './command.ts';
import { isOver, isWanted, type Task } from './objects.ts';
import type { Swarm } from './swarm.ts';

/** The engines of all nodes: they walk each task from assigned to running, and end it when it is not wanted any more. */
export class Agent {
  readonly #swarm: Swarm;
  /** By task: the walk that counts. */
  readonly #walks = new Map<string, number>();
  #walk = 0;

  constructor(swarm: Swarm) {
    this.#swarm = swarm;
  }

  /** A task was given to a node, or what is wanted of it changed, or its node came back. */
  attend(task: Task): void {
    if (!task.NodeID || this.#swarm.downNodes.has(task.NodeID)) return;
    if (isOver(task)) {
      if (task.DesiredState === 'remove') this.#swarm.store.remove('task', task.ID);
      return;
    }
    this.#walks.set(task.ID, ++this.#walk);
    if (!isWanted(task)) this.#stop(task);
    else if (this.#swarm.settling) this.#swarm.setTask(task, 'running', 'started', this.#container(task));
    else this.#goOn(task);
  }

  /** From wherever it stands: what was under way when it was attended to begins anew. */
  #goOn(task: Task): void {
    switch (task.Status.State) {
      case 'assigned':
        return this.#prepare(task);
      case 'preparing':
        return this.#pull(task);
      case 'ready':
        return task.DesiredState === 'ready' ? undefined : this.#start(task);
      case 'starting':
        return this.#check(task);
      case 'running':
        return this.#watch(task);
    }
  }

  /** The container of a running task ends by itself. */
  end(task: Task, exitCode: number, why = ''): void {
    this.#walks.set(task.ID, ++this.#walk);
    const Err = `task: non-zero exit (${exitCode})${why && `: ${why}`}`;
    if (exitCode === 0) this.#swarm.setTask(task, 'complete', 'finished', { exitCode });
    else this.#swarm.setTask(task, 'failed', 'started', { Err, exitCode });
    this.#swarm.tellContainer('die', task, { exitCode: String(exitCode) });
  }

  forget(id: string): void {
    this.#walks.delete(id);
  }

  #prepare(task: Task): void {
    this.#later(task, this.#swarm.delay(80, 250), assigned => {
      const preparing = this.#swarm.setTask(assigned, 'preparing', 'preparing');
      if (preparing) this.#pull(preparing);
    });
  }

  #pull(task: Task): void {
    const { images } = this.#swarm;
    const image = task.Spec.ContainerSpec.Image;
    this.#later(task, this.#swarm.delay(150, 900), now => {
      if (!images.has(image)) this.#swarm.setTask(now, 'rejected', 'preparing', { Err: `No such image: ${image}` });
      else this.#swarm.setTask(now, 'ready', 'prepared', this.#container(now));
    });
  }

  #start(task: Task): void {
    this.#swarm.setTask(task, 'starting', 'starting');
    this.#swarm.tellContainer('create', task);
    this.#swarm.tellContainer('start', task);
    this.#check(task);
  }

  /** With a health check it runs when that has passed. */
  #check(task: Task): void {
    const { Healthcheck } = task.Spec.ContainerSpec;
    const healthy = Healthcheck ? this.#swarm.delay(2_000, 6_000) : 0;
    const { crash } = this.#swarm.behaviourOf(task);
    if (Healthcheck && !crash && endOf(Healthcheck.Test)?.exitCode) {
      const { Interval = 30e9, Retries = 3 } = Healthcheck;
      this.#later(task, (Interval / 1e6) * Retries, now => {
        this.#swarm.tellContainer('health_status: unhealthy', now);
        this.end(now, 137, 'dockerexec: unhealthy container');
      });
      return;
    }
    this.#later(task, this.#swarm.delay(200, 700) + (crash ? 0 : healthy), now => {
      if (Healthcheck) this.#swarm.tellContainer('health_status: healthy', now);
      this.#swarm.setTask(now, 'running', 'started', { PID: this.#swarm.random.integer(400, 30_000) });
    });
  }

  #watch(task: Task): void {
    const { crash, unhealthy } = this.#swarm.behaviourOf(task);
    if (crash) this.#later(task, crash.afterMs, now => this.end(now, crash.exitCode));
    else if (unhealthy) this.#later(task, 12_000, now => this.end(now, 137, 'dockerexec: unhealthy container'));
  }

  #stop(task: Task): void {
    const isRunning = task.Status.State === 'running' || task.Status.State === 'starting';
    if (isRunning) this.#swarm.tellContainer('kill', task, { signal: '15' });
    const grace = (task.Spec.ContainerSpec.StopGracePeriod ?? 10e9) / 1e6;
    const { Command = [], Args = [] } = task.Spec.ContainerSpec;
    const takes = isStubborn([...Command, ...Args]) ? grace : Math.min(grace, this.#swarm.delay(600, 2_500));
    const walk = this.#walks.get(task.ID);
    this.#swarm.timeline.after(isRunning ? takes : 0, () => {
      const now = this.#swarm.store.get('task', task.ID);
      if (!now || this.#walks.get(task.ID) !== walk || this.#isLost(now)) return;
      if (isRunning) {
        this.#swarm.tellContainer('die', now, { exitCode: '0' });
        this.#swarm.tellContainer('stop', now);
      }
      if (now.DesiredState === 'remove') this.#swarm.store.remove('task', now.ID);
      else this.#swarm.setTask(now, 'shutdown', 'shutdown', { exitCode: 0 });
    });
  }

  #container(task: Task): { ContainerID: string; PID: number } {
    const made = task.Status.ContainerStatus?.ContainerID;
    return { ContainerID: made ?? this.#swarm.random.hex(64), PID: this.#swarm.random.integer(400, 30_000) };
  }

  #isLost(task: Task): boolean {
    return this.#swarm.downNodes.has(task.NodeID ?? '');
  }

  #later(task: Task, ms: number, action: (task: Task) => void): void {
    const walk = this.#walks.get(task.ID);
    this.#swarm.timeline.after(ms, () => {
      const now = this.#swarm.store.get('task', task.ID);
      if (now && this.#walks.get(task.ID) === walk && !this.#isLost(now) && isWanted(now)) action(now);
    });
  }
}
