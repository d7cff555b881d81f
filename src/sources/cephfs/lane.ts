import type { Run, RunOptions, RunResult } from '../runner.ts';
import { Hanging } from './read-error.ts';

/** A child whose end its runner cannot see is taken for hanging so long. */
const UNSEEN_MS = 60_000;

/**
 * A few children at once that all touch the same thing, and none while an older one hangs in it: what hangs in a mount
 * cannot be killed, so more of them would only pile up.
 */
export class Lane {
  /** Children started so far. */
  started = 0;
  readonly #run: Run;
  readonly #hanging = new Set<{ since: number }>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(run: Run, atOnce: number) {
    this.#run = run;
    this.#free = atOnce;
  }

  /** When the oldest child that hangs was started, in milliseconds since 1970; null when none does. */
  get hangingSince(): number | null {
    return this.#hanging.size === 0 ? null : Math.min(...[...this.#hanging].map(({ since }) => since));
  }

  /** As a Run, in turn. Rejects with Hanging when a child hangs by then. */
  readonly run: Run = async (argv, options) => {
    await this.#turn();
    try {
      options.signal?.throwIfAborted();
      if (this.hangingSince !== null) throw new Hanging();
      return await this.#start(argv, options);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  };

  async #start(argv: string[], options: RunOptions): Promise<RunResult> {
    this.started++;
    const child = { since: Date.now() };
    const result = await this.#run(argv, options);
    const letGo = result.gone ?? (result.timedOut ? later(UNSEEN_MS) : null);
    if (letGo) {
      this.#hanging.add(child);
      void letGo.finally(() => this.#hanging.delete(child));
    }
    return result;
  }

  async #turn(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>(go => this.#waiting.push(go));
  }
}

const later = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms).unref());
