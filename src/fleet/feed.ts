import type { FeedEvent, Happening, Severity } from '../model/event.ts';

const ORDER: Record<Severity, number> = { info: 0, warn: 1, bad: 2 };

/**
 * The newest events, oldest first. A happening whose key is still in the feed raises that line's count and moves it to
 * the end; the count of a system that counts itself is taken as it says.
 */
export class Feed {
  readonly #byKey = new Map<string, FeedEvent>();
  readonly #limit: number;
  #next = 0;

  constructor(limit = 5_000) {
    this.#limit = limit;
  }

  add(happening: Happening): FeedEvent {
    const known = this.#byKey.get(happening.key);
    const event: FeedEvent = {
      ...happening,
      id: known?.id ?? `event/${this.#next++}`,
      firstAt: Math.min(known?.firstAt ?? happening.at, happening.at),
      count: happening.count ?? (known ? known.count + 1 : 1),
      severity: known && ORDER[known.severity] > ORDER[happening.severity] ? known.severity : happening.severity,
    };
    this.#byKey.delete(happening.key);
    this.#byKey.set(happening.key, event);
    if (this.#byKey.size > this.#limit) this.#byKey.delete(this.#byKey.keys().next().value!);
    return event;
  }

  /** Takes back events that were kept before this program started, oldest first; what is known already stays. */
  restore(events: readonly FeedEvent[]): void {
    const known = [...this.#byKey.values()];
    this.#byKey.clear();
    for (const event of [...events.slice(-this.#limit), ...known])
      this.#byKey.set(event.key, { ...event, id: `event/${this.#next++}` });
  }

  /** Oldest first, by the time they were told last. */
  all(): FeedEvent[] {
    return [...this.#byKey.values()].sort((a, b) => a.at - b.at);
  }

  about(id: string): FeedEvent[] {
    return this.all().filter(event => event.about === id);
  }
}
