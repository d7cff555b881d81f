import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printable } from '../model/printable.ts';
import { type Trouble, TroubleError } from '../model/trouble.ts';
import { runChild } from './run-local.ts';
import type { Run, RunOptions, RunResult } from './runner.ts';

/** `ssh` itself failed. */
const SSH_FAILED = 255;
/** A remote child that hangs keeps its `ssh` for so long, so that its end is seen and no second one is started. */
const PATIENCE_MS = 300_000;

const OPTIONS = [
  'BatchMode=yes',
  'ConnectTimeout=5',
  'ServerAliveInterval=5',
  'ServerAliveCountMax=2',
  'ControlMaster=auto',
  'ControlPersist=60',
];

export interface Ssh {
  run: Run;
  /** Ends the shared connection and removes its folder. */
  close(): Promise<void>;
}

/**
 * Runs commands on another host through the system's `ssh`, with the user's own configuration, keys and known hosts. It
 * never asks: what would need an answer is refused in words. One connection is shared by all commands and closed a
 * minute after the last one. Rejects with a TroubleError when the host was not reached or said no.
 *
 * @param host as `ssh` takes it: a name of the user's ssh configuration, or `user@host`
 * @param program for tests: what to start instead of `ssh`
 */
export function openSsh(host: string, program = 'ssh'): Ssh {
  let folder: string | null = null;
  const ssh = (args: string[], run: RunOptions) => {
    // The path must stay short: a socket's name holds about 100 characters, and ssh adds 17 while it makes it.
    folder ??= mkdtempSync(join(process.env.XDG_RUNTIME_DIR || tmpdir(), 'qd-'));
    const options = [...OPTIONS, `ControlPath=${join(folder, 's')}`].flatMap(option => ['-o', option]);
    return runChild([program, '-T', ...options, ...args], run, { patienceMs: PATIENCE_MS });
  };

  return {
    async run(argv, run) {
      const mark = randomBytes(16).toString('hex');
      const result = await ssh(['--', host, remoteCommand(argv, run.deadlineMs, mark)], run);
      if (result.code === SSH_FAILED) throw new TroubleError(refusal(argv, host, result));
      const whole = unmarked(result, mark);
      if (whole) return whole;
      if (result.code === 0)
        throw new TroubleError(trouble(argv, host, 'the connection broke off before all was said'));
      // A shell that ran nothing, or an ssh that we let go of.
      return result;
    },
    async close() {
      if (folder === null) return;
      await ssh(['-O', 'exit', '--', host], { deadlineMs: 2_000 }).catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The line for the remote shell. `timeout` ends a remote command that outlives us, which the end of `ssh` alone does
 * not; when that command cannot be killed `timeout` waits on, and so does our `ssh`: that is how its end is seen. Both
 * streams end with the mark: what was cut short on its way, by an `ssh` that ends with 0, would be taken for an empty
 * list.
 */
export function remoteCommand(argv: string[], deadlineMs: number, mark: string): string {
  const script = `env LC_ALL=C timeout "$@"; echo ":$?:${mark}"; echo "${mark}" >&2`;
  return ['sh', '-c', script, 'sh', String(Math.ceil(deadlineMs / 1000)), ...argv].map(quote).join(' ');
}

/** What the command said and ended with; null when a mark is missing: not all of it has come. */
function unmarked({ stdout, stderr, ...result }: RunResult, mark: string): RunResult | null {
  const ends = [stdout.indexOf(`:${mark}\n`), stderr.indexOf(`${mark}\n`)] as const;
  if (ends.includes(-1)) return null;
  const code = stdout.lastIndexOf(':', ends[0] - 1);
  return {
    ...result,
    code: Number(stdout.slice(code + 1, ends[0])),
    stdout: stdout.slice(0, code),
    stderr: stderr.slice(0, ends[1]),
  };
}

/** One word for a POSIX shell that means exactly `text`. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const REFUSALS: { sign: RegExp; fix: (host: string) => string }[] = [
  {
    sign: /IDENTIFICATION HAS CHANGED/,
    fix: host => `its key is another one than before: ask why, then: ssh-keygen -R ${host}`,
  },
  { sign: /Host key verification failed|host key is known/, fix: host => `look at its key once by hand: ssh ${host}` },
  {
    sign: /Permission denied|Too many authentication failures/,
    fix: () => 'load a key with ssh-add, or name one for this host in ~/.ssh/config',
  },
  { sign: /Could not resolve hostname/, fix: () => 'correct the name, or describe the host in ~/.ssh/config' },
  { sign: /refused|timed out|No route|unreachable/, fix: () => 'is the host up, and does its firewall let ssh in?' },
];

function refusal(argv: string[], host: string, { stderr }: RunResult): Trouble {
  const lines = stderr.split(/\r?\n/).filter(line => line.trim() && !/^@+$/.test(line));
  const known = REFUSALS.find(({ sign }) => sign.test(stderr));
  const why =
    (known && lines.find(line => known.sign.test(line))) ?? lines.at(-1) ?? 'the connection broke off without a word';
  return trouble(argv, host, why.replace(/^@\s*|\s*@$/g, '').trim(), known?.fix(host));
}

function trouble([program = '']: string[], host: string, why: string, fix?: string): Trouble {
  return {
    what: `run ${program} by ssh`,
    on: printable(host),
    why: printable(why),
    fix: fix === undefined ? null : printable(fix),
  };
}
