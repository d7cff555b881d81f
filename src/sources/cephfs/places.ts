import { printable } from '../../model/printable.ts';
import type { Run, RunOptions } from '../runner.ts';
import { type Doing, type ReadError, readError, resultError, Silent, startError } from './read-error.ts';

/** A watched directory. */
export interface Place {
  path: string;
  /** Below the mount. */
  relative: string;
  /** Another directory under the same name has another one. */
  inode: string;
}

export interface Places {
  places: Place[];
  /** What was named and is not there, in find's words: a platform need not have all. What cannot be asked for. */
  missing: string[];
  /** Why the list is not complete; null when it is. */
  incomplete: ReadError | null;
}

/**
 * The directories that the patterns name, in two processes at most whatever their number. Rejects with Silent, Hanging
 * or a ReadError when nothing could be listed.
 */
export async function findPlaces(run: Run, mount: string, patterns: string[], options: RunOptions): Promise<Places> {
  const below = (pattern: string) => (pattern === '' ? mount : `${mount}/${pattern}`);
  const parents = patterns.filter(isWild).map(pattern => below(pattern.replace(/\/?\*$/, '')));
  const single = patterns.filter(pattern => !isWild(pattern)).map(below);
  const found = await Promise.all([
    find(run, single, ['-maxdepth', '0'], options),
    find(run, parents, ['-mindepth', '1', '-maxdepth', '1'], options),
  ]);
  const places = new Map<string, Place>();
  for (const [inode, path] of found.flatMap(({ directories }) => directories))
    places.set(path, { path, relative: path.slice(mount.length + 1), inode });
  return {
    places: [...places.values()],
    missing: found.flatMap(({ missing }) => missing),
    incomplete: found.find(({ incomplete }) => incomplete !== null)?.incomplete ?? null,
  };
}

const isWild = (pattern: string) => pattern.endsWith('*');

interface Found extends Omit<Places, 'places'> {
  directories: [inode: string, path: string][];
}

async function find(run: Run, at: string[], depth: string[], options: RunOptions): Promise<Found> {
  if (at.length === 0) return { directories: [], missing: [], incomplete: null };
  const doing: Doing = { what: 'list directories', on: at[0] ?? '', program: 'find' };
  const argv = ['find', ...at, ...depth, '-type', 'd', '-printf', '%i %p\\0'];
  const result = await run(argv, options).catch(error => {
    throw startError(error, doing);
  });
  if (result.timedOut) throw new Silent();
  const complaints = result.stderr.split('\n').filter(line => line.startsWith('find: '));
  const missing = complaints.filter(line => line.endsWith(': No such file or directory'));
  const other = complaints.find(line => !missing.includes(line));
  const refusal = other === undefined ? null : refusalOf(other, doing);
  if (refusal && result.stdout === '') throw refusal;
  const isAnswer = result.code === 0 || (result.code === 1 && complaints.length > 0);
  if (!isAnswer) throw resultError(result, doing);
  const unaskable = result.stdout.split('\0').filter(entry => entry.includes('\ufffd'));
  const left = unaskable.map(entry => `left out, its name is not UTF-8: ${entry}`);
  return {
    directories: parseFound(result.stdout),
    missing: [...missing, ...left].map(line => printable(line)),
    incomplete: refusal,
  };
}

/** `find: '/path': words`, where find names a path. */
function refusalOf(line: string, doing: Doing): ReadError {
  const path = /^find: ['‘](.*)['’]: /s.exec(line)?.[1];
  return readError(findWords(line), { ...doing, on: path ?? doing.on });
}

/** `find: '/path': words` without the name of the program and the path; an error of find's own stays as it is. */
export function findWords(line: string): string {
  return /^find: .*['’]: ([^:]+)$/.exec(line)?.[1] ?? line;
}

/** What `-printf '%i %p\0'` wrote. A path that is not UTF-8 could not be asked for by its name and is left out. */
export function parseFound(stdout: string): [inode: string, path: string][] {
  return stdout
    .split('\0')
    .map(entry => /^(\d+) (.+)$/s.exec(entry))
    .flatMap(match => (match?.[1] && match[2] && !match[2].includes('\ufffd') ? [[match[1], match[2]]] : []));
}
