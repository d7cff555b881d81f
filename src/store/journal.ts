import type { DatabaseSync } from 'node:sqlite';
import type { RunEntry } from '../model/checklist-run.ts';
import type { BatchEntry, Deed, Ending, Intent } from '../model/deed.ts';
import { type Trouble, TroubleError } from '../model/trouble.ts';
import { type Chain, ChainCheck, hashOf } from './chain.ts';
import { openDatabase } from './database.ts';
import { foreignDeed, safely } from './foreign.ts';
import { LocalChains, linkOf } from './local-chains.ts';
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

/** A deed of anybody in the team. */
export interface TeamDeed extends Deed {
  /** It stands in this journal, not in a colleague's. */
  own: boolean;
}

/**
 * What was done, by whom, and how it ended: only ever added to. Each record carries a hash over itself and the record
 * before it, so that a change to any of them shows.
 */
export interface Journal {
  /** Why nothing can be kept at all; null: it is open. */
  readonly closed: Trouble | null;
  /** On disk when it returns. Throws a TroubleError when it cannot be kept: then nothing may be written. */
  begin(intent: Intent): void;
  /** As `begin`. The first ending that is told is kept; one that says unknown gives way to one that knows. */
  end(ending: Ending): void;
  /** Oldest first. */
  deeds(query?: DeedQuery): Deed[];
  deed(id: string): Deed | null;
  /** Those of which nobody knows how they ended. */
  open(): Deed[];
  /** Those begun since then whose ending says that nobody knows. */
  unknown(since: number): Deed[];
  /** Seconds that the last deeds of a verb on a target took until they were done, newest first. */
  durations(verb: string, target: string): number[];
  /** On disk when it returns. Throws a TroubleError. The entry must be bounded, and bear no secret. */
  keep<P extends keyof Kept>(phase: P, entry: Kept[P]): void;
  /** In the order in which they were written. */
  kept<P extends keyof Kept>(phase: P, query?: KeptQuery): Kept[P][];
  /** The own deeds and those of the colleagues, as far as they are known here; oldest first. */
  team(query?: DeedQuery): TeamDeed[];
  /** What colleagues keep, as far as it is known here, in the order of time. Others wrote it: what it is must be looked at. */
  keptByOthers(phase: keyof Kept, query?: KeptQuery): unknown[];
  verify(): Chain;
  /** This journal and those of the colleagues, to be handed on. */
  readonly chains: LocalChains;
  /** False: it could not be opened, and keeps nothing. */
  readonly isOpen: boolean;
  close(): void;
}

/** Another program that writes its journal at this moment is waited for so long. */
const BUSY_MS = 5_000;

/**
 * Opens the journal in the store at this path. Throws a TroubleError.
 *
 * @param written called after each record, for who hands it on
 */
export function openJournal(path: string, written: () => void = () => {}): Journal {
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
    closed: null,
    begin(intent) {
      attempt('write the journal', () => add(database, 'intent', intent));
      written();
    },
    end(ending) {
      attempt('write the journal', () => add(database, 'ending', ending));
      written();
    },
    deeds: query => attempt('read the journal', () => deeds(database, query)),
    deed: id =>
      attempt('read the journal', () => {
        const row = database.prepare(`${DEEDS} WHERE i.id = ?`).get(id);
        return row ? deedOf(row) : null;
      }),
    open: () => attempt('read the journal', () => database.prepare(`${DEEDS} WHERE e.body IS NULL`).all().map(deedOf)),
    unknown: since =>
      attempt('read the journal', () => database.prepare(`${DEEDS} WHERE ${UNKNOWN}`).all(since).map(deedOf)),
    durations: (verb, target) =>
      attempt('read the journal', () => database.prepare(DURATIONS).all(verb, target)).map(({ seconds }) =>
        Number(seconds),
      ),
    keep(phase, entry) {
      attempt('write the journal', () => add(database, phase, entry));
      written();
    },
    kept: <P extends keyof Kept>(phase: P, { since = 0, id }: KeptQuery = {}) =>
      attempt('read the journal', () => {
        const rows =
          id === undefined ? database.prepare(KEPT).all(phase, since) : database.prepare(KEPT_OF).all(id, phase, since);
        return rows.map(({ body }) => JSON.parse(String(body)) as Kept[P]);
      }),
    team: query => attempt('read the journal', () => team(database, query)),
    keptByOthers: (phase, { since = 0, id = null } = {}) =>
      attempt('read the journal', () => {
        const rows = database.prepare(KEPT_BY_OTHERS).all({ phase, since, id });
        return rows.map(({ body }) => safely(body)).filter(entry => entry !== undefined);
      }),
    chains: new LocalChains(database),
    isOpen: true,
    verify: () => attempt('read the journal', () => verify(database)),
    close: () => database.close(),
  };
}

