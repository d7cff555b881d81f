import { constants } from 'node:os';
import { printable } from '../model/printable.ts';
import { maskText } from '../model/secrets.ts';
import { canBeContinued, isForeground } from './job-control.ts';
import type { Stage } from './stage.ts';

/** The part of `process` that the guard needs. */
export interface ProcessLike {
  on(event: string, listener: (argument: unknown) => void): unknown;
  off(event: string, listener: (argument: unknown) => void): unknown;
  exit(code: number): void;
  kill(pid: number, signal: NodeJS.Signals): unknown;
}

export interface GuardOptions {
  stage: Pick<Stage, 'close' | 'suspend' | 'resume'>;
  /** The terminal's input; its raw mode goes and comes with the screen. */
  stdin: { readonly isTTY?: boolean; readonly isRaw?: boolean; setRawMode?(raw: boolean): unknown };
  /** For the log file. */
  log(line: string): void;
  /** A signal wants the program to end; the terminal is restored already. Default: it exits. */
  end?(code: number): void;
  stderr?: { write(text: string): unknown };
  process?: ProcessLike;
  /** Whether a shell would continue us, and whether it has the terminal already. */
  jobs?: { canBeContinued(): boolean; isForeground(): boolean };
}

export interface TerminalGuard {
  /**
   * Ctrl-Z: gives the terminal back and stops the whole process group, until the shell continues it. False, and nothing
   * done, where nobody could do that.
   */
  suspend(): boolean;
  /** Somebody else has the terminal: what stops and continues the program leaves the screen alone, until `takeBack`. */
  lend(): void;
  takeBack(): void;
  /** Ends the program for a fault of its own: the terminal is restored first, then the fault is told. */
  fail(error: unknown): void;
  /** Lets go of all handlers; the screen is somebody else's to close. */
  close(): void;
}

/** Signals that would end the program without a word; it exits with 128 and their number, as shells tell it. */
const ENDING: NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR2', 'SIGALRM', 'SIGXCPU'];
const FAULT = 70;
/** How long the orderly end may take. */
const PATIENCE_MS = 5_000;
const LINES_TOLD = 12;

/** Sees to it that the terminal is left as it was found, however the program ends or stops. */
export function guardTerminal(options: GuardOptions): TerminalGuard {
  const { stage, stdin, log, stderr = process.stderr } = options;
  const program: ProcessLike = options.process ?? process;
  const jobs = options.jobs ?? { canBeContinued, isForeground };
  const end = options.end ?? (code => program.exit(code));
  let ending = false;
  let suspended = false;
  let lent = false;
  /** Raw mode is to come back with the screen. */
  let wasRaw = false;

  const setRaw = (raw: boolean) => {
    try {
      if (stdin.isTTY) stdin.setRawMode?.(raw);
    } catch (error) {
      log(`raw mode ${raw ? 'on' : 'off'}: ${(error as Error).message}`);
    }
  };
  const restore = () => {
    stage.close();
    setRaw(false);
  };
  const signalled = (code: number) => {
    restore();
    if (ending) return program.exit(code);
    ending = true;
    setTimeout(() => program.exit(code), PATIENCE_MS).unref();
    end(code);
  };
  const failed = (error: unknown) => {
    restore();
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log(`fault: ${text}`);
    const lines = text
      .split('\n')
      .slice(0, LINES_TOLD)
      .map(line => printable(maskText(line)));
    stderr.write(`quarterdeck: a fault of its own ended it\n${lines.join('\n')}\n`);
    program.exit(FAULT);
  };
  const suspend = () => {
    if (suspended) return true;
    if (!jobs.canBeContinued()) {
      log('not suspended: no shell with job control is there to continue it');
      return false;
    }
    suspended = true;
    wasRaw = stdin.isRaw ?? false;
    stage.suspend();
    // A launcher that stopped first has brought the shell back: then its terminal modes are not ours to set, and the
    // try would stop us half-way.
    if (jobs.isForeground()) setRaw(false);
    // everybody in the group: the launcher waits for us and must stop too, or the shell would not come back
    program.kill(0, 'SIGSTOP');
    return true;
  };
  const continued = () => {
    // Raw mode first: in the background this stops us again, before anything is drawn over the shell. It is set anew
    // because the shell may have changed what Node believes to be set.
    if (wasRaw || stdin.isRaw) {
      setRaw(false);
      setRaw(true);
    }
    suspended = false;
    wasRaw = false;
    if (!lent) stage.resume();
  };

  const handlers: [event: string, handler: (argument: unknown) => void][] = [
    ...ENDING.map((signal): [string, () => void] => [
      signal,
      () => {
        // A key that is meant for the program that has the terminal, which is not raw then.
        if (lent && !stdin.isRaw && (signal === 'SIGINT' || signal === 'SIGQUIT')) return;
        signalled(128 + constants.signals[signal]);
      },
    ]),
    ['SIGTSTP', suspend],
    ['SIGCONT', continued],
    ['uncaughtException', failed],
    ['unhandledRejection', failed],
    ['exit', restore],
  ];
  for (const [event, handler] of handlers) program.on(event, handler);
  return {
    suspend,
    lend() {
      lent = true;
    },
    takeBack() {
      lent = false;
    },
    fail: failed,
    close() {
      for (const [event, handler] of handlers) program.off(event, handler);
    },
  };
}
