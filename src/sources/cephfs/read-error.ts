import { printable } from '../../model/printable.ts';
import { type Trouble, TroubleError } from '../../model/trouble.ts';
import type { RunResult } from '../runner.ts';
import { why } from '../why.ts';

/** Which emptiness a failed reading leaves, as Coverage names it. */
export type Failure = 'forbidden' | 'failed' | 'absent';

/** A reading that failed, in words for an operator. */
export class ReadError extends TroubleError {
  override name = 'ReadError';
  readonly state: Failure;

  constructor(state: Failure, trouble: Trouble, cause?: unknown) {
    super(trouble, cause);
    this.state = state;
  }
}

/** No child was started, because an older one does not end. */
export class Hanging extends Error {
  override name = 'Hanging';
}

/** A child that reached its deadline: it may hang. */
export class Silent extends Error {
  override name = 'Silent';
}

/** What was being done, by which program, on what. */
export interface Doing {
  what: string;
  on: string;
  program: 'getfattr' | 'setfattr' | 'find' | 'ceph';
}

const MISSING = {
  getfattr: 'install getfattr there (package attr)',
  setfattr: 'install setfattr there (package attr)',
  find: 'GNU find is needed there (package findutils)',
  ceph: 'install ceph there (package ceph-common), name the command as ceph: {command: [...]}, or say ceph: false',
} as const;

const AGAIN = 'umount -l it, then mount it again';

/** Signs in the words of strerror(3), ssh, sudo, ceph and the shells, and what they mean. */
const SIGNS: { sign: RegExp; state: Failure; meaning?: string; fix: (doing: Doing) => string }[] = [
  {
    sign: /command not found|executable file not found|failed to run command|: not found$/,
    state: 'absent',
    fix: ({ program }) => MISSING[program],
  },
  { sign: /^find: (unrecognized|unknown predicate)/, state: 'absent', fix: () => MISSING.find },
  {
    sign: /^Operation not supported/,
    state: 'absent',
    meaning: 'this is not a CephFS',
    fix: () => 'is it mounted? else correct mount in the profile',
  },
  { sign: /a password is required/, state: 'forbidden', fix: () => 'let sudo run this without a password' },
  {
    sign: /RADOS permission denied|EACCES|handle_auth_bad_method/,
    state: 'forbidden',
    fix: () => "its user needs a key and the caps mon 'allow r' mgr 'allow r'",
  },
  {
    sign: /conf_read_file|ObjectNotFound/,
    state: 'absent',
    meaning: 'no ceph.conf was found',
    fix: () => 'put the ceph.conf of the cluster and a key there, or say ceph: false',
  },
  {
    sign: /^timed out/,
    state: 'failed',
    meaning: 'no monitor answered',
    fix: () => 'are the monitors up, and reachable from there?',
  },
  {
    sign: /Permission denied|Operation not permitted/,
    state: 'forbidden',
    fix: ({ program }) =>
      program === 'setfattr'
        ? "its key needs the p of mds 'allow rwp'"
        : 'read as a user who may enter it, such as reader: {command: [sudo, -n]}',
  },
  {
    sign: /^Transport endpoint is not connected/,
    state: 'failed',
    meaning: 'the mount has lost its ceph-fuse',
    fix: () => AGAIN,
  },
  {
    sign: /^Cannot send after transport endpoint shutdown/,
    state: 'failed',
    meaning: 'the cluster has evicted this client',
    fix: () => AGAIN,
  },
  {
    sign: /^No such file or directory/,
    state: 'absent',
    fix: () => `correct the path; if the client of this mount was evicted, ${AGAIN}`,
  },
];

/** An error for the words in which a system refused. */
export function readError(words: string, doing: Doing, cause?: unknown): ReadError {
  const known = SIGNS.find(({ sign }) => sign.test(words));
  const reason = known?.meaning ? `${known.meaning} (${words})` : words;
  const trouble = {
    what: printable(doing.what, 200),
    on: printable(doing.on, 200),
    why: printable(reason, 400),
    fix: known?.fix(doing) ?? null,
  };
  return new ReadError(known?.state ?? 'failed', trouble, cause);
}

/** An error for what a Run rejected with: the command was not started, or its host was not reached. */
export function startError(error: unknown, doing: Doing): Error {
  if (error instanceof ReadError || error instanceof Hanging) return error;
  if (error instanceof TroubleError) {
    const { state } = readError(error.trouble.why, doing);
    return new ReadError(state === 'absent' ? 'failed' : state, error.trouble, error);
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return readError('command not found', doing, error);
  return readError(why(error), doing, error);
}

/** An error for a command that ended with an error of its own. */
export function resultError(result: RunResult, doing: Doing): ReadError {
  const words = lastWords(result);
  // 127 is what every shell, env and timeout end with when there is no such command.
  return readError(result.code === 127 ? `command not found (${words})` : words, doing);
}

/** The line of a command's errors that says most: the last one that is not a log line. */
function lastWords({ stderr, code }: RunResult): string {
  const lines = stderr.split(/\r?\n/).filter(line => line.trim());
  const spoken = lines.filter(line => !/^\d{4}-\d\d-\d\dT/.test(line));
  return (spoken.at(-1) ?? lines.at(-1) ?? `ended with ${code ?? 'a signal'} and without a word`).trim();
}
