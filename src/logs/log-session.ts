import type { Fleet } from '../fleet/fleet.ts';
import type { Replica } from '../model/entity.ts';
import type { LogPart, LogQuery } from '../sources/logs.ts';
import { LogBuffer, type LogEntry } from './log-buffer.ts';

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

/** Follows the logs of some replicas, interleaved in the order of time, until it is closed. */
export class LogSession {
  readonly buffer: LogBuffer;
  readonly query: LogQuery;
  readonly #on: LogSessionOptions;
  readonly #life = new AbortController();
  readonly #names = new Map<string, string>();
  readonly #unsubscribe: () => void;
  #gathered: LogEntry[] = [];
  #timer: NodeJS.Timeout | null = null;
  #reading = 0;

  constructor(options: LogSessionOptions) {
    this.#on = options;
    this.query = options.query;
    this.buffer = options.buffer ?? new LogBuffer();
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

  close(): void {
    this.#life.abort();
    this.#unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #look(): void {
    for (const replica of this.#on.replicas()) {
      if (this.#names.has(replica.id)) continue;
      const late = this.#names.size > 0 && this.query.follow;
      this.#names.set(replica.id, replica.name);
      void this.#read(replica, late);
    }
  }

  async #read(replica: Replica, late: boolean): Promise<void> {
    const { fleet, query } = this.#on;
    const logs = fleet.source(replica.source)?.logs;
    const take = (part: LogPart) => this.#gather(entryOf(part, replica.name));
    if (!logs) return take({ type: 'mark', at: fleet.now(), text: `${replica.source} gives no logs`, gap: true });
    this.#reading++;
    // What comes later is read from its beginning: its first lines say how it came up.
    await logs(replica, late ? { ...query, tail: null } : query, take, this.#life.signal);
    this.#reading--;
    this.#soon();
  }

  #gather(entry: LogEntry): void {
    this.#gathered.push(entry);
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#timer = null;
    if (this.#life.signal.aborted) return;
    // Stable: what bears no stamp, and a replica's own lines, stay where they came.
    const inOrder = this.#gathered.sort((a, b) => (a.at === null || b.at === null ? 0 : a.at - b.at));
    this.#gathered = [];
    this.buffer.add(inOrder);
    this.#on.changed();
  }
}

function entryOf(part: LogPart, replica: string): LogEntry {
  if (part.type === 'line') {
    const { at, container, error, text } = part;
    return { at, replica, container, error, text, mark: null };
  }
  return { at: part.at, replica, container: null, error: false, text: part.text, mark: part.gap ? 'gap' : 'note' };
}
