import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './migrations.ts';

/**
 * The tables of one platform, made or brought to the newest version; `:memory:` keeps nothing.
 *
 * @param busyMs another program that writes at this moment is waited for so long
 */
export function openDatabase(path: string, busyMs: number): DatabaseSync {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives its journal files the mode of the database.
    closeSync(openSync(path, 'a', 0o600));
  }
  const database = new DatabaseSync(path, { timeout: busyMs });
  try {
    writeAhead(database, busyMs);
    database.exec('PRAGMA synchronous = NORMAL');
    migrate(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

const SQLITE_BUSY = 5;
const BETWEEN_TRIES_MS = 5;

/** Where two programs make a new file at one moment, SQLite says "locked" at once to the second: here alone it does not wait. */
function writeAhead(database: DatabaseSync, busyMs: number): void {
  const end = performance.now() + busyMs;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const isBusy = (error as { errcode?: number }).errcode === SQLITE_BUSY;
      if (!isBusy || performance.now() >= end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_TRIES_MS);
    }
  }
}
