/**
 * Simulated time: actions in the order of their moments, ties in the order of their planning. An action runs at its own
 * moment (`now` says so) however late the clock's tick comes: the same plan always unfolds in the same way.
 */
export class Timeline {
  #now: number;
  #planned = 0;
  readonly #heap: Planned[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  /** When the next action is due; null when nothing is planned. */
  get next(): number | null {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.at ?? null;
  }

  /** Plans an action; what it returns takes the plan back. A moment that has passed means now. */
  at(at: number, action: () => void): Cancel {
    const planned = { at: Math.max(at, this.#now), order: this.#planned++, action, cancelled: false };
    this.#push(planned);
    return () => {
      planned.cancelled = true;
    };
  }

  after(ms: number, action: () => void): Cancel {
    return this.at(this.#now + ms, action);
  }

  /** Again and again; `period` is asked each time, in milliseconds. */
  every(period: () => number, action: () => void): Cancel {
    let cancelled = false;
    const plan = () =>
      this.after(period(), () => {
        if (cancelled) return;
        action();
        plan();
      });
    plan();
    return () => {
      cancelled = true;
    };
  }

  /** Runs all that is due until `until`, which is now afterwards. */
  runUntil(until: number): void {
    for (let due = this.next; due !== null && due <= until; due = this.next) {
      const { at, action } = this.#pop();
      this.#now = at;
      action();
    }
    this.#now = Math.max(this.#now, until);
  }

  #push(planned: Planned): void {
    const heap = this.#heap;
    let index = heap.push(planned) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(planned, heap[parent] as Planned)) break;
      heap[index] = heap[parent] as Planned;
      index = parent;
    }
    heap[index] = planned;
  }

  #pop(): Planned {
    const heap = this.#heap;
    const first = heap[0] as Planned;
    const last = heap.pop() as Planned;
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Planned, heap[child] as Planned)) child += 1;
      if (!isBefore(heap[child] as Planned, last)) break;
      heap[index] = heap[child] as Planned;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

export type Cancel = () => void;

interface Planned {
  at: number;
  order: number;
  action: () => void;
  cancelled: boolean;
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
