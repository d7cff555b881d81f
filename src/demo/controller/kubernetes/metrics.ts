import type { Cluster } from './cluster.ts';
import { requestsOf } from './ledger.ts';
import type { Node, Pod } from './objects.ts';
import { quantity } from './quantities.ts';
import { isOver } from './relations.ts';

export interface Usage {
  cpu: number;
  memoryBytes: number;
}

/** How often the metrics server looks (`--metric-resolution`). */
export const WINDOW_MS = 15_000;

/**
 * What a pod uses in the window of a moment: a pure function of the pod and the window, around what it asked for, with
 * a slow tide and a little noise. null while it does not run.
 */
export function podUsage(pod: Pod, window: number): Usage | null {
  const isRunning = pod.status.containerStatuses?.some(each => each.state.running) ?? false;
  if (!isRunning || isOver(pod)) return null;
  const asked = requestsOf(pod);
  const seed = seedOf(pod.metadata.uid);
  const tide = Math.sin((window * WINDOW_MS) / (240_000 + (seed % 360_000)) + seed);
  const noise = fraction(seed + Math.imul(window, 2654435761));
  const share = 0.25 + 0.35 * fraction(seed);
  return {
    cpu: Math.max(0.001, (asked.cpu || 0.02) * (share + 0.12 * tide + 0.15 * noise)),
    memoryBytes: (asked.memoryBytes || 48 * 2 ** 20) * (0.55 + 0.3 * fraction(seed * 7) + 0.02 * tide + 0.01 * noise),
  };
}

/** What a node uses: its pods, and the system beneath them. null when its kubelet does not answer. */
export function nodeUsage(cluster: Cluster, node: Node, window: number): Usage | null {
  const { name } = node.metadata;
  if (cluster.downNodes.has(name)) return null;
  const seed = seedOf(name);
  let cpu = quantity(node.status.capacity.cpu) * (0.12 + 0.12 * fraction(seed));
  let memoryBytes = quantity(node.status.capacity.memory) * (0.18 + 0.18 * fraction(seed + 1));
  for (const pod of cluster.ledger.on(name).pods.values()) {
    const usage = podUsage(pod, window);
    cpu += usage?.cpu ?? 0;
    memoryBytes += usage?.memoryBytes ?? 0;
  }
  return { cpu, memoryBytes };
}

const seeds = new Map<string, number>();

function seedOf(text: string): number {
  let seed = seeds.get(text);
  if (seed === undefined) {
    seed = 2166136261;
    for (let index = 0; index < text.length; index += 1) seed = Math.imul(seed ^ text.charCodeAt(index), 16777619);
    seed >>>= 0;
    if (seeds.size > 50_000) seeds.clear();
    seeds.set(text, seed);
  }
  return seed;
}

/** In [0, 1), the same for the same number. */
function fraction(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
