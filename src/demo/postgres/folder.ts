import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Account, handOver } from './account.ts';

/** Where the four servers' data stands, ours alone as long as we hold it. */
export interface Folder {
  path: string;
  /** Only the account passes it: the servers' data folders are in here. */
  data: string;
  /** The superuser's password, and the file of mode 0600 that has it. */
  secret: string;
  secretFile: string;
  /** It is removed when it is let go. */
  temporary: boolean;
  isComplete(): boolean;
  /** The servers' data are there in whole, and stay for the next start. */
  complete(): Promise<void>;
  /** Throws the servers' data away. */
  empty(): Promise<void>;
  /** Removes what other demos left behind and nobody holds: one folder takes some 450 MB, all must stay below 1 GB. */
  tidy(): Promise<void>;
  release(): Promise<void>;
}

const MARK = 'complete';
const PREFIX = 'quarterdeck-demo-';

/** `${XDG_CACHE_HOME:-~/.cache}/quarterdeck/demo` */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'quarterdeck', 'demo');
}

/**
 * The folder `key` in the cache; or a temporary one when another demo holds that, when the cache cannot be written, or
 * when the servers' account could not pass it.
 */
export async function takeFolder(cacheDir: string, key: string, account: Account): Promise<Folder> {
  const kept = account.foreign ? null : await takeKept(cacheDir, key).catch(() => null);
  return kept ?? takeTemporary(cacheDir, account);
}

async function takeKept(cacheDir: string, key: string): Promise<Folder | null> {
  const path = join(cacheDir, key);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const unlock = lock(path);
  return unlock && open(path, unlock, { cacheDir, temporary: false });
}

async function takeTemporary(cacheDir: string, account: Account): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), PREFIX));
  const unlock = lock(path);
  if (!unlock) throw new Error(`${path} is held by somebody else`);
  if (account.foreign) await chmod(path, 0o755);
  return open(path, unlock, { cacheDir, temporary: true, account });
}

async function open(
  path: string,
  unlock: () => void,
  { cacheDir, temporary, account }: { cacheDir: string; temporary: boolean; account?: Account },
): Promise<Folder> {
  const data = join(path, 'data');
  const mark = join(path, MARK);
  const secretFile = join(path, 'password');
  const makeData = async () => {
    await mkdir(data, { recursive: true, mode: 0o700 });
    if (account) await handOver(account, data);
  };
  await makeData();
  if (!existsSync(secretFile)) await writeFile(secretFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return {
    path,
    data,
    secret: await readFile(secretFile, 'utf8'),
    secretFile,
    temporary,
    isComplete: () => existsSync(mark),
    complete: () => writeFile(mark, ''),
    async empty() {
      await rm(mark, { force: true });
      await rm(data, { recursive: true, force: true });
      await makeData();
    },
    async tidy() {
      const names = (dir: string) => readdir(dir).catch(() => []);
      const stale = (await names(tmpdir())).filter(name => name.startsWith(PREFIX)).map(name => join(tmpdir(), name));
      const cached = (await names(cacheDir)).map(name => join(cacheDir, name));
      for (const other of [...stale, ...cached]) if (other !== path) await removeUnheld(other);
    },
    async release() {
      if (temporary) await rm(path, { recursive: true, force: true });
      unlock();
    },
  };
}

async function removeUnheld(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) return;
  const unlock = lock(path);
  if (!unlock) return;
  // The mark first: what is cut off here must not look complete.
  await rm(join(path, MARK), { force: true });
  await rm(path, { recursive: true, force: true });
  unlock();
}

/**
 * A lock that the system lets go of when this process ends, however it ends: SQLite's on an empty file. Returns what
 * unlocks it, or null when another process (or another demo in this one) has it.
 */
function lock(path: string): (() => void) | null {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(join(path, 'lock'));
    database.exec('BEGIN EXCLUSIVE');
    return () => database?.close();
  } catch {
    database?.close();
    return null;
  }
}
