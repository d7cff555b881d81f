import type { SwarmNode } from './objects.ts';
import type { Swarm } from './swarm.ts';

/** Whether the managers can decide anything, and tell of it: more than half of them must be there. */
export class Quorum {
  /** So long a leader without a quorum goes on answering from memory, before it steps down. */
  stepDownMs = 10_000;
  readonly #swarm: Swarm;
  #hasLeader = true;

  constructor(swarm: Swarm) {
    this.#swarm = swarm;
  }

  get isThere(): boolean {
    const { store, downNodes } = this.#swarm;
    const managers = store.list('node').filter(each => each.ManagerStatus);
    return managers.filter(each => !downNodes.has(each.ID)).length * 2 > managers.length;
  }

  /** false: nothing is answered of the swarm. */
  get hasLeader(): boolean {
    return this.#hasLeader;
  }

  /** A node fell silent. */
  lost(node: SwarmNode): void {
    this.#reach(node, 'unreachable');
    if (this.isThere) return;
    this.#swarm.timeline.after(this.stepDownMs, () => {
      this.#hasLeader = this.isThere;
    });
  }

  /** It is back. */
  found(node: SwarmNode): void {
    this.#reach(node, 'reachable');
    this.#hasLeader = this.isThere;
    if (this.#hasLeader) for (const { ID } of this.#swarm.store.list('service')) this.#swarm.wake(ID);
  }

  #reach({ ID }: SwarmNode, Reachability: string): void {
    this.#swarm.store.modify('node', ID, now =>
      now.ManagerStatus ? { ...now, ManagerStatus: { ...now.ManagerStatus, Reachability } } : now,
    );
  }
}
