import { join } from 'node:path/posix';
import { printable } from '../../model/printable.ts';
import type { Run, RunOptions } from '../runner.ts';
import { changeTime } from './directories.ts';
import { type Answers, readAttribute } from './getfattr.ts';
import { findWords } from './places.ts';
import { type Doing, ReadError, readError, resultError, Silent, startError } from './read-error.ts';

/** A directory as CephFS has it: which one it is, what it holds, what it may hold. */
export interface DirectoryObject {
  /** Inode. */
  ID: string;
  device: string;
  /** Absolute; not printable. */
  path: string;
  /** The same below the root of the mount. */
  relative: string;
  /** Names that stand in it. */
  entries: number;
  /** Of all that is below it. */
  bytes: number;
  files: number;
  directories: number;
  /** Of the newest change below it, milliseconds since 1970; null: never. */
  changedAt: number | null;
  /** null: none is set. */
  quota: Record<Limit, number | null>;
}

/** What a quota limits. */
export type Limit = 'bytes' | 'files';

/** CephFS's names of them. */
export const QUOTAS: Readonly<Record<Limit, string>> = { bytes: 'ceph.quota.max_bytes', files: 'ceph.quota.max_files' };

const ATTRIBUTES = [
  ...['ceph.dir.entries', 'ceph.dir.rbytes', 'ceph.dir.rfiles', 'ceph.dir.rsubdirs', 'ceph.dir.rctime'],
  QUOTAS.bytes,
  QUOTAS.files,
];

/**
 * Reads one directory below the root. Rejects with Silent, Hanging or a ReadError: also when a link, or another file
 * system, stands on the way to it.
 */
export async function readDirectory(
  run: Run,
  root: string,
  relative: string,
  options: RunOptions,
): Promise<DirectoryObject> {
  const path = join(root, relative);
  const parts = relative.split('/');
  if (parts.some(part => ['', '.', '..'].includes(part))) throw refusal(path, 'it is not below the root of the mount');
  if (parts.includes('.snap')) throw refusal(path, 'it lies in a snapshot, which nobody can change');
  const [identity, ...told] = await Promise.all([
    identify(run, root, parts, options),
    ...ATTRIBUTES.map(attribute => readAttribute(run, attribute, [path], options)),
  ]);
  const [entries, bytes, files, directories, changed, quotaBytes, quotaFiles] = told.map(each =>
    attributeOf(each, path),
  );
  return {
    ...identity,
    path,
    relative,
    entries: counted(entries, path),
    bytes: counted(bytes, path),
    files: counted(files, path),
    // CephFS counts the directory itself.
    directories: counted(directories, path) - 1,
    changedAt: changeTime(changed ?? undefined),
    quota: { bytes: Number(quotaBytes) || null, files: Number(quotaFiles) || null },
  };
}

/** All that stands on the way from the root: real directories, of one file system. */
async function identify(
  run: Run,
  root: string,
  parts: readonly string[],
  options: RunOptions,
): Promise<Pick<DirectoryObject, 'ID' | 'device'>> {
  // The root itself may be a link to the mount: `/.` is what it leads to.
  const way = [`${root}/.`, ...parts.map((_, index) => join(root, ...parts.slice(0, index + 1)))];
  const path = way.at(-1) ?? root;
  const doing: Doing = { what: 'look at a directory', on: path, program: 'find' };
  const argv = ['find', ...way, '-maxdepth', '0', '-printf', '%y %D %i\\0'];
  const result = await run(argv, options).catch(error => {
    throw startError(error, doing);
  });
  if (result.timedOut) throw new Silent();
  const complaint = result.stderr.split('\n').find(line => line.startsWith('find: '));
  if (complaint !== undefined) throw readError(findWords(complaint), doing);
  if (result.code !== 0) throw resultError(result, doing);
  const steps = result.stdout
    .split('\0')
    .slice(0, -1)
    .map(each => each.split(' '));
  const device = steps[0]?.[1];
  const ID = steps.at(-1)?.[2];
  if (steps.length !== way.length || device === undefined || ID === undefined) throw resultError(result, doing);
  const stray = steps.findIndex(([type]) => type !== 'd');
  if (stray >= 0) throw refusal(way[stray] ?? path, steps[stray]?.[0] === 'l' ? 'it is a link' : 'it is no directory');
  if (steps.some(([, its]) => its !== device)) throw refusal(path, 'another file system is mounted there');
  return { ID, device };
}

function refusal(path: string, why: string): ReadError {
  return new ReadError('failed', { what: 'look at a directory', on: printable(path, 200), why, fix: null });
}

/** null: it has no such attribute. Throws a ReadError. */
function attributeOf({ values, failures }: Answers, path: string): string | null {
  const failure = failures.get(path);
  if (failure !== undefined) throw readError(failure, { what: 'read usage', on: path, program: 'getfattr' });
  return values.get(path) ?? null;
}

function counted(text: string | null | undefined, path: string): number {
  if (text && /^\d+$/.test(text)) return Number(text);
  throw readError('No such attribute', { what: 'read usage', on: path, program: 'getfattr' });
}
