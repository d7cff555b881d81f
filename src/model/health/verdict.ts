import type { Health } from '../entity.ts';

/** What is thought of a noun, and the one line that says why. */
export interface Verdict {
  health: Health;
  reason: string | null;
  /** What else is not well about it, worst first. */
  others?: Verdict[];
}

export const OK: Verdict = { health: 'ok', reason: null };
export const bad = (reason: string): Verdict => ({ health: 'bad', reason });
export const warn = (reason: string): Verdict => ({ health: 'warn', reason });
export const busy = (reason: string): Verdict => ({ health: 'busy', reason });
export const off = (reason: string): Verdict => ({ health: 'off', reason });
export const unknown = (reason: string): Verdict => ({ health: 'unknown', reason });

/** Worst first: the order in which an operator wants to hear of things. */
const ORDER: Record<Health, number> = { bad: 0, warn: 1, unknown: 2, busy: 3, off: 4, ok: 5 };

/** Negative when `a` is worse than `b`. */
export const byHealth = (a: Health, b: Health): number => ORDER[a] - ORDER[b];
export const rank = (health: Health): number => ORDER[health];

/** The worst of them, with what else is not well beside it; of what is equally bad, the first. */
export function worst(verdicts: Verdict[]): Verdict {
  const [first = OK, ...others] = verdicts
    .filter(({ health }) => health !== 'ok')
    .sort((a, b) => byHealth(a.health, b.health));
  return others.length === 0 ? first : { ...first, others };
}

/** The line for a noun's row: its worst reason, and how many more there are. */
export function reasonOf({ reason, others = [] }: Verdict): string | null {
  return reason === null || others.length === 0 ? reason : `${reason} (+${others.length} more)`;
}

/** Part of a whole in percent, or null when either is not known or the whole is 0. */
export function percent(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : (part / whole) * 100;
}

/** Warns or worse when a number that can run full is over its thresholds. */
export function fullness(
  what: string,
  used: number | null,
  whole: number | null,
  warnAt: number,
  badAt: number,
): Verdict {
  const share = percent(used, whole);
  if (share === null || share < warnAt) return OK;
  const verdict = share >= badAt ? bad : warn;
  return verdict(`${what} at ${Math.floor(share)} %`);
}
