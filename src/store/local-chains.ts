import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import { type Chains, Fork, type Head, type Link, newLinks, type Writer } from './chain.ts';

/** So many records are read and handed on at once. */
export const PAGE = 50;

/**
 * The chains in the store of this user: the journal of this program itself, which only the journal adds to, and beside it
 * what is known of the colleagues' journals. Methods reject with what SQLite says.
 */
export class LocalChains implements Chains {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Under which name the own journal was handed on so far; null: it never was. */
  named(): Writer | null {
    return this.#own();
  }

  /** Under which name the own journal is handed on; made when it is asked for first. */
  own(): Writer {
    // Most often it is there, and nobody has to be waited for.
    return this.#own() ?? this.#transact(() => this.#own() ?? this.#name());
  }

  /** The own journal goes on under another name, since the one with this id was found to be another one elsewhere. */
  rename(id: string): void {
    // Two programs may find so at once.
    this.#transact(() => {
      if (this.#own()?.id === id) this.#name();
    });
  }

  /** When the team's store was seen last, milliseconds since 1970. */
  get seenAt(): number | null {
    const row = this.#database.prepare(`SELECT value FROM preferences WHERE key = '${SEEN_AT}'`).get();
    return row ? Number(row.value) : null;
  }

  set seenAt(at: number) {
    this.#database.prepare(`INSERT OR REPLACE INTO preferences (key, value) VALUES ('${SEEN_AT}', ?)`).run(String(at));
  }

  async heads(): Promise<Head[]> {
    const last = this.#database.prepare(
      'SELECT seq, hash FROM chains WHERE writer = ? AND seq > 0 ORDER BY seq DESC LIMIT 1',
    );
    return this.#database
      .prepare('SELECT id, login, host FROM writers')
      .all()
      .flatMap(row => {
        const head = last.get(String(row.id));
        return head ? [{ ...writerOf(row), seq: Number(head.seq), hash: String(head.hash) }] : [];
      });
  }

  async after(writer: string, seq: number): Promise<Link[]> {
    return this.#database
      .prepare('SELECT * FROM chains WHERE writer = ? AND seq > ? ORDER BY seq LIMIT ?')
      .all(writer, seq, PAGE)
      .map(linkOf);
  }

  async add(writer: Writer, links: readonly Link[]): Promise<void> {
    // What others wrote can be had again, so the screen need not wait for the disk; the journal itself does.
    this.#database.exec('PRAGMA synchronous = NORMAL');
    try {
      this.#transact(() => this.#insert(writer, links));
    } finally {
      this.#database.exec('PRAGMA synchronous = FULL');
    }
  }

  /** Records of one deed that tell it differently in two journals: one was made anew under the name of its writer. */
  contradictions(): { writer: Writer; record: number }[] {
    return this.#database
      .prepare(`
        SELECT w.id, w.login, w.host, c.seq FROM chains c JOIN writers w ON w.id = c.writer
        WHERE c.phase = 'intent' AND w.own = 0 AND EXISTS (
          SELECT 1 FROM chains o WHERE o.id = c.id AND o.phase = 'intent' AND o.writer <> c.writer AND o.body <> c.body)
        ORDER BY c.writer, c.seq`)
      .all()
      .map(row => ({ writer: writerOf(row), record: Number(row.seq) }));
  }

  #insert(writer: Writer, links: readonly Link[]): void {
    const there = this.#database
      .prepare('SELECT seq, hash FROM chains WHERE writer = ? AND seq >= ?')
      .all(writer.id, (links[0]?.seq ?? 1) - 1)
      .map(({ seq, hash }): [number, string] => [Number(seq), String(hash)]);
    const fresh = newLinks(writer, links, new Map(there));
    const [first] = fresh;
    if (first && this.#own()?.id === writer.id) throw new Fork(writer, first.seq, 'our own journal does not have it');
    this.#database
      .prepare('INSERT OR IGNORE INTO writers (id, login, host, own) VALUES (?, ?, ?, 0)')
      .run(writer.id, writer.login, writer.host);
    const insert = this.#database.prepare(
      'INSERT INTO team_journal (writer, seq, id, phase, at, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const { seq, id, phase, at, body, hash } of fresh) insert.run(writer.id, seq, id, phase, at, body, hash);
  }

  #own(): Writer | null {
    const row = this.#database.prepare('SELECT id, login, host FROM writers WHERE own = 1').get();
    return row ? writerOf(row) : null;
  }

  #name(): Writer {
    const writer = { id: randomUUID(), login: loginName(), host: hostname() };
    this.#database.prepare('UPDATE writers SET own = 0').run();
    this.#database
      .prepare('INSERT INTO writers (id, login, host, own) VALUES (?, ?, ?, 1)')
      .run(writer.id, writer.login, writer.host);
    return writer;
  }

  #transact<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

const SEEN_AT = 'team.seen-at';

/** A row of SQLite or PostgreSQL, whose large numbers are texts. */
export function linkOf(row: Record<string, unknown>): Link {
  return {
    seq: Number(row.seq),
    id: String(row.id),
    phase: String(row.phase),
    at: Number(row.at),
    body: String(row.body),
    hash: String(row.hash),
  };
}

export function writerOf(row: Record<string, unknown>): Writer {
  return { id: String(row.id), login: String(row.login), host: String(row.host) };
}

/** A container's user may have no name. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
