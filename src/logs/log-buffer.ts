/** A line of a log as it is kept: what a program wrote, or a mark of ours. */
export interface LogEntry {
  /** Milliseconds since 1970; null: it bore no stamp. */
  at: number | null;
  /** Which of the followed replicas wrote it; null: a mark about all of them. */
  replica: string | null;
  container: string | null;
  /** Written to the error stream. Kubernetes does not tell. */
  error: boolean;
  text: string;
  /** Of a line of JSON, as a person reads it; null for any other. */
  folded: string | null;
  /** Not a line but what is to be known of the stream; `gap`: lines may be missing here. */
  mark: 'note' | 'gap' | null;
}

export interface LogBounds {
  /** Lines that are kept. */
  lines: number;
  /** Characters of all of them together. */
  characters: number;
}

/** What a view of logs may hold: about 64 MB, and as much again where all of it is JSON. */
export const BOUNDS: LogBounds = { lines: 100_000, characters: 24_000_000 };

/** Least share of the lines that goes at once when there are too many, so that it does not happen at every line. */
const AT_ONCE = 0.1;

type Bounded = <T>(work: () => T) => T;

/**
 * The newest lines of a log, and which of them match a filter. What does not fit goes from the front and is counted: it
 * is never dropped in silence.
 */
export class LogBuffer {
  readonly bounds: LogBounds;
  #entries: LogEntry[] = [];
  /** Indexes of those that match. */
  #matching: number[] | null = null;
  #characters = 0;
  #test: ((entry: LogEntry) => boolean) | null = null;
  #bounded: Bounded = work => work();
  /** Lines that went from the front. */
  dropped = 0;
  /** Of those that matched, how many went from the front. */
  left = 0;
  /** Grows with every change. */
  version = 0;

  constructor(bounds: LogBounds = BOUNDS) {
    this.bounds = bounds;
  }

  get kept(): number {
    return this.#entries.length;
  }

  /** How many match. */
  get size(): number {
    return this.#matching?.length ?? this.#entries.length;
  }

  /** The entries that match, by their place among those. */
  slice(from: number, to: number): LogEntry[] {
    if (!this.#matching) return this.#entries.slice(from, to);
    return this.#matching.slice(from, to).map(index => this.#entries[index]!);
  }

  add(entries: readonly LogEntry[]): void {
    const passing = this.#passing(entries);
    for (const [index, entry] of entries.entries()) {
      if (this.#matching && passing?.[index]) this.#matching.push(this.#entries.length);
      this.#entries.push(entry);
      this.#characters += entry.text.length;
    }
    this.version++;
    if (this.#entries.length > this.bounds.lines || this.#characters > this.bounds.characters) this.#drop();
  }

  /**
   * Only what passes is shown from now on; null: everything. Marks always pass.
   *
   * @param bounded runs what tests, now and whenever lines come, and may begin it again
   */
  filter(test: ((entry: LogEntry) => boolean) | null, bounded: Bounded = work => work()): void {
    this.#test = test && (entry => entry.mark !== null || test(entry));
    this.#bounded = bounded;
    const passing = this.#passing(this.#entries);
    this.#matching = passing?.flatMap((passes, index) => (passes ? [index] : [])) ?? null;
    this.version++;
  }

  /** The nearest place from here on, or before, whose entry passes; null: there is none. */
  find(from: number, step: 1 | -1, test: (entry: LogEntry) => boolean): number | null {
    for (let place = from; place >= 0 && place < this.size; place += step) {
      const [entry] = this.slice(place, place + 1);
      if (entry && test(entry)) return place;
    }
    return null;
  }

  #drop(): void {
    const { lines, characters } = this.bounds;
    let count = Math.ceil(this.#entries.length * AT_ONCE);
    let gone = 0;
    for (let index = 0; index < this.#entries.length; index++) {
      if (index >= count && this.#entries.length - index <= lines && this.#characters - gone <= characters) break;
      gone += this.#entries[index]!.text.length;
      count = Math.max(count, index + 1);
    }
    this.#entries = this.#entries.slice(count);
    this.#characters -= gone;
    this.dropped += count;
    const before = this.size;
    this.#matching &&= this.#matching.flatMap(index => (index >= count ? [index - count] : []));
    this.left += this.#matching ? before - this.#matching.length : count;
  }

  #passing(entries: readonly LogEntry[]): boolean[] | null {
    const test = this.#test;
    return test && this.#bounded(() => entries.map(test));
  }
}
