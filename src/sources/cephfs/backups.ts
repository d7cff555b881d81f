import { join } from 'node:path/posix';
import type { Seen } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import type { Run, RunOptions } from '../runner.ts';
import { findWords } from './places.ts';
import { type Doing, readError, resultError, Silent, startError } from './read-error.ts';

export interface BackupFolder {
  source: string;
  /** Absolute. */
  directory: string;
  /** Names `database`, `taken` and `part` in the name of a file. */
  pattern: RegExp;
}

export interface BackupFile {
  name: string;
  sizeBytes: number;
  modifiedAt: number;
}

/** Backups and the files that they consist of, by the id of the backup. */
export type FoundBackups = Map<string, { seen: Seen<'backup'>; files: BackupFile[] }>;

/** The backups in a folder, from one listing of it. Rejects with Silent, Hanging or a ReadError. */
export async function readBackups(run: Run, folder: BackupFolder, options: RunOptions): Promise<FoundBackups> {
  const { directory } = folder;
  const doing: Doing = { what: 'list backups', on: directory, program: 'find' };
  const argv = ['find', directory, '-mindepth', '1', '-maxdepth', '1', '-type', 'f', '-printf', '%s %T@ %f\\0'];
  const result = await run(argv, options).catch(error => {
    throw startError(error, doing);
  });
  if (result.timedOut) throw new Silent();
  // A file that went away during the listing is no error.
  const complaints = result.stderr.split('\n').filter(line => line.startsWith('find: '));
  const serious = complaints.find(
    line => !line.endsWith(': No such file or directory') || line.includes(`${directory}'`),
  );
  if (serious !== undefined) throw readError(findWords(serious), doing);
  if (result.code !== 0 && complaints.length === 0) throw resultError(result, doing);
  return groupBackups(parseFiles(result.stdout), folder, Date.now());
}

/** What `-printf '%s %T@ %f\0'` wrote. */
export function parseFiles(stdout: string): BackupFile[] {
  return stdout.split('\0').flatMap(entry => {
    const [, size, seconds, name] = /^(\d+) (\d+(?:\.\d+)?) (.+)$/s.exec(entry) ?? [];
    if (size === undefined || seconds === undefined || name === undefined) return [];
    return [{ name, sizeBytes: Number(size), modifiedAt: Math.floor(Number(seconds) * 1000) }];
  });
}

/** One backup for each database and time. A file of 0 bytes stays 0, a file that is not there is null. */
export function groupBackups(files: BackupFile[], { source, directory, pattern }: BackupFolder, now: number) {
  const found: FoundBackups = new Map();
  for (const file of files) {
    const { database, taken, part } = pattern.exec(file.name)?.groups ?? {};
    const takenAt = timeOf(taken);
    if (!database || takenAt === null || (part !== 'database' && part !== 'data')) continue;
    const id = printable(`${source}/backup/${database}_${taken}`);
    let backup = found.get(id);
    if (!backup) {
      const name = printable(`${database}_${taken}`);
      backup = { seen: empty({ id, name, source, databaseName: printable(database), takenAt, now }), files: [] };
      found.set(id, backup);
    }
    backup.files.push(file);
    backup.seen.writtenAt = Math.max(backup.seen.writtenAt ?? 0, file.modifiedAt);
    backup.seen[part === 'database' ? 'databaseBytes' : 'dataBytes'] = file.sizeBytes;
    if (part === 'database' || backup.seen.path === null) backup.seen.path = printable(join(directory, file.name));
  }
  return found;
}

interface Bare {
  id: string;
  name: string;
  source: string;
  databaseName: string;
  takenAt: number;
  now: number;
}

function empty({ id, name, source, databaseName, takenAt, now }: Bare): Seen<'backup'> {
  return {
    id,
    kind: 'backup',
    name,
    source,
    observedAt: now,
    uid: null,
    version: null,
    createdAt: takenAt,
    labels: {},
    databaseName,
    takenAt,
    writtenAt: null,
    path: null,
    databaseBytes: null,
    dataBytes: null,
  };
}

/** Milliseconds since 1970 of `YYYYMMDD_HHMMSS`, taken for UTC; null when there is no such time. */
export function timeOf(taken: string | undefined): number | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/.exec(taken ?? '')?.map(Number) ?? [];
  if (year === undefined || month === undefined) return null;
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return time.getUTCMonth() === month - 1 && time.getUTCDate() === day && hour !== undefined && hour < 24
    ? time.getTime()
    : null;
}
