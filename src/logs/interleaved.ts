import type { LogEntry } from './log-buffer.ts';

/** The log of one replica, as far as it has been heard. */
export interface Told {
  readonly name: string;
  /** How far its containers have come, milliseconds since 1970. */
  readonly upTo: Map<string | null, number>;
  /** `behind`: it still tells what was written before, and others wait for it. `late`: they do so no more. */
  state: 'behind' | 'late' | 'there';
  /** Looks since something came of it, and in all. */
  silent: number;
  looks: number;
}

export interface InterleavedOptions {
  /** What was written from then on needs no waiting for; milliseconds since 1970. */
  begun: number;
  /** After so many looks without a word it is not waited for: of who has spoken, and of who has not; and in all. */
  patience: { spoken: number; unheard: number; whole: number };
  /** Lines that wait at most, of all together. */
  most: number;
}

/**
 * Lines of several logs in the order of time. Each log comes in its own order, and its past at its own speed; so a line
 * waits until those that are still behind have come as far as it.
 */
export class Interleaved {
  readonly #on: InterleavedOptions;
  readonly #behind = new Set<Told>();
  #waiting: { entry: LogEntry; at: number }[] = [];
  /** The newest that was given out while others were waited for. */
  #given = Number.NEGATIVE_INFINITY;

  constructor(options: InterleavedOptions) {
    this.#on = options;
  }

  /** Lines that wait for a log that is behind. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  open(name: string, isBehind: boolean): Told {
    const told: Told = { name, upTo: new Map(), state: isBehind ? 'behind' : 'there', silent: 0, looks: 0 };
    if (isBehind) this.#behind.add(told);
    return told;
  }

  /** What bears no stamp, and our marks, stay where they came in their log. */
  add(told: Told, entry: LogEntry): void {
    const before = told.upTo.get(entry.container) ?? Number.NEGATIVE_INFINITY;
    const at = (entry.mark === null ? entry.at : null) ?? before;
    if (told.state === 'late' && entry.mark === null && at < Math.min(this.#given, this.#on.begun)) {
      this.#waiting.push({ entry: lateMark(told, entry), at });
      told.state = 'there';
    }
    told.upTo.set(entry.container, Math.max(before, at));
    told.silent = 0;
    this.#waiting.push({ entry, at });
    if (reached(told) >= this.#on.begun) this.caughtUp(told);
  }

  /** Nothing of its past comes any more. */
  caughtUp(told: Told): void {
    told.state = 'there';
    this.#behind.delete(told);
  }

  /** What nobody is waited for any more; called at each look. */
  take(): LogEntry[] {
    const { patience, most } = this.#on;
    for (const told of this.#behind) {
      told.silent++;
      told.looks++;
      const isHeard = told.upTo.size > 0;
      if (told.silent <= (isHeard ? patience.spoken : patience.unheard) && told.looks <= patience.whole) continue;
      told.state = 'late';
      this.#behind.delete(told);
    }
    // Stable: lines of one moment stay as they came.
    this.#waiting.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at));
    const upTo = this.#waiting.length > most ? Number.POSITIVE_INFINITY : this.#reached();
    const first = this.#waiting.findIndex(({ at }) => at > upTo);
    const ready = first < 0 ? this.#waiting : this.#waiting.slice(0, first);
    this.#waiting = first < 0 ? [] : this.#waiting.slice(first);
    this.#given = Math.max(this.#given, ready.at(-1)?.at ?? this.#given);
    return ready.map(({ entry }) => entry);
  }

  #reached(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#behind].map(reached));
  }
}

function lateMark({ name }: Told, { at, container }: LogEntry): LogEntry {
  const text = 'came late: its older lines stand below newer ones of others';
  return { at, replica: name, container, error: false, text, folded: null, mark: 'note' };
}

/** Of a replica with several containers, as far as the slowest of them that is known. */
function reached({ upTo }: Told): number {
  return upTo.size === 0 ? Number.NEGATIVE_INFINITY : Math.min(...upTo.values());
}
