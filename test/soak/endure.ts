import { setTimeout as sleep } from 'node:timers/promises';
import type { Hand } from './bed.ts';
import type { Observer } from './observer.ts';
import type { Step } from './plan.ts';

export interface Endured {
  /** What could not be done: faults that did not take effect, or were not mended. */
  failures: string[];
  /** Faults by source. */
  faults: Record<string, number>;
}

/** How long is waited for a source to be live again, after its fault is over, before the line is printed. */
const RETURN_MS = 60_000;
const MOST_SHOWN = 3;

/**
 * Lets the plan happen, each part's faults one after the other, and says of each what the program showed. When the signal
 * aborts, what is broken is mended and nothing else begins.
 */
export async function endure(
  plan: readonly Step[],
  {
    hands,
    observer,
    say,
    signal,
  }: {
    hands: Record<string, Hand>;
    observer: Observer;
    say(line: string): void;
    signal: AbortSignal;
  },
): Promise<Endured> {
  const start = performance.now();
  const endured: Endured = { failures: [], faults: {} };
  const parts = Map.groupBy(plan, ({ part }) => part);

  async function suffer(step: Step): Promise<void> {
    const { part, what, does, back, seconds, sources } = step;
    await pause(step.at * 1000 - (performance.now() - start), signal);
    if (signal.aborted) return;
    const begun = performance.now();
    const failed = (doing: string) => (error: Error) => {
      const failure = `${clock(begun - start)} ${part}: ${what}: ${doing}: ${error.message}`;
      endured.failures.push(failure);
      say(`FAILED ${failure}`);
    };
    for (const name of sources) endured.faults[name] = (endured.faults[name] ?? 0) + 1;
    await hands[part]?.(does.split(' ')).catch(failed(does));
    await pause(seconds * 1000, signal);
    if (back) await hands[part]?.(back.split(' ')).catch(failed(back));
    const mended = performance.now();
    if (signal.aborted) return;
    const live = await returned(sources);
    const stay = `${Math.round((mended - begun) / 1000)} s`;
    const asleep = part !== 'program' && observer.sleptSince(mended) ? ' (the program was stopped meanwhile)' : '';
    const after = live === null ? `NOT live after ${RETURN_MS / 1000} s` : `live ${(live / 1000).toFixed(1)} s after`;
    say(`${clock(begun - start)} ${part}: ${what}, ${stay}; ${after}${asleep}${seen(sources, begun)}`);
  }

  /** Milliseconds until each has given a proof of life; null: not in time. */
  async function returned(sources: readonly string[]): Promise<number | null> {
    const [since, now] = [Date.now(), performance.now()];
    while (!signal.aborted && performance.now() - now < RETURN_MS) {
      if ((await observer.away(sources, since)).length === 0) return performance.now() - now;
      await pause(200, signal);
    }
    return null;
  }

  function seen(sources: readonly string[], since: number): string {
    const told = observer.told.filter(({ at, source }) => at >= since && sources.includes(source));
    if (told.length === 0) return '; nothing seen';
    const shown = told
      .slice(0, MOST_SHOWN)
      .map(each => `\n      +${seconds(each.at - since)} ${each.source} ${each.text}`);
    return `; seen:${shown.join('')}${told.length > MOST_SHOWN ? `\n      and ${told.length - MOST_SHOWN} more` : ''}`;
  }

  await Promise.all(
    [...parts.values()].map(async steps => {
      for (const step of steps) await suffer(step);
    }),
  );
  return endured;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => {});
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** "03:20" */
function clock(ms: number): string {
  const whole = Math.round(ms / 1000);
  return [Math.floor(whole / 60), whole % 60].map(each => String(each).padStart(2, '0')).join(':');
}
