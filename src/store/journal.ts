import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { RunEntry } from '../model/checklist-run.ts';
import type { BatchEntry, Deed, Ending, Intent } from '../model/deed.ts';
import { TroubleError } from '../model/trouble.ts';
import { openDatabase } from './database.ts';
import { storeTrouble } from './store-trouble.ts';

export interface DeedQuery {
  /** Only what was begun at or after this time, milliseconds since 1970. */
  since?: number;
  /** At most so many, the newest. */
  limit?: number;
}

/** What is kept in the chain beside deeds, by its phase. Each entry bears the id of what it belongs to, and its time. */
export interface Kept {
  checklist: RunEntry;
  batch: BatchEntry;
}

export interface KeptQuery {
  /** Only entries of this time or later, milliseconds since 1970. */
  since?: number;
  /** Only those of one id. */
  id?: string;
}

export interface Chain {
  records: number;
  /** The first record that is not as it was written, or that follows on another than the one before it. */
  broken: { record: number; why: string } | null;
}

/**
 * What was done, by whom, and how it ended: only ever added to. Each record carries a hash over itself and the record
 * before it, so that a change to any of them shows.
 */
export interface Journal {
  /** On disk when it returns. Throws a TroubleError when it cannot be kept: then nothing may be written. */
  begin(intent: Intent): void;
  /** As `begin`. Only the first ending that is told is kept. */
  end(ending: Ending): void;
  /** Oldest first. */
  deeds(query?: DeedQuery): Deed[];
  deed(id: string): Deed | null;
  /** Those of which nobody knows how they ended. */
  open(): Deed[];
  /** Seconds that the last deeds of a verb on a target took until they were done, newest first. */
  durations(verb: string, target: string): number[];
  /** On disk when it returns. Throws a TroubleError. The entry must be bounded, and bear no secret. */
  keep<P extends keyof Kept>(phase: P, entry: Kept[P]): void;
  /** In the order in which they were written. */
  kept<P extends keyof Kept>(phase: P, query?: KeptQuery): Kept[P][];
  verify(): Chain;
  close(): void;
}

/** Another program that writes its journal at this moment is waited for so long. */
const BUSY_MS = 5_000;

/** Opens the journal in the store at this path. Throws a TroubleError. */
export function openJournal(path: string): Journal {
  const attempt = <T>(what: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw error instanceof TroubleError ? error : new TroubleError(storeTrouble(what, path, error), error);
    }
  };
  const database = attempt('open the journal', () => {
    const opened = openDatabase(path, BUSY_MS);
    // An intent must be on the disk before anything is written to a system.
    opened.exec('PRAGMA synchronous = FULL');
    return opened;
  });
  return {
    begin: intent => attempt('write the journal', () => add(database, 'intent', intent)),
    end: ending => attempt('write the journal', () => add(database, 'ending', ending)),
    deeds: ({ since = 0, limit = 1_000 } = {}) =>
      attempt('read the journal', () => {
        const rows = database.prepare(`${DEEDS} WHERE i.at >= ? ORDER BY i.seq DESC LIMIT ?`).all(since, limit);
        return rows.map(deedOf).reverse();
      }),
    deed: id =>
      attempt('read the journal', () => {
        const row = database.prepare(`${DEEDS} WHERE i.id = ?`).get(id);
        return row ? deedOf(row) : null;
      }),
    open: () => attempt('read the journal', () => database.prepare(`${DEEDS} WHERE e.body IS NULL`).all().map(deedOf)),
    durations: (verb, target) =>
      attempt('read the journal', () => database.prepare(DURATIONS).all(verb, target)).map(({ seconds }) =>
        Number(seconds),
      ),
    keep: (phase, entry) => attempt('write the journal', () => add(database, phase, entry)),
    kept: <P extends keyof Kept>(phase: P, { since = 0, id }: KeptQuery = {}) =>
      attempt('read the journal', () => {
        const rows =
          id === undefined ? database.prepare(KEPT).all(phase, since) : database.prepare(KEPT_OF).all(id, phase, since);
        return rows.map(({ body }) => JSON.parse(String(body)) as Kept[P]);
      }),
    verify: () => attempt('read the journal', () => verify(database)),
    close: () => database.close(),
  };
}

const ENDED = "SELECT 1 FROM journal WHERE phase = 'ending' AND id = ?";

const DEEDS = `
  SELECT i.body AS intent, e.body AS ending FROM (SELECT * FROM journal WHERE phase = 'intent') i
  LEFT JOIN journal e ON e.id = i.id AND e.phase = 'ending'`;

const DURATIONS = `
  SELECT (e.at - i.at) / 1000.0 AS seconds FROM journal i JOIN journal e ON e.id = i.id AND e.phase = 'ending'
  WHERE i.phase = 'intent' AND i.body ->> 'verb' = ? AND i.body ->> '$.target.id' = ?
    AND e.body ->> 'outcome' = 'done' AND NOT (e.body ->> 'checked')
  ORDER BY i.seq DESC LIMIT 12`;

const KEPT = 'SELECT body FROM journal WHERE phase = ? AND at >= ? ORDER BY seq';
const KEPT_OF = 'SELECT body FROM journal WHERE id = ? AND phase = ? AND at >= ? ORDER BY seq';

type Phase = 'intent' | 'ending' | keyof Kept;

function add(database: DatabaseSync, phase: Phase, record: { id: string; at: number }): void {
  const body = JSON.stringify(record);
  database.exec('BEGIN IMMEDIATE');
  try {
    // Who looks later must not write another history.
    const known = phase === 'ending' && database.prepare(ENDED).get(record.id);
    if (known) {
      database.exec('ROLLBACK');
      return;
    }
    const last = database.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1').get();
    const seq = Number(last?.seq ?? 0) + 1;
    database
      .prepare('INSERT INTO journal (seq, id, phase, at, body, hash) VALUES (?, ?, ?, ?, ?, ?)')
      .run(seq, record.id, phase, record.at, body, hashOf(String(last?.hash ?? ''), seq, phase, body));
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function hashOf(before: string, seq: number, phase: string, body: string): string {
  return createHash('sha256').update([before, seq, phase, body].join('\n')).digest('hex');
}

function deedOf(row: Record<string, unknown>): Deed {
  return {
    intent: JSON.parse(String(row.intent)) as Intent,
    ending: row.ending === null ? null : (JSON.parse(String(row.ending)) as Ending),
  };
}

function verify(database: DatabaseSync): Chain {
  let hash = '';
  let records = 0;
  for (const row of database.prepare('SELECT * FROM journal ORDER BY seq').iterate()) {
    records++;
    const record = Number(row.seq);
    if (record !== records) return { records, broken: { record, why: `record ${records} is missing` } };
    hash = hashOf(hash, record, String(row.phase), String(row.body));
    if (hash !== row.hash) return { records, broken: { record, why: 'it is not as it was written' } };
    const { id, at } = JSON.parse(String(row.body)) as Intent;
    if (id !== row.id || at !== row.at) return { records, broken: { record, why: 'its index was changed' } };
  }
  return { records, broken: null };
}
