import type { Storage, StorageDirectory } from '../controller/storage.ts';
import { backupStamp } from '../shape.ts';

/** A place in the embedded file system with CephFS's statistics. Times are milliseconds since 1970. */
export interface Place {
  path: string;
  type: 'd' | 'f';
  inode: number;
  /** Recursive, for a directory. */
  bytes: number;
  changedAt: number;
  /** Recursive; those of a file are 0. */
  files: number;
  /** Recursive, itself included. */
  directories: number;
  quotaBytes: number | null;
}

/** CephFS numbers its inodes from here on; the root is 1. */
const FIRST_INODE = 2 ** 40;
const METADATA_BYTES = 612;

/**
 * The mount as a tree: the storage's directories, the root above them, and the files of the backups. What grows in a
 * directory grows in those above it.
 */
export class Tree {
  readonly #storage: Storage;
  readonly #root: string;
  readonly #backups: string;
  /** What each directory's own directories held when the demo began, which its own number includes. */
  readonly #included = new Map<string, Totals>();

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#root = storage.mount;
    this.#backups = `${storage.mount}/odoo_backups/active`;
    // The deepest first: what is above includes what they include.
    const paths = storage.directories.map(({ path }) => path).sort((one, other) => other.length - one.length);
    for (const path of paths) this.#included.set(path, this.#below(path));
  }

  /** Whether a path lies in the mount, there or not. */
  covers(path: string): boolean {
    return path === this.#root || path.startsWith(`${this.#root}/`);
  }

  /** null when there is nothing at that path. */
  at(path: string): Place | null {
    if (path === this.#root) return this.#rootPlace();
    const directory = this.#storage.directory(path);
    if (directory) return this.#directoryPlace(directory);
    if (path === this.#backups) return this.#backupsPlace();
    return parentOf(path) === this.#backups ? (this.#files().find(file => file.path === path) ?? null) : null;
  }

  /** What stands directly in a directory, in the order of its making. */
  in(path: string): Place[] {
    const children = this.#storage.directories.filter(each => parentOf(each.path) === path);
    const places = children.map(each => this.#directoryPlace(each));
    if (parentOf(this.#backups) === path) places.push(this.#backupsPlace());
    return path === this.#backups ? this.#files() : places;
  }

  #rootPlace(): Place {
    const { bytes, files, directories, changedAt } = this.#below(this.#root);
    return {
      path: this.#root,
      type: 'd',
      inode: 1,
      bytes,
      files,
      directories: directories + 1,
      changedAt,
      quotaBytes: null,
    };
  }

  #directoryPlace(own: StorageDirectory): Place {
    const before = this.#included.get(own.path) ?? NOTHING;
    const now = this.#below(own.path);
    return {
      path: own.path,
      type: 'd',
      inode: inodeOf(own.path),
      bytes: Math.max(0, own.usedBytes + now.bytes - before.bytes),
      files: Math.max(0, own.files + now.files - before.files),
      directories: Math.max(now.directories + 1, own.directories),
      changedAt: Math.max(own.changedAt, now.changedAt),
      quotaBytes: own.quotaBytes,
    };
  }

  #backupsPlace(): Place {
    const above = this.#storage.directory(parentOf(this.#backups));
    const files = this.#files();
    const changedAt = Math.max(0, ...files.map(file => file.changedAt));
    return {
      path: this.#backups,
      type: 'd',
      inode: inodeOf(this.#backups),
      bytes: above?.usedBytes ?? files.reduce((sum, file) => sum + file.bytes, 0),
      files: files.length,
      directories: 1,
      changedAt,
      quotaBytes: null,
    };
  }

  /** Summed over the directories that stand directly in this one. */
  #below(path: string): Totals {
    const children = this.#storage.directories.filter(each => parentOf(each.path) === path);
    return children
      .map(child => this.#directoryPlace(child))
      .reduce(
        (sum, { bytes, files, directories, changedAt }) => ({
          bytes: sum.bytes + bytes,
          files: sum.files + files,
          directories: sum.directories + directories,
          changedAt: Math.max(sum.changedAt, changedAt),
        }),
        NOTHING,
      );
  }

  #files(): Place[] {
    return this.#storage.backups.flatMap(({ databaseName, takenAt, databaseBytes, dataBytes }) => {
      const file = (name: string, bytes: number, seconds: number): Place => {
        const path = `${this.#backups}/${databaseName}_${backupStamp(takenAt)}_${name}`;
        const changedAt = takenAt + seconds * 1000;
        return { path, type: 'f', inode: inodeOf(path), bytes, changedAt, files: 0, directories: 0, quotaBytes: null };
      };
      return [
        file('database.sql', databaseBytes, 4),
        file('data.tar.gz', dataBytes, 9),
        file('metadata.json', METADATA_BYTES, 9),
      ];
    });
  }
}

interface Totals {
  bytes: number;
  files: number;
  directories: number;
  changedAt: number;
}

const NOTHING: Totals = { bytes: 0, files: 0, directories: 0, changedAt: 0 };

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The same for a path at every start (FNV-1a). */
function inodeOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < path.length; index++) hash = Math.imul(hash ^ path.charCodeAt(index), 0x01000193) >>> 0;
  return FIRST_INODE + hash;
}
