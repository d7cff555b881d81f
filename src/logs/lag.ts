import type { LogEntry } from './log-buffer.ts';

export interface Behind {
  /** Milliseconds. */
  ms: number;
  /** At the pace at which the last ones were written. */
  lines: number;
}

/** Clocks that are read to the second, and lines that wait to be put in order, are no lag. */
const LEAST_MS = 2_000;

/**
 * How far what comes lies behind what is written: by the stamps of lines when they come, less the least that there was,
 * since the clock of a node may differ from ours. A log that is read over a link that is too slow falls behind for good.
 */
export class Lag {
  readonly #begun: number;
  #leastMs = Number.POSITIVE_INFINITY;
  /** Of the last lines that came; null: none, or they were not behind. */
  now: Behind | null = null;

  /** @param begun what was written before is the past, which comes late by its nature; milliseconds since 1970 */
  constructor(begun: number) {
    this.#begun = begun;
  }

  /** Takes what came at once, in the order of time. */
  take(entries: readonly LogEntry[], now: number): void {
    const stamps = entries.flatMap(({ at, mark }) => (at !== null && mark === null && at >= this.#begun ? [at] : []));
    const [first, last] = [stamps[0], stamps.at(-1)];
    if (first === undefined || last === undefined) return;
    this.#leastMs = Math.min(this.#leastMs, now - last);
    const ms = now - last - this.#leastMs;
    const lines = Math.round((stamps.length * ms) / Math.max(1, last - first));
    this.now = ms < LEAST_MS ? null : { ms, lines };
  }
}
