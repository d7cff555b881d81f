/** From one frame to the next on a link that keeps up: at most 10 a second. */
const FRAME_MS = 100;
/** On a link that does not keep up at all. */
const SLOWEST_MS = 1_600;
/** A write that took longer has waited for the link. */
const BLOCKED_MS = 50;
/** Quick writes in a row that prove a link to have recovered. */
const PROOF = 5;

export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  /** null is let pass. */
  clearTimeout(timer: unknown): void;
  setImmediate(run: () => void): unknown;
  clearImmediate(timer: unknown): void;
}

/**
 * When to draw: the first change after rest at once, then at most 10 times a second, and half as often each time that
 * the link did not keep up. `draw` sends what there is and says whether that was anything.
 */
export class Pace {
  #intervalMs = FRAME_MS;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #quick = 0;
  /** Stops the drawing that is due; null when none is. */
  #cancel: (() => void) | null = null;
  #urgent = false;
  readonly #draw: () => boolean;
  readonly #now: () => number;
  readonly #timers: Timers;

  constructor(draw: () => boolean, now: () => number, timers: Timers) {
    this.#draw = draw;
    this.#now = now;
    this.#timers = timers;
  }

  /** The link does not keep up: frames come more rarely. */
  get slow(): boolean {
    return this.#intervalMs > FRAME_MS;
  }

  /**
   * Something changed. The drawing follows at the end of this turn of the event loop at the earliest, so that commits
   * that follow from one another make one frame. An urgent one does not wait for its time, and takes nobody's.
   */
  ask(urgent = false): void {
    if (this.#urgent || (this.#cancel && !urgent)) return;
    this.stop();
    this.#urgent = urgent;
    const waitMs = urgent ? 0 : this.#drawnAt + this.#intervalMs - this.#now();
    if (waitMs > 0) {
      const timer = this.#timers.setTimeout(() => this.#due(), waitMs);
      this.#cancel = () => this.#timers.clearTimeout(timer);
    } else {
      const timer = this.#timers.setImmediate(() => this.#due());
      this.#cancel = () => this.#timers.clearImmediate(timer);
    }
  }

  /** Forgets what is due. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#urgent = false;
  }

  /** Takes in how long a frame was on its way; true when `slow` has changed by it. */
  took(ms: number): boolean {
    const before = this.slow;
    if (ms > BLOCKED_MS) {
      this.#quick = 0;
      this.#intervalMs = Math.min(SLOWEST_MS, this.#intervalMs * 2);
    } else if (++this.#quick >= PROOF) {
      this.#quick = 0;
      this.#intervalMs = Math.max(FRAME_MS, this.#intervalMs / 2);
    }
    return this.slow !== before;
  }

  #due(): void {
    const urgent = this.#urgent;
    this.#cancel = null;
    this.#urgent = false;
    if (this.#draw() && !urgent) this.#drawnAt = this.#now();
  }
}
