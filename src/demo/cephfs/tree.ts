import type { MadeFile } from '../controller/made-files.ts';
import type { Storage, StorageDirectory } from '../controller/storage.ts';
import { backupStamp } from '../shape.ts';

/** A place in the embedded file system with CephFS's statistics. Times are milliseconds since 1970. */
export interface Place {
  path: string;
  type: 'd' | 'f' | 'l';
  inode: number;
  /** Recursive, for a directory. */
  bytes: number;
  changedAt: number;
  /** Recursive; those of a file are 0. */
  files: number;
  /** Recursive, itself included. */
  directories: number;
  quotaBytes: number | null;
  quotaFiles: number | null;
  /** What a link says. */
  target: string | null;
}

/** CephFS numbers its inodes from here on; the root is 1. */
const FIRST_INODE = 2 ** 40;
const METADATA_BYTES = 612;

/**
 * The mount as a tree: the storage's directories, the root above them, the files of the backups, and what somebody made.
 * What grows in a directory grows in those above it.
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

  /** null when there is nothing at that path. `PATH/.` is what PATH is. */
  at(path: string): Place | null {
    if (path.endsWith('/.')) return this.at(path.slice(0, -2));
    if (path === this.#root) return this.#rootPlace();
    const directory = this.#storage.directory(path);
    if (directory) return this.#directoryPlace(directory);
    const made = this.#storage.made.at(path);
    if (made) return this.#madePlace(made);
    return this.in(parentOf(path), { listed: false }).find(place => place.path === path) ?? null;
  }

  /** What stands directly in a directory, in the order of its making. */
  in(path: string, { listed = true } = {}): Place[] {
    const places = listed ? this.#childrenOf(path) : [];
    const own = this.#storage.directory(path);
    if (parentOf(this.#backups) === path && this.#storage.backups.length > 0) places.push(this.#backupsPlace());
    else if (path === this.#backups) places.push(...this.#files());
    else if (own) places.push(...this.#contentOf(own));
    return places;
  }

  /** Takes away what is at that path, with all that is below it. False when there is nothing. */
  remove(path: string): boolean {
    if (path === this.#root || !this.at(path)) return false;
    const parent = parentOf(path);
    if (this.#storage.remove(path)) return true;
    if (path === this.#backups) {
      this.#storage.backups.length = 0;
      return this.#storage.empty(parent);
    }
    if (parent !== this.#backups) return this.#storage.empty(parent);
    // A backup goes with the first of its files, and all that is said of them with the last.
    const { backups } = this.#storage;
    const rest = backups.filter(each => !path.includes(`/${stemOf(each)}_`));
    backups.splice(0, backups.length, ...rest);
    return rest.length > 0 || this.#storage.empty(parentOf(parent));
  }

  #childrenOf(path: string): Place[] {
    const directories = this.#storage.directories.filter(each => parentOf(each.path) === path);
    return [
      ...directories.map(each => this.#directoryPlace(each)),
      ...this.#storage.made.in(path).map(each => this.#madePlace(each)),
    ];
  }

  #rootPlace(): Place {
    const { bytes, files, directories, changedAt } = this.#below(this.#root);
    return {
      ...PLAIN,
      path: this.#root,
      type: 'd',
      inode: 1,
      bytes,
      files,
      directories: directories + 1,
      changedAt,
    };
  }

  #directoryPlace(own: StorageDirectory): Place {
    const before = this.#included.get(own.path) ?? NOTHING;
    const now = this.#below(own.path);
    return {
      ...PLAIN,
      path: own.path,
      type: 'd',
      inode: inodeOf(own.path),
      bytes: Math.max(0, own.usedBytes + now.bytes - before.bytes),
      files: Math.max(0, own.files + now.files - before.files),
      directories: Math.max(now.directories + 1, own.directories + now.directories - before.directories),
      changedAt: Math.max(own.changedAt, now.changedAt),
      quotaBytes: own.quotaBytes,
      quotaFiles: own.quotaFiles,
    };
  }

  #madePlace({ path, type, inode, bytes, changedAt, ...more }: MadeFile): Place {
    const below = type === 'd' ? this.#below(path) : NOTHING;
    return {
      ...more,
      path,
      type,
      inode,
      bytes: bytes + below.bytes,
      files: below.files,
      directories: type === 'd' ? below.directories + 1 : 0,
      changedAt: Math.max(changedAt, below.changedAt),
    };
  }

  /** What a directory is said to hold that has no directories of its own: one thing that stands for all of it. */
  #contentOf(own: StorageDirectory): Place[] {
    const { path, usedBytes, files, directories, changedAt } = own;
    if (this.#included.get(path) !== undefined && this.#included.get(path)?.directories !== 0) return [];
    if (usedBytes === 0 && files === 0) return [];
    const content = `${path}/${/odoo_data/.test(path) ? 'filestore' : 'base'}`;
    const common = { ...PLAIN, path: content, inode: inodeOf(content), bytes: usedBytes, changedAt };
    return directories > 1
      ? [{ ...common, type: 'd', files, directories: directories - 1 }]
      : [{ ...common, type: 'f', files: 0, directories: 0 }];
  }

  #backupsPlace(): Place {
    const above = this.#storage.directory(parentOf(this.#backups));
    const files = this.#files();
    const changedAt = Math.max(0, ...files.map(file => file.changedAt));
    return {
      ...PLAIN,
      path: this.#backups,
      type: 'd',
      inode: inodeOf(this.#backups),
      bytes: above?.usedBytes ?? files.reduce((sum, file) => sum + file.bytes, 0),
      files: files.length,
      directories: 1,
      changedAt,
    };
  }

  /** Summed over what stands directly in this one. */
  #below(path: string): Totals {
    return this.#childrenOf(path).reduce(
      (sum, { type, bytes, files, directories, changedAt }) => ({
        bytes: sum.bytes + bytes,
        files: sum.files + (type === 'd' ? files : 1),
        directories: sum.directories + directories,
        changedAt: Math.max(sum.changedAt, changedAt),
      }),
      NOTHING,
    );
  }

  #files(): Place[] {
    return this.#storage.backups.flatMap(backup => {
      const { takenAt, databaseBytes, dataBytes } = backup;
      const file = (name: string, bytes: number, seconds: number): Place => {
        const path = `${this.#backups}/${stemOf(backup)}_${name}`;
        const changedAt = takenAt + seconds * 1000;
        return { ...PLAIN, path, type: 'f', inode: inodeOf(path), bytes, changedAt, files: 0, directories: 0 };
      };
      return [
        file('database.sql', databaseBytes, 4),
        file('data.tar.gz', dataBytes, 9),
        file('metadata.json', METADATA_BYTES, 9),
      ];
    });
  }
}

function stemOf({ databaseName, takenAt }: Storage['backups'][number]): string {
  return `${databaseName}_${backupStamp(takenAt)}`;
}

const PLAIN = { quotaBytes: null, quotaFiles: null, target: null } as const;

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
