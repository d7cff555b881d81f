/** Something in the embedded file system that somebody made, beside what its directories are said to hold. */
export interface MadeFile {
  path: string;
  /** A directory, a file, a link. */
  type: 'd' | 'f' | 'l';
  /** Names of the same file share it. */
  inode: number;
  /** 0 for a further name of a file. */
  bytes: number;
  /** What a link says. */
  target: string | null;
  quotaBytes: number | null;
  quotaFiles: number | null;
  /** Milliseconds since 1970. */
  changedAt: number;
}

/** Those of platform and tests begin here: none is another's. */
const FIRST_INODE = 2 ** 41;

/** What was made, by its path. */
export class MadeFiles {
  readonly #all = new Map<string, MadeFile>();
  #made = 0;

  at(path: string): MadeFile | undefined {
    return this.#all.get(path);
  }

  /** What stands directly in a directory, in the order of its making. */
  in(directory: string): MadeFile[] {
    return [...this.#all.values()].filter(({ path }) => path.slice(0, path.lastIndexOf('/')) === directory);
  }

  make(file: Pick<MadeFile, 'path' | 'type' | 'changedAt'> & Partial<MadeFile>): MadeFile {
    const made = {
      inode: FIRST_INODE + ++this.#made,
      bytes: 0,
      target: null,
      quotaBytes: null,
      quotaFiles: null,
      ...file,
    };
    this.#all.set(made.path, made);
    return made;
  }

  change(path: string, change: Partial<MadeFile>): boolean {
    const made = this.#all.get(path);
    if (made) this.#all.set(path, { ...made, ...change });
    return made !== undefined;
  }

  /** With all that is below it. */
  remove(path: string): boolean {
    const gone = [...this.#all.keys()].filter(each => each === path || each.startsWith(`${path}/`));
    for (const each of gone) this.#all.delete(each);
    return gone.length > 0;
  }

  /** With all that is below it; what had the new name stays what it was. */
  rename(from: string, to: string): void {
    const moving = [...this.#all.values()].filter(({ path }) => path === from || path.startsWith(`${from}/`));
    for (const { path } of moving) this.#all.delete(path);
    for (const each of moving) this.make({ ...each, path: to + each.path.slice(from.length) });
  }
}
