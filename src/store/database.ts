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
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    migrate(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}
