/** Where real time comes from: the machine's clock, or a test's hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, when the moment has come; what it returns takes that back. */
  wakeAt(at: number, wake: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt(at, wake) {
    // Timers hold 31 bits of milliseconds; an early wake finds nothing due and sleeps again.
    const timer = setTimeout(wake, Math.min(Math.max(0, at - Date.now()), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** A clock that stands until it is moved. */
export class FakeClock implements Clock {
  #now: number;
  #wakes: { at: number; wake: () => void }[] = [];

  constructor(now = Date.UTC(2026, 10, 23, 14, 3)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  wakeAt(at: number, wake: () => void): () => void {
    const entry = { at, wake };
    this.#wakes.push(entry);
    return () => {
      this.#wakes = this.#wakes.filter(each => each !== entry);
    };
  }

  /** Moves on, waking whoever is due on the way, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const due = this.#wakes.filter(each => each.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#wakes = this.#wakes.filter(each => each !== due);
      this.#now = Math.max(this.#now, due.at);
      due.wake();
    }
    this.#now = until;
  }
}