const ENDED = `
  SELECT 1 FROM journal WHERE phase = 'ending' AND id = ? AND (? = 'unknown' OR body ->> 'outcome' <> 'unknown')`;

const DEEDS = `
  SELECT i.body AS intent, e.body AS ending FROM (SELECT * FROM journal WHERE phase = 'intent') i
  LEFT JOIN journal e ON e.seq = (SELECT max(seq) FROM journal WHERE id = i.id AND phase = 'ending')`;

const UNKNOWN = "i.at >= ? AND e.body ->> 'outcome' = 'unknown'";

const COLLEAGUES = `
  SELECT i.body AS intent, e.body AS ending FROM (SELECT * FROM team_journal WHERE phase = 'intent') i
  LEFT JOIN team_journal e ON e.writer = i.writer AND e.seq = (
    SELECT max(seq) FROM team_journal WHERE writer = i.writer AND id = i.id AND phase = 'ending')
  WHERE i.at >= ? ORDER BY i.at DESC LIMIT ?`;

const DURATIONS = `
  SELECT (e.at - i.at) / 1000.0 AS seconds FROM journal i JOIN journal e ON e.id = i.id AND e.phase = 'ending'
  WHERE i.phase = 'intent' AND i.body ->> 'verb' = ? AND i.body ->> '$.target.id' = ?
    AND e.body ->> 'outcome' = 'done' AND NOT (e.body ->> 'checked')
  ORDER BY i.seq DESC LIMIT 12`;

const KEPT = 'SELECT body FROM journal WHERE phase = ? AND at >= ? ORDER BY seq';
const KEPT_OF = 'SELECT body FROM journal WHERE id = ? AND phase = ? AND at >= ? ORDER BY seq';

const KEPT_BY_OTHERS = `
  SELECT body FROM team_journal t WHERE phase = $phase AND at >= $since AND ($id IS NULL OR id = $id)
    AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.id = t.id AND j.phase = t.phase AND j.body = t.body)
  ORDER BY at, seq`;

type Phase = 'intent' | 'ending' | keyof Kept;

function deeds(database: DatabaseSync, { since = 0, limit = 1_000 }: DeedQuery = {}): Deed[] {
  const rows = database.prepare(`${DEEDS} WHERE i.at >= ? ORDER BY i.seq DESC LIMIT ?`).all(since, limit);
  return rows.map(deedOf).reverse();
}

/** A journal that goes on under another name stands there twice: a deed is told once, with its end where that is known. */
function team(database: DatabaseSync, { since = 0, limit = 1_000 }: DeedQuery = {}): TeamDeed[] {
  const found = new Map<string, TeamDeed>();
  for (const deed of deeds(database, { since, limit })) found.set(deed.intent.id, { ...deed, own: true });
  for (const { intent, ending } of database.prepare(COLLEAGUES).all(since, limit)) {
    const deed = foreignDeed(intent, ending);
    const known = deed && found.get(deed.intent.id);
    if (deed && !known?.ending) found.set(deed.intent.id, { ...deed, own: known?.own ?? false });
  }
  return [...found.values()].sort((a, b) => a.intent.at - b.intent.at).slice(-limit);
}

function add(database: DatabaseSync, phase: Phase, record: { id: string; at: number }): void {
  const body = JSON.stringify(record);
  database.exec('BEGIN IMMEDIATE');
  try {
    // Who looks later must not write another history.
    const known = phase === 'ending' && database.prepare(ENDED).get(record.id, (record as Ending).outcome);
    if (known) {
      database.exec('ROLLBACK');
      return;
    }
    const last = database.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1').get();
    const seq = Number(last?.seq ?? 0) + 1;
    database
      .prepare('INSERT INTO journal (seq, id, phase, at, body, hash) VALUES (?, ?, ?, ?, ?, ?)')
      .run(seq, record.id, phase, record.at, body, hashOf(String(last?.hash ?? ''), { seq, phase, body }));
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function deedOf(row: Record<string, unknown>): Deed {
  return {
    intent: JSON.parse(String(row.intent)) as Intent,
    ending: row.ending === null ? null : (JSON.parse(String(row.ending)) as Ending),
  };
}

function verify(database: DatabaseSync): Chain {
  const check = new ChainCheck();
  for (const row of database.prepare('SELECT * FROM journal ORDER BY seq').iterate()) {
    if (!check.take(linkOf(row))) break;
  }
  return { records: check.records, broken: check.broken };
}
