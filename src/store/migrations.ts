import type { DatabaseSync } from 'node:sqlite';
import { printable } from '../model/printable.ts';
import { TroubleError } from '../model/trouble.ts';

/** Each brings the tables from one version to the next. Only ever add to the end. */
const STEPS = [
  `CREATE TABLE events (
     key TEXT PRIMARY KEY,
     first_at INTEGER NOT NULL,
     at INTEGER NOT NULL,
     severity TEXT NOT NULL,
     source TEXT NOT NULL,
     about TEXT,
     subject TEXT NOT NULL,
     reason TEXT NOT NULL,
     message TEXT NOT NULL,
     count INTEGER NOT NULL
   );
   CREATE INDEX events_at ON events (at);
   CREATE TABLE preferences (key TEXT PRIMARY KEY, value TEXT NOT NULL);`,
  `CREATE TABLE journal (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     phase TEXT NOT NULL,
     at INTEGER NOT NULL,
     body TEXT NOT NULL,
     hash TEXT NOT NULL
   );
   CREATE INDEX journal_id ON journal (id);
   CREATE INDEX journal_at ON journal (at);`,
  'CREATE INDEX journal_phase ON journal (phase, at);',
  // An id is never given again: another program may still write rows of a series that is gone.
  `CREATE TABLE sample_series (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     noun TEXT NOT NULL,
     metric TEXT NOT NULL,
     seen INTEGER NOT NULL,
     UNIQUE (noun, metric)
   );
   CREATE TABLE sample_slots (step INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY (step, slot)) WITHOUT ROWID;
   CREATE TABLE samples (
     step INTEGER NOT NULL,
     slot INTEGER NOT NULL,
     series INTEGER NOT NULL,
     sum REAL NOT NULL,
     min REAL,
     max REAL,
     count INTEGER NOT NULL,
     PRIMARY KEY (step, slot, series)
   ) WITHOUT ROWID;`,
  `CREATE TABLE writers (
     id TEXT PRIMARY KEY,
     login TEXT NOT NULL,
     host TEXT NOT NULL,
     own INTEGER NOT NULL
   );
   CREATE TABLE team_journal (
     writer TEXT NOT NULL REFERENCES writers,
     seq INTEGER NOT NULL,
     id TEXT NOT NULL,
     phase TEXT NOT NULL,
     at INTEGER NOT NULL,
     body TEXT NOT NULL,
     hash TEXT NOT NULL,
     PRIMARY KEY (writer, seq)
   );
   CREATE INDEX team_journal_id ON team_journal (id);
   CREATE INDEX team_journal_phase ON team_journal (phase, at);
   CREATE VIEW chains AS
     SELECT w.id AS writer, j.seq, j.id, j.phase, j.at, j.body, j.hash FROM journal j, writers w WHERE w.own = 1
     UNION ALL SELECT * FROM team_journal;`,
];

/** Brings a store to the newest version, one program at a time. Refuses one that a newer program wrote. */
export function migrate(database: DatabaseSync, path: string): void {
  if (versionOf(database) === STEPS.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > STEPS.length) {
      throw new TroubleError({
        what: 'open the event store',
        on: printable(path),
        why: `a newer Quarterdeck wrote it (version ${version}, this one knows ${STEPS.length})`,
        fix: 'use the newer program, or move the file away',
      });
    }
    for (const step of STEPS.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${STEPS.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
