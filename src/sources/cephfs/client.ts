import { join } from 'node:path/posix';
import { printable } from '../../model/printable.ts';
import { type Trouble, TroubleError } from '../../model/trouble.ts';
import { type Client, Refusal, type Write } from '../client.ts';
import type { Permit } from '../permit.ts';
import type { Change, Run, RunResult } from '../runner.ts';
import { why } from '../why.ts';
import { type Limit, QUOTAS, readDirectory } from './directory.ts';
import { inside, NOT_ENTERED, OUT_OF_TIME } from './inside.ts';
import { findWords } from './places.ts';
import { type Doing, Hanging, ReadError, resultError, Silent } from './read-error.ts';

/** A look at one directory, by ssh on a busy machine too; where it is known that nobody answers none is begun. */
const LOOK_MS = 20_000;
/** After so long a deletion ends by itself, wherever it runs, for the next step to go on: nothing outlives us longer. */
const STEP_SECONDS = 15;
/** Beyond that nobody answers. */
const ANSWER_MS = 10_000;

/** What is asked of a directory, as the body of a write: which one it must be, and what is to become of it. */
export interface DirectoryWrite {
  ID: string;
  device: string;
  /** Absent: it is emptied. 0: no limit. */
  quota?: { limit: Limit; to: number };
}

/** What one step of emptying came to. */
export interface Emptied {
  /** Names that are gone. */
  deleted: number;
  /** Nothing was left that it could delete. */
  isOver: boolean;
  /** What could not be deleted, in find's words; null: nothing. */
  complaint: string | null;
}

export interface Through {
  /** The root of the mount, as the reader sees it. */
  root: string;
  where(path: string): string;
  run: Run;
  change: Change;
  /** What would bring an operator to where the commands run: `ssh web-1`. */
  flags: readonly string[];
  /** Why nothing can be asked of the mount now: whoever asked all the same would only wait. null: it can. */
  trouble(): Trouble | null;
  /** Something was written. */
  written(): void;
}

/** Where the client keeps a directory, by its path below the root. */
export function pathOf(relative: string): string {
  return `/directories/${encodeURIComponent(relative)}`;
}

/**
 * The directories of a CephFS as objects. A write names the directory that was seen; another one is refused with 409,
 * and none is ever reached by its path alone (see inside.ts).
 */
