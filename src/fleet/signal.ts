/**
 * More often than frames are drawn: a change that shows is then on the screen at once although others, which nobody sees,
 * came just before it.
 */
const EVERY_MS = 25;

export interface SignalOptions {
  /** Least milliseconds between two notifications. */
  everyMs?: number;
  /** Runs before each notification: work that is worth doing once for many changes. */
  before?: () => void;
}

/**
 * Tells listeners that something changed: the first change after rest as soon as the current work is done, later ones
 * at most once per interval. Without a change no timer runs.
 */
export class Signal {
  readonly #everyMs: number;
  readonly #before: () => void;
  readonly #listeners = new Set<() => void>();
  #lastAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor({ everyMs = EVERY_MS, before = () => {} }: SignalOptions = {}) {
    this.#everyMs = everyMs;
    this.#before = before;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  changed(): void {
    if (this.#cancel) return;
    const wait = this.#lastAt + this.#everyMs - performance.now();
    if (wait > 0) {
      const timer = setTimeout(this.flush, wait);
      this.#cancel = () => clearTimeout(timer);
    } else {
      const soon = setImmediate(this.flush);
      this.#cancel = () => clearImmediate(soon);
    }
  }

  /** Notifies now, when something changed since the last time. */
  flush = (): void => {
    if (!this.#cancel) return;
    this.#cancel();
    this.#cancel = null;
    this.#lastAt = performance.now();
    this.#before();
    for (const listener of this.#listeners) listener();
  };

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#listeners.clear();
  }
}
