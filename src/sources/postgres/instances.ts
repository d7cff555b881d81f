import type { Sink } from '../source.ts';
import { instanceSeen, shortNames } from './records.ts';
import type { Row } from './session.ts';

/** What was told of each, by its id. */
type Told = Map<string, { uid: string | null; text: string }>;

/** Tells tenants from rows, and of a later reading only what has changed. */
export class InstanceBook {
  readonly #source: string;
  readonly #sink: Sink;
  #told: Told = new Map();
  #first = true;

  constructor(source: string, sink: Sink) {
    this.#source = source;
    this.#sink = sink;
  }

  /** The platform's own id of a tenant. */
  uidOf(id: string): string | null {
    return this.#told.get(id)?.uid ?? null;
  }

  /** All rows of the table. `poolOf` gives the id of the pool with that id in the platform's table. */
  read(rows: Row[], poolOf: (server: string) => string | null, at: number): void {
    const shorts = shortNames(rows);
    const told: Told = new Map();
    const changed = rows.flatMap((row, index) => {
      const pool = row.db_server_id == null ? null : poolOf(String(row.db_server_id));
      const seen = instanceSeen(row, { source: this.#source, short: shorts[index] ?? String(index), pool, at });
      const text = JSON.stringify({ ...seen, observedAt: 0 });
      told.set(seen.id, { uid: seen.uid, text });
      return this.#told.get(seen.id)?.text === text ? [] : [seen];
    });
    if (this.#first) {
      const listing = this.#sink.list('instance');
      listing.put(changed);
      listing.end();
    } else {
      this.#sink.put(changed);
      const gone = [...this.#told.keys()].filter(id => !told.has(id));
      if (gone.length > 0) this.#sink.remove('instance', gone);
    }
    this.#first = false;
    this.#told = told;
  }
}