export function createClient({ root, where, run, change, flags, trouble, written }: Through): Client {
  const target = printable(where(root));
  const placeOf = (path: string) => join(root, relativeOf(path));

  async function look(path: string, signal: AbortSignal) {
    const known = trouble();
    if (known) throw new Refusal(known, { answer: 'none' });
    try {
      return await readDirectory(run, root, relativeOf(path), { deadlineMs: LOOK_MS, signal });
    } catch (error) {
      throw readRefusal(error, { what: 'look at a directory', on: printable(where(placeOf(path)), 200) });
    }
  }

  /** Runs a command in the directory. Throws a Refusal when it was not entered or gave no answer. */
  async function enter(permit: Permit, write: Write, argv: string[], signal: AbortSignal): Promise<RunResult> {
    const { ID, device } = write.body as DirectoryWrite;
    const path = placeOf(write.path);
    const doing = { what: 'change a directory', on: printable(where(path), 200) };
    const list = inside({ path, root, identity: `${device}:${ID}` }, ['timeout', String(STEP_SECONDS), ...argv]);
    const result = await change(permit, list, { deadlineMs: STEP_SECONDS * 1000 + ANSWER_MS, signal }).catch(error => {
      throw writeRefusal(error, doing);
    });
    const stopped = NOT_ENTERED[result.code ?? 0];
    if (stopped) throw new Refusal({ ...doing, why: stopped.why, fix: null }, { answer: 'no', status: stopped.status });
    // A signal ended it, or its deadline: what it did until then is not told.
    if (result.code === null) throw new Refusal({ ...doing, ...NO_ANSWER }, { answer: 'none' });
    return result;
  }

  async function empty(permit: Permit, write: Write, signal: AbortSignal): Promise<Emptied> {
    const argv = ['find', '.', '-xdev', '-mindepth', '1', '-delete', '-printf', '.'];
    const result = await enter(permit, write, argv, signal);
    const complaints = result.stderr.split('\n').filter(line => line.startsWith('find: '));
    const [first] = complaints;
    if (result.code !== 0 && result.code !== OUT_OF_TIME && first === undefined)
      throw failure(result, { what: 'empty a directory', on: target, program: 'find' });
    const more = complaints.length > 1 ? `, and ${complaints.length - 1} more` : '';
    return {
      deleted: result.stdout.length,
      isOver: result.code !== OUT_OF_TIME,
      complaint: first === undefined ? null : printable(`${first.replace(/^find: /, '')}${more}`, 300),
    };
  }

  async function limit(
    permit: Permit,
    write: Write,
    { limit, to }: NonNullable<DirectoryWrite['quota']>,
    signal: AbortSignal,
  ) {
    const argv = ['setfattr', '-n', QUOTAS[limit], '-v', String(to), '.'];
    const result = await enter(permit, write, argv, signal);
    if (result.code === OUT_OF_TIME)
      throw new Refusal({ what: 'set a quota', on: target, ...NO_ANSWER }, { answer: 'none' });
    if (result.code !== 0) throw failure(result, { what: 'set a quota', on: target, program: 'setfattr' });
  }

  return {
    target,
    identity: null,
    flags,
    get: look,
    async send(permit, write, signal) {
      permit.check();
      const { quota } = write.body as DirectoryWrite;
      try {
        return quota ? await limit(permit, write, quota, signal) : await empty(permit, write, signal);
      } finally {
        written();
      }
    },
  };
}

const NO_ANSWER: Pick<Trouble, 'why' | 'fix'> = {
  why: 'no answer: the metadata server may be gone',
  fix: 'look at ceph fs status',
};

function relativeOf(path: string): string {
  return decodeURIComponent(path.replace(/^\/directories\//, ''));
}

/** Where nothing is written no harm is done: only what the system said itself counts as its no. */
function readRefusal(error: unknown, doing: Pick<Trouble, 'what' | 'on'>): Refusal {
  if (error instanceof Silent || error instanceof Hanging)
    return new Refusal({ ...doing, ...NO_ANSWER }, { answer: 'none' }, error);
  if (!(error instanceof ReadError)) return new Refusal(troubleOf(error, doing), { answer: 'none' }, error);
  return new Refusal(error.trouble, { answer: 'no', status: statusOf(error) }, error);
}

/** The command was not started, or the way to it broke off. */
function writeRefusal(error: unknown, doing: Pick<Trouble, 'what' | 'on'>): Refusal {
  const isNoCommand = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new Refusal(troubleOf(error, doing), { answer: isNoCommand ? 'unsent' : 'none' }, error);
}

function failure(result: RunResult, doing: Doing): Refusal {
  const lines = result.stderr.split('\n').filter(line => line.trim() !== '');
  const last = (lines.at(-1) ?? '').replace(/^\S*setfattr: \.: /, '');
  const error = resultError({ ...result, stderr: findWords(last) }, doing);
  const { trouble } = error;
  // How an action ended is told by this alone.
  const told = trouble.fix === null ? trouble : { ...trouble, why: `${trouble.why} (${trouble.fix})` };
  return new Refusal(told, { answer: 'no', status: statusOf(error) }, error);
}

function statusOf({ state, trouble }: ReadError): number {
  if (state === 'forbidden') return 403;
  return /No such file or directory/.test(trouble.why) ? 404 : 400;
}

function troubleOf(error: unknown, doing: Pick<Trouble, 'what' | 'on'>): Trouble {
  return error instanceof TroubleError ? error.trouble : { ...doing, why: printable(why(error), 400), fix: null };
}
