import type { DatabaseSync } from 'node:sqlite';
import type { FeedEvent } from '../model/event.ts';
import { type Trouble, TroubleError } from '../model/trouble.ts';
import { openDatabase } from './database.ts';
import { storeTrouble } from './store-trouble.ts';

export interface EventQuery {
  /** Only what happened at or after this time, milliseconds since 1970. */
  since?: number;
  /** At most so many, the newest. */
  limit?: number;
  filter?: (event: FeedEvent) => boolean;
}

/** What outlives the program: the feed and small preferences of one platform. */
export interface Store {
  /**
   * Keeps events. They are written together a moment later, so this costs nothing; the same key again replaces what is
   * kept under it, with the higher count and the earlier beginning, so that two programs that watch one platform keep
   * each event once.
   */
  append(events: readonly FeedEvent[]): void;
  /** Oldest first, with what was appended a moment ago. */
  query(query?: EventQuery): FeedEvent[];
  preference(key: string): string | null;
  /** `null` forgets it. */
  prefer(key: string, value: string | null): void;
  /** Writes what waits, and closes. */
  close(): void;
}

export interface StoreOptions {
  now?: () => number;
  /** Told when keeping fails, once until it works again. */
  onTrouble?: (trouble: Trouble) => void;
}

const KEPT_EVENTS = 50_000;
const KEPT_DAYS = 30;
/** Another program that writes at this moment is waited for so long; then the batch waits for the next time. */
const BUSY_MS = 100;
const WRITE_EVERY_MS = 1_000;
const MOST_WAITING = 10_000;
/** Old rows are looked for after so many new ones. */
const PRUNE_EVERY = 1_000;

/**
 * Opens the store at this path, made when it is not there (the folder too, for this user alone); `:memory:` keeps
 * nothing. Throws a TroubleError when that cannot be.
 */
export function openStore(path: string, options: StoreOptions = {}): Store {
  try {
    const database = openDatabase(path, BUSY_MS);
    return new SqliteStore(database, path, options);
  } catch (error) {
    if (error instanceof TroubleError) throw error;
    throw new TroubleError(storeTrouble('open the event store', path, error), error);
  }
}

/** The store at this path; where it cannot be opened that is told, and one in memory takes its place. */
export function openStoreOrTell(path: string, tell: (trouble: Trouble) => void, options: StoreOptions = {}): Store {
  try {
    return openStore(path, { onTrouble: tell, ...options });
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
    tell(error.trouble);
    return openStore(':memory:', options);
  }
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #now: () => number;
  readonly #onTrouble: (trouble: Trouble) => void;
  readonly #waiting = new Map<string, FeedEvent>();
  #timer: NodeJS.Timeout | null = null;
  #sincePruned = PRUNE_EVERY;
  #failing = false;

  constructor(database: DatabaseSync, path: string, { now = Date.now, onTrouble = () => {} }: StoreOptions) {
    this.#database = database;
    this.#path = path;
    this.#now = now;
    this.#onTrouble = onTrouble;
  }

  append(events: readonly FeedEvent[]): void {
    for (const event of events) {
      this.#waiting.delete(event.key);
      this.#waiting.set(event.key, event);
    }
    for (const key of this.#waiting.keys()) {
      if (this.#waiting.size <= MOST_WAITING) break;
      this.#waiting.delete(key);
    }
    this.#timer ??= setTimeout(() => this.#write(), WRITE_EVERY_MS).unref();
  }

  query({ since = 0, limit = 1_000, filter = () => true }: EventQuery = {}): FeedEvent[] {
    this.#write();
    const rows = this.#database.prepare('SELECT * FROM events WHERE at >= ? ORDER BY at DESC, rowid DESC');
    const found: FeedEvent[] = [];
    for (const row of rows.iterate(since)) {
      if (found.length >= limit) break;
      const event = fromRow(row);
      if (filter(event)) found.push(event);
    }
    return found.reverse();
  }

  preference(key: string): string | null {
    const row = this.#database.prepare('SELECT value FROM preferences WHERE key = ?').get(key);
    return row ? String(row.value) : null;
  }

  prefer(key: string, value: string | null): void {
    this.#attempt('keep a preference', () => {
      if (value === null) this.#database.prepare('DELETE FROM preferences WHERE key = ?').run(key);
      else this.#database.prepare('INSERT OR REPLACE INTO preferences (key, value) VALUES (?, ?)').run(key, value);
    });
  }

  close(): void {
    this.#write();
    this.#database.close();
  }

  #write(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    const written = this.#attempt('keep events', () => this.#transact(() => this.#upsert()));
    if (written) this.#waiting.clear();
    // Not unlike a busy line: the batch stays and goes with the next one.
    else this.#timer = setTimeout(() => this.#write(), WRITE_EVERY_MS).unref();
  }

  #upsert(): void {
    const statement = this.#database.prepare(UPSERT);
    for (const e of this.#waiting.values()) {
      statement.run(e.key, e.firstAt, e.at, e.severity, e.source, e.about, e.subject, e.reason, e.message, e.count);
    }
    this.#sincePruned += this.#waiting.size;
    if (this.#sincePruned < PRUNE_EVERY) return;
    this.#sincePruned = 0;
    this.#database.prepare('DELETE FROM events WHERE at < ?').run(this.#now() - KEPT_DAYS * 86_400_000);
    this.#database
      .prepare('DELETE FROM events WHERE rowid IN (SELECT rowid FROM events ORDER BY at DESC LIMIT -1 OFFSET ?)')
      .run(KEPT_EVENTS);
  }

  #transact(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #attempt(what: string, work: () => void): boolean {
    try {
      work();
      this.#failing = false;
      return true;
    } catch (error) {
      if (!this.#failing) this.#onTrouble(storeTrouble(what, this.#path, error));
      this.#failing = true;
      return false;
    }
  }
}

const UPSERT = `
  INSERT INTO events (key, first_at, at, severity, source, about, subject, reason, message, count)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET
    first_at = min(first_at, excluded.first_at),
    at = max(at, excluded.at),
    severity = excluded.severity,
    message = excluded.message,
    count = max(count, excluded.count)`;

function fromRow(row: Record<string, unknown>): FeedEvent {
  const severity = row.severity === 'bad' || row.severity === 'warn' ? row.severity : 'info';
  return {
    id: String(row.key),
    key: String(row.key),
    firstAt: Number(row.first_at),
    at: Number(row.at),
    severity,
    source: String(row.source),
    about: row.about === null ? null : String(row.about),
    subject: String(row.subject),
    reason: String(row.reason),
    message: String(row.message),
    count: Number(row.count),
  };
}
