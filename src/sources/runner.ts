import type { Permit } from './permit.ts';

export interface RunResult {
  /** null when it was let go of at its deadline, or ended by a signal. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** The deadline passed: what was read until then is in stdout. */
  timedOut: boolean;
  /**
   * Only when the child was let go of: settles when it has really ended, which in the kernel's state D may be never.
   * Left out by runners that cannot see it.
   */
  gone?: Promise<void>;
}

export interface RunOptions {
  /** Milliseconds after which the child is killed and, when it cannot be killed, let go of. */
  deadlineMs: number;
  signal?: AbortSignal;
}

/**
 * Runs a fixed, reading argument list somewhere: on this machine, by ssh, in a pod, in a container. Never through a
 * shell of ours. Resolves at the deadline at the latest, even when the child hangs in the kernel; rejects only when the
 * command could not be started.
 */
export type Run = (argv: string[], options: RunOptions) => Promise<RunResult>;

/** The same for a list that changes something. Throws when the action that the permit was issued for has ended. */
export type Change = (permit: Permit, argv: string[], options: RunOptions) => Promise<RunResult>;

/** A way to change something where reading commands can be run as well. */
export function permitted(run: Run): Change {
  return async (permit, argv, options) => {
    permit.check();
    return run(argv, options);
  };
}
