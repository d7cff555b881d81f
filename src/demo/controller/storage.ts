import type { Shape } from '../shape.ts';
import type { Timeline } from '../timeline.ts';
import { MadeFiles } from './made-files.ts';

/** A directory of the embedded CephFS at a moment, as its recursive statistics tell it. */
export interface StorageDirectory {
  path: string;
  usedBytes: number;
  files: number;
  /** Itself included, as `ceph.dir.rsubdirs` counts. */
  directories: number;
  quotaBytes: number | null;
  quotaFiles: number | null;
  /** Milliseconds since 1970. */
  changedAt: number;
}

/** How long a platform where nothing moves has been still. */
export const STILL_FOR_MS = 3 * 86_400_000;

export interface StoredBackup {
  databaseName: string;
  /** Milliseconds since 1970. */
  takenAt: number;
  databaseBytes: number;
  dataBytes: number;
}

/**
 * The CephFS of the embedded platform: directories that grow, quotas that may be set, backups that arrive, a metadata
 * server that may be gone. Whoever answers in getfattr's or ceph's words reads it; only this changes it.
 */
export class Storage {
  /** Without its metadata server no call on the mount ever returns. */
  mdsGone = false;
  readonly totalBytes: number;
  readonly fileSystem: string;
  readonly mount: string;
  /** Share of each OSD that is used, 0 to 1. */
  readonly osds: number[];
  readonly backups: StoredBackup[] = [];
  /** What somebody put there by hand. */
  readonly made = new MadeFiles();
  readonly #directories = new Map<string, Growing>();
  readonly #timeline: Timeline;

  constructor(
    shape: Shape,
    timeline: Timeline,
    { still = false, backupsFrom }: { still?: boolean; backupsFrom: number },
  ) {
    this.#timeline = timeline;
    ({ totalBytes: this.totalBytes, fileSystem: this.fileSystem, mount: this.mount, osds: this.osds } = shape.ceph);
    for (const directory of shape.directories) {
      this.#directories.set(directory.path, {
        path: directory.path,
        usedBytes: directory.usedBytes,
        files: directory.files,
        directories: directory.directories,
        quotaBytes: directory.quotaBytes,
        quotaFiles: null,
        // Where nothing moves, no age may turn over either: days do that rarely.
        changedAt: timeline.now - directory.changedAgoSeconds * 1000 - (still ? STILL_FOR_MS : 0),
        countedAt: timeline.now,
        bytesPerDay: still ? 0 : directory.growthBytesPerDay,
      });
    }
    for (const { afterTwoSeconds, ...backup } of shape.backups) {
      this.backups.push({ ...backup, takenAt: backupsFrom + afterTwoSeconds * 1000 });
    }
  }

  /** All directories as they are now. */
  get directories(): StorageDirectory[] {
    return [...this.#directories.keys()].map(path => this.directory(path) as StorageDirectory);
  }

  /** null when there is none at that path. */
  directory(path: string): StorageDirectory | null {
    const directory = this.#directories.get(path);
    if (!directory) return null;
    const { countedAt, bytesPerDay, ...counted } = directory;
    const grown = Math.round(((this.#timeline.now - countedAt) / DAY_MS) * bytesPerDay);
    if (grown <= 0) return counted;
    const room = counted.quotaBytes ? Math.max(0, counted.quotaBytes - counted.usedBytes) : Number.POSITIVE_INFINITY;
    const added = Math.min(grown, room);
    return {
      ...counted,
      usedBytes: counted.usedBytes + added,
      files: counted.files + Math.round(added / 400_000),
      changedAt: added > 0 ? this.#timeline.now : counted.changedAt,
    };
  }

  /** Of the whole cluster. */
  get usedBytes(): number {
    return this.osds.reduce((sum, share) => sum + share, 0) * (this.totalBytes / this.osds.length);
  }

  /** null removes the quota. False when there is no such directory. */
  setQuota(path: string, quotaBytes: number | null): boolean {
    return this.limit(path, { quotaBytes });
  }

  limit(path: string, quota: { quotaBytes: number | null } | { quotaFiles: number | null }): boolean {
    return this.made.change(path, quota) || this.#change(path, quota);
  }

  /** What a directory is said to hold is gone; who wrote there writes no more. False when there is no such directory. */
  empty(path: string): boolean {
    const nothing = { usedBytes: 0, files: 0, directories: 1, bytesPerDay: 0 };
    return this.#change(path, { ...nothing, changedAt: this.#timeline.now });
  }

  /** It is gone, with all that is below it. False when there is nothing at that path. */
  remove(path: string): boolean {
    const gone = [...this.#directories.keys()].filter(each => each === path || each.startsWith(`${path}/`));
    for (const each of gone) this.#directories.delete(each);
    return this.made.remove(path) || gone.length > 0;
  }

  /** Something is put there by hand: `bytes` of a file, the `target` of a link, the `inode` of a further name. */
  make(path: string, type: 'd' | 'f' | 'l', more: { bytes?: number; target?: string; inode?: number } = {}): void {
    this.made.make({ path, type, changedAt: this.#timeline.now, ...more });
  }

  /** From now on it grows this fast. */
  setGrowth(path: string, bytesPerDay: number): boolean {
    return this.#change(path, { bytesPerDay });
  }

  setUsage(path: string, usedBytes: number): boolean {
    return this.#change(path, { usedBytes: Math.round(usedBytes), changedAt: this.#timeline.now });
  }

  /** Someone writes: what its quota has no room for is refused. The bytes that were taken; null: there is no such directory. */
  write(path: string, bytes: number): number | null {
    const directory = this.directory(path);
    if (!directory) return null;
    const room = directory.quotaBytes ? Math.max(0, directory.quotaBytes - directory.usedBytes) : bytes;
    const taken = Math.min(bytes, room);
    this.setUsage(path, directory.usedBytes + taken);
    return taken;
  }

  addBackup(backup: StoredBackup): void {
    this.backups.push(backup);
    this.backups.splice(0, this.backups.length - 400);
  }

  #change(path: string, change: Partial<Growing>): boolean {
    const directory = this.#directories.get(path);
    const now = this.directory(path);
    if (!directory || !now) return false;
    this.#directories.set(path, { ...directory, ...now, countedAt: this.#timeline.now, ...change });
    return true;
  }
}

const DAY_MS = 86_400_000;

interface Growing extends StorageDirectory {
  /** When its numbers were true. */
  countedAt: number;
  bytesPerDay: number;
}
