import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Run, RunOptions, RunResult } from './runner.ts';

/** More than any reading command has to say; a child that says more is ended. */
export const MOST_BYTES = 16 * 1024 * 1024;
/** What then stands at the end of its stderr. */
export const TOO_MUCH = `\nmore than ${MOST_BYTES} bytes of output: ended`;
/** How long output may come after the exit: a child's child may hold the pipe open for ever. */
const DRAIN_MS = 200;

/**
 * Runs a command on this machine. The child is its own process group, so that the deadline ends a wrapper such as sudo
 * together with what it started. Rejects with the system's own error (ENOENT: no such command).
 */
export const runLocal: Run = (argv, options) => runChild(argv, options);

/**
 * A child that is waited for until its deadline and not a moment longer: what hangs in the kernel (a read of a CephFS
 * whose metadata server is dead) survives SIGKILL and would keep `exec`'s callback for ever.
 *
 * @param patienceMs from the deadline to the kill. With patience, `gone` tells of a child that ends by itself.
 */
export function runChild(argv: string[], options: RunOptions, { patienceMs = 0 } = {}): Promise<RunResult> {
  const { deadlineMs, signal } = options;
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const child = spawn(program, args, { ...localOptions(), stdio: ['ignore', 'pipe', 'pipe'] });
    const gone = new Promise<void>(settle => child.once('exit', () => settle()));
    let room = MOST_BYTES;
    const collect = (stream: Readable) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        room -= chunk.length;
        if (room < 0) return endGroup(child);
        chunks.push(chunk);
      });
      stream.on('error', () => {});
      return () => Buffer.concat(chunks).toString();
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);

    const finish = (result: Pick<RunResult, 'code' | 'timedOut' | 'gone'>) => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve({ ...result, stdout: stdout(), stderr: stderr() + (room < 0 ? TOO_MUCH : '') });
    };
    const abort = () => {
      endGroup(child);
      finish({ code: null, timedOut: false, gone });
    };
    const deadline = setTimeout(() => {
      if (patienceMs === 0) endGroup(child);
      else endLater(child, patienceMs, gone);
      finish({ code: null, timedOut: true, gone });
    }, deadlineMs);

    signal?.addEventListener('abort', abort, { once: true });
    child.once('exit', code => {
      clearTimeout(deadline);
      const ended = () => finish({ code: room < 0 ? null : code, timedOut: false });
      // Timers come before what is to be read: after a hold-up all may lie in the pipe still.
      const drain = setTimeout(() => setImmediate(ended), DRAIN_MS);
      child.once('close', () => {
        clearTimeout(drain);
        ended();
      });
    });
    child.on('error', error => {
      // After the start an error can only be a kill that was not permitted (sudo); the deadline stands anyway.
      if (child.pid !== undefined) return;
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
      reject(error);
    });
  });
}

/** How a child of ours that reads is started, whatever it is. */
export function localOptions() {
  return {
    // Never our own folder: it may stand on the file system that hangs.
    cwd: '/',
    // A process group of its own, which is ended as one; and no signal of the terminal reaches it.
    detached: true,
    env: { ...process.env, LC_ALL: 'C' },
  } satisfies SpawnOptions;
}

function endLater(child: ChildProcess, patienceMs: number, gone: Promise<void>): void {
  const last = setTimeout(() => endGroup(child), patienceMs).unref();
  void gone.then(() => clearTimeout(last));
}

/** Kills a child that was started detached, and all that it started, as far as that is ours to end. */
export function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already, or not ours to end.
  }
}
