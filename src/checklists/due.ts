import type { Period } from './checklist.ts';
import { isAtWork, type RunRecord } from './records.ts';

export interface Standing {
  /** `due`: not finished in this day, week or month; `overdue`: in the one before neither, though it ever was. */
  state: 'done' | 'due' | 'overdue';
  /** The last one that was finished. */
  last: RunRecord | null;
  /** Begun in this period, and not finished. */
  open: RunRecord | null;
  /** Somebody works on the open one now. */
  atWork: boolean;
  /** So many days, weeks or months in a row it was finished, the present one only if it is. */
  streak: number;
}

/** When the day, the week (from Monday) or the month of a moment began, in local time. Milliseconds since 1970. */
export function periodStart(period: Period, at: number): number {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  if (period === 'weekly') day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  if (period === 'monthly') day.setDate(1);
  return day.getTime();
}

const periodBefore = (period: Period, start: number): number => periodStart(period, start - 1);

export function standing(period: Period, runs: readonly RunRecord[], now: number): Standing {
  const own = runs.filter(({ checklist }) => checklist === period);
  const ended = own.filter(({ end }) => end !== null);
  const done = new Set(ended.map(({ begunAt }) => periodStart(period, begunAt)));
  const current = periodStart(period, now);
  const before = periodBefore(period, current);
  const isDone = done.has(current);
  const open = own.findLast(({ end, begunAt }) => end === null && begunAt >= current) ?? null;
  let streak = 0;
  for (let start = isDone ? current : before; done.has(start); start = periodBefore(period, start)) streak++;
  const isLate = !isDone && !done.has(before) && ended.length > 0;
  return {
    state: isDone ? 'done' : isLate ? 'overdue' : 'due',
    last: ended.at(-1) ?? null,
    open,
    atWork: open !== null && isAtWork(open, now),
    streak,
  };
}
