const TICK_MS = 50;
/** Of a measured time, more than this part was our own: then it says nothing of the other side. */
const OWN_PART = 1 / 5;

/**
 * Waiting for an answer, while this process itself may be kept from looking: by its own start, or by other work on the
 * machine. What comes in meanwhile is seen late, which is no fault of the other side: a deadline counts only the time in
 * which this process could have seen an answer, and a latency that is our own in good part is not told.
 */
export class Attention {
  /** Aborts after the deadline. */
  readonly signal: AbortSignal;
  readonly #deadlineMs: number;
  readonly #ending = new AbortController();
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout;
  #lookedAt: number;
  #lateMs = 0;

  /** @param now milliseconds that only grow */
  constructor(deadlineMs: number, now = () => performance.now()) {
    this.#deadlineMs = deadlineMs;
    this.signal = this.#ending.signal;
    this.#now = now;
    this.#startedAt = this.#lookedAt = now();
    this.#timer = setInterval(() => this.#look(), Math.min(TICK_MS, deadlineMs));
  }

  /** Ends the waiting. Milliseconds since its beginning; null where this process was too busy to tell. */
  end(): number | null {
    clearInterval(this.#timer);
    const elapsed = this.#look() - this.#startedAt;
    return this.#lateMs > elapsed * OWN_PART ? null : elapsed;
  }

  #look(): number {
    const now = this.#now();
    this.#lateMs += Math.max(0, now - this.#lookedAt - TICK_MS);
    this.#lookedAt = now;
    if (now - this.#startedAt - this.#lateMs >= this.#deadlineMs) this.#ending.abort();
    return now;
  }
}
