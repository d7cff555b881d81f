import type { Pod } from './objects.ts';
import { quantity } from './quantities.ts';
import { controllerOf, isOver } from './relations.ts';

/** What the pods of a node have asked for. */
export interface Claimed {
  cpu: number;
  memoryBytes: number;
  /** By uid. */
  pods: Map<string, Pod>;
  /** Pods of one controller on this node, by its uid. */
  byOwner: Map<string, number>;
}

/** Keeps for every node what its pods ask for, so that nobody has to walk over all pods. */
export class Ledger {
  readonly #nodes = new Map<string, Claimed>();

  on(node: string): Claimed {
    let claimed = this.#nodes.get(node);
    if (!claimed) {
      claimed = { cpu: 0, memoryBytes: 0, pods: new Map(), byOwner: new Map() };
      this.#nodes.set(node, claimed);
    }
    return claimed;
  }

  /** A pod has changed; null for what was not before, or is no more. */
  keep(before: Pod | null, after: Pod | null): void {
    const from = before && placeOf(before);
    const to = after && placeOf(after);
    if (from && from === to && after && before.spec === after.spec) {
      this.on(to).pods.set(after.metadata.uid, after);
      return;
    }
    if (from && before) this.#count(from, before, -1);
    if (to && after) this.#count(to, after, 1);
  }

  #count(node: string, pod: Pod, sign: 1 | -1): void {
    const claimed = this.on(node);
    const asks = requestsOf(pod);
    claimed.cpu += sign * asks.cpu;
    claimed.memoryBytes += sign * asks.memoryBytes;
    if (sign > 0) claimed.pods.set(pod.metadata.uid, pod);
    else claimed.pods.delete(pod.metadata.uid);
    const owner = controllerOf(pod)?.uid;
    if (!owner) return;
    const count = (claimed.byOwner.get(owner) ?? 0) + sign;
    if (count > 0) claimed.byOwner.set(owner, count);
    else claimed.byOwner.delete(owner);
  }
}

export interface Requests {
  /** Cores. */
  cpu: number;
  memoryBytes: number;
}

export function requestsOf(pod: Pod): Requests {
  let cpu = 0;
  let memoryBytes = 0;
  for (const { resources } of pod.spec.containers) {
    cpu += quantity(resources?.requests?.cpu);
    memoryBytes += quantity(resources?.requests?.memory);
  }
  return { cpu, memoryBytes };
}

function placeOf(pod: Pod): string | null {
  return isOver(pod) ? null : (pod.spec.nodeName ?? null);
}
