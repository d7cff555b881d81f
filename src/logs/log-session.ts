import type { Fleet } from '../fleet/fleet.ts';
import type { Replica } from '../model/entity.ts';
import type { LogPart, LogQuery } from '../sources/logs.ts';
import { Interleaved, type Told } from './interleaved.ts';
import { foldJson } from './json-line.ts';
import { type Behind, Lag } from './lag.ts';
import { BOUNDS, LogBuffer, type LogEntry } from './log-buffer.ts';

export interface LogSessionOptions {
  fleet: Fleet;
  /** Whose logs, asked again whenever the fleet changes: a workload gets new replicas. */
  replicas(): Replica[];
  query: LogQuery;
  /** There are new lines. At most ten times a second. */
  changed(): void;
  buffer?: LogBuffer;
}

/** Lines are put into order of time for so long before they are shown: several replicas answer at once. */
const GATHER_MS = 100;
/**
 * How often it is looked in vain for a log that is behind: whoever follows wants to see something soon; what is read to
 * its end is waited for, as far as it does not hang.
 */
const PATIENCE = {
  following: { spoken: 3, unheard: 10, whole: 100 },
  reading: { spoken: 50, unheard: 50, whole: Number.POSITIVE_INFINITY },
};

/** Follows the logs of some replicas, interleaved in the order of time, until it is closed. */
export class LogSession {
  readonly buffer: LogBuffer;
  readonly query: LogQuery;
  readonly #on: LogSessionOptions;
  readonly #life = new AbortController();
  readonly #names = new Map<string, string>();
  readonly #unsubscribe: () => void;
  readonly #lines: Interleaved;
  readonly #lag: Lag;
  #timer: NodeJS.Timeout | null = null;
  #reading = 0;

  constructor(options: LogSessionOptions) {
    this.#on = options;
    this.query = options.query;
    this.buffer = options.buffer ?? new LogBuffer();
    const patience = PATIENCE[this.query.follow ? 'following' : 'reading'];
    const begun = options.fleet.now();
    this.#lines = new Interleaved({ begun, patience, most: BOUNDS.lines });
    this.#lag = new Lag(begun);
    this.#unsubscribe = options.fleet.subscribe(() => this.#look());
    this.#look();
  }

  /** The names of the replicas that were followed, in the order in which they came. */
  get names(): string[] {
    return [...this.#names.values()];
  }

  /** Streams that are read now. */
  get reading(): number {
    return this.#reading;
  }

  /** How far the newest lines lie behind what is written; null: they do not. */
  get behind(): Behind | null {
    return this.#lag.now;
  }

  close(): void {
    this.#life.abort();
    this.#unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #look(): void {
    const late = this.#names.size > 0 && this.query.follow;
    const found = this.#on.replicas().filter(({ id }) => !this.#names.has(id));
    for (const { id, name } of found) this.#names.set(id, name);
    for (const replica of found) void this.#read(replica, late, this.#lines.open(replica.name, !late));
  }

  async #read(replica: Replica, late: boolean, told: Told): Promise<void> {
    const { fleet, query } = this.#on;
    const logs = fleet.source(replica.source)?.logs;
    const take = (part: LogPart) => {
      this.#lines.add(told, entryOf(part, replica.name));
      this.#soon();
    };
    if (!logs) return take({ type: 'mark', at: fleet.now(), text: `${replica.source} gives no logs`, gap: true });
    this.#reading++;
    // What comes later is read from its beginning: its first lines say how it came up.
    await logs(replica, late ? { ...query, tail: null } : query, take, this.#life.signal);
    this.#reading--;
    this.#lines.caughtUp(told);
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#timer = null;
    if (this.#life.signal.aborted) return;
    const entries = this.#lines.take();
    this.#lag.take(entries, this.#on.fleet.now());
    this.buffer.add(entries);
    if (this.#lines.isWaiting) this.#soon();
    this.#on.changed();
  }
}

function entryOf(part: LogPart, replica: string): LogEntry {
  if (part.type === 'line') {
    const { at, container, error, text } = part;
    return { at, replica, container, error, text, folded: foldJson(text), mark: null };
  }
  const mark = part.gap ? 'gap' : 'note';
  return { at: part.at, replica, container: null, error: false, text: part.text, folded: null, mark };
}
