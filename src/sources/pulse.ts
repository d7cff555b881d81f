import { setTimeout as sleep } from 'node:timers/promises';

export interface PulseOptions {
  /** The small question. Resolves when the other side answered, whatever it said; rejects when it did not. */
  ask(signal: AbortSignal): Promise<unknown>;
  alive(): void;
  /** `error` is what `ask` rejected with; after the deadline a TimeoutError. */
  silent(error: unknown): void;
  /** From the end of one question to the next. */
  everyMs?: number;
  deadlineMs?: number;
}

/**
 * Proof of life: asks a small question again and again until the signal aborts. A frozen server accepts connections and
 * says nothing, so only an answer counts. With the defaults silence is told at most 7 seconds after the last answer.
 */
export async function pulse(
  { ask, alive, silent, everyMs = 3_000, deadlineMs = 4_000 }: PulseOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      await orAbort(ask(AbortSignal.any([signal, deadline])), deadline);
      if (!signal.aborted) alive();
    } catch (error) {
      if (!signal.aborted) silent(deadline.aborted ? deadline.reason : error);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** The promise's outcome, or the signal's reason at once when it aborts first: for calls that cannot be cancelled. */
export function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    // Also of what is aborted already, so that its own rejection does not go unhandled.
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}
