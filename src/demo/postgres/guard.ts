import { type ChildProcess, spawn } from 'node:child_process';
import type { Account } from './account.ts';

/**
 * Runs the command line "$@" with its output in the file $1 and says its pid. Ends it when standard input ends, which
 * it does when the parent closes it or is gone, however it went. A line on standard input names the processes that
 * were stopped (SIGSTOP) and must be woken before they can end.
 */
const SCRIPT = `
log=$1; shift
exec 3<&0
"$@" </dev/null >"$log" 2>&1 3<&- &
server=$!
echo $server
(
  frozen=
  while read -r line <&3; do frozen=$line; done
  for pid in $server $frozen; do kill -CONT $pid; done
  kill -INT $server
  tries=0
  while [ $tries -lt 12 ] && kill -0 $server; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL $server
) 2>/dev/null >&2 &
watcher=$!
exec >&-
wait $server
code=$?
kill $watcher 2>/dev/null
exit $code
`;

export interface Guarded {
  /** The guard: it is there exactly as long as the command. */
  guard: ChildProcess;
  /** The command's own process. Rejects when the guard cannot be started. */
  pid: Promise<number>;
  /** Resolves with the exit code when the command has ended. */
  ended: Promise<number | null>;
  /** Tells the guard which processes are stopped. */
  frozen(pids: number[]): void;
  /** Ends the command: SIGINT, after 1.2 seconds SIGKILL. */
  end(): void;
}

/** Starts a command that does not outlive this process, not even when this process is killed with SIGKILL. */
export function guarded(command: string[], { log, account }: { log: string; account: Account }): Guarded {
  // A session of its own: the terminal's signals (Ctrl-C, a hang-up) are for us, and we tell the server.
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'guard', log, ...account.prefix, ...command], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    cwd: '/',
    ...account.ids,
  });
  const { stdin, stdout } = guard;
  stdin.on('error', () => {}); // the guard ended first: `ended` tells
  const ended = new Promise<number | null>(resolve => {
    guard.on('exit', resolve);
    guard.on('error', () => resolve(null));
  });
  const pid = new Promise<number>((resolve, reject) => {
    guard.on('error', reject);
    stdout.on('data', data => resolve(Number(data)));
    stdout.on('end', () => reject(new Error('the guard ended before it named the server')));
  });
  pid.catch(() => {}); // asked for by some callers only
  return {
    guard,
    pid,
    ended,
    frozen: pids => void stdin.write(`${pids.join(' ')}\n`),
    end: () => void stdin.end(),
  };
}
