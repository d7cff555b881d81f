/**
 * Waits between tries that grow up to a limit, with full jitter so that many programs do not come back at one moment.
 * `random` gives [0, 1).
 */
export class Backoff {
  #tries = 0;
  readonly #baseMs: number;
  readonly #limitMs: number;
  readonly #random: () => number;

  constructor({ baseMs = 500, limitMs = 30_000, random = Math.random } = {}) {
    this.#baseMs = baseMs;
    this.#limitMs = limitMs;
    this.#random = random;
  }

  /** Milliseconds to wait before the next try: never less than a tenth of the step, so that no loop runs hot. */
  next(): number {
    const step = Math.min(this.#limitMs, this.#baseMs * 2 ** this.#tries++);
    return step * (0.1 + 0.9 * this.#random());
  }

  reset(): void {
    this.#tries = 0;
  }
}
