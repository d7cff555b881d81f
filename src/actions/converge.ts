import { setTimeout as sleep } from 'node:timers/promises';
import { NotDone, why } from './attempt.ts';
import type { Plan } from './verb.ts';

interface Watch {
  /** Seconds that it took the last times. */
  usual: readonly number[];
  /** What keeps it from being there, as far as is seen; null: nothing is. */
  evidence(): string | null;
  tell(words: string): void;
  now(): number;
  /** When the action began: its steps may have taken their time before this watch. Milliseconds since 1970. */
  since: number;
  signal: AbortSignal;
  limitMs?: number | undefined;
  everyMs?: number | undefined;
}

const LIMIT_MS = 10 * 60_000;
const EVERY_MS = 1_000;
/** So many times longer than usual is overdue. */
const OVERDUE = 3;

/**
 * Asks the system how far it has come until it is there. Returns its last words; throws a NotDone when it says that it
 * will not come to be, when it takes too long, or when nobody watches any more.
 */
export async function converge(
  { standing, steadyMs = 0 }: Pick<Plan, 'standing' | 'steadyMs'>,
  { usual, evidence, tell, now, since, signal, limitMs = LIMIT_MS, everyMs = EVERY_MS }: Watch,
): Promise<string> {
  const begun = now();
  const longest = Math.max(0, ...usual);
  let doneSince: number | null = null;
  let last = 'nothing was heard of it yet';
  const because = (told: string) => {
    const reason = evidence();
    return reason === null || told.includes(reason) ? told : `${told}; ${reason}`;
  };
  for (;;) {
    try {
      const { state, words } = await standing(signal);
      last = words;
      if (state === 'failed') throw new NotDone('failed', words);
      if (state === 'done') doneSince ??= now();
      else doneSince = null;
      const seconds = Math.round((now() - since) / 1000);
      if (doneSince !== null && now() - doneSince >= steadyMs) return `${words} in ${seconds} s`;
      const isOverdue = longest > 0 && seconds > OVERDUE * longest;
      tell(isOverdue ? because(`${words}, ${seconds} s, overdue (usually ${range(usual)})`) : `${words}, ${seconds} s`);
    } catch (error) {
      if (error instanceof NotDone) throw error;
      doneSince = null;
      if (!signal.aborted) last = `it cannot be asked: ${why(error)}`;
      tell(last);
    }
    if (signal.aborted) throw new NotDone('unknown', `not watched to its end: ${last}`);
    if (now() - begun > limitMs) {
      throw new NotDone('unknown', because(`not there after ${Math.round(limitMs / 60_000)} min: ${last}`));
    }
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** "9 to 14 s" */
export function range(seconds: readonly number[]): string {
  const least = Math.round(Math.min(...seconds));
  const most = Math.round(Math.max(...seconds));
  return least === most ? `${most} s` : `${least} to ${most} s`;
}
