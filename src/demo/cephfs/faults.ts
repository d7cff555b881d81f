import type { Storage } from '../controller/storage.ts';

/** A tenant's directory is full to its quota. False when there is no such directory, or no quota on it. */
export function quotaReached(storage: Storage, path: string): boolean {
  const quotaBytes = storage.directory(path)?.quotaBytes;
  return quotaBytes ? storage.setUsage(path, quotaBytes) : false;
}

/** From 0.85 on an OSD is near full, from 0.9 it takes no backfill, from 0.95 the cluster takes no writes. */
export function osdFilled(storage: Storage, osd: number, share = 0.87): boolean {
  if (osd < 0 || osd >= storage.osds.length) return false;
  storage.osds[osd] = share;
  return true;
}

/** The last backup of a tenant turns out to have failed silently. False when there is none. */
export function backupEmpty(storage: Storage, databaseName: string): boolean {
  const last = storage.backups
    .filter(backup => backup.databaseName === databaseName)
    .sort((one, other) => one.takenAt - other.takenAt)
    .at(-1);
  if (!last) return false;
  last.dataBytes = 0;
  return true;
}
