import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does the work again and again until the signal aborts, with a rest from its end to its next beginning. Returns the
 * way to cut the rest short. The work must not reject.
 */
export function repeat(work: () => Promise<void>, restMs: number, signal: AbortSignal): () => void {
  let rest = new AbortController();
  const loop = async () => {
    while (!signal.aborted) {
      rest = new AbortController();
      await work();
      await sleep(restMs, undefined, { signal: AbortSignal.any([signal, rest.signal]) }).catch(() => {});
    }
  };
  void loop();
  return () => rest.abort();
}
