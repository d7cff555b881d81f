import type { Pod } from './objects.ts';

/** What a pod's containers do on a healthy node, milliseconds. */
export interface Behaviour {
  /** Its image was never pushed. */
  missing: boolean;
  /** From the start to the first passed readiness probe; 0 without a probe. */
  readyMs: number;
  /** It ends by itself after so long, so. */
  ends: { afterMs: number; exitCode: number } | null;
  /** From the request to its end to that end. */
  stopMs: number;
}

/** By the image's tag, in the words of the embedded platform: `…-missing` cannot be pulled, `…-rc1` crashes. */
export function behaviourOf({ spec, metadata }: Pod): Behaviour {
  const images = spec.containers.map(each => each.image);
  const crashes = images.some(each => each.endsWith('-rc1'));
  const isJob = metadata.ownerReferences?.some(each => each.kind === 'Job') ?? false;
  return {
    missing: images.some(each => each.endsWith('-missing')),
    readyMs: spec.containers.some(each => each.readinessProbe) ? 300 : 0,
    ends: crashes ? { afterMs: 1_000, exitCode: 1 } : isJob ? { afterMs: 2_000, exitCode: 0 } : null,
    stopMs: 200,
  };
}

/** How long a container waits before its next start. */
export function backoffMs(restarts: number): number {
  return Math.min(1_000 * 2 ** restarts, 20_000);
}
