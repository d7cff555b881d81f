import type { Backup } from '../model/entity.ts';
import { isBeingWritten } from '../model/health/data.ts';

/** How many backups are kept: of so many days, weeks (from Monday) and months, the newest whole one each. */
export interface Retention {
  daily: number;
  weekly: number;
  monthly: number;
}

const DAY_MS = 86_400_000;

/** In UTC, as the names of backups have it. 1 January 1970 was a Thursday. */
const PERIODS: Record<keyof Retention, (at: number) => number> = {
  daily: at => Math.floor(at / DAY_MS),
  weekly: at => Math.floor((at / DAY_MS + 3) / 7),
  monthly: at => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth(),
};

const isWhole = ({ databaseBytes, dataBytes }: Backup): boolean => Boolean(databaseBytes && dataBytes);

/**
 * Those of one database that no rule keeps, the oldest first. Days without a backup count for nothing. The newest whole
 * one is always kept, and so is what is being written, what is said to come from the future, and a broken one as long
 * as no whole one is newer.
 *
 * @param now milliseconds since 1970
 */
export function beyond(backups: readonly Backup[], rule: Retention, now: number): Backup[] {
  const ended = backups.filter(one => one.takenAt <= now && !isBeingWritten(one, now));
  const whole = ended.filter(isWhole).sort((a, b) => b.takenAt - a.takenAt);
  const [newest] = whole;
  if (!newest) return [];
  const kept = new Set([newest]);
  for (const [name, periodOf] of Object.entries(PERIODS)) {
    const newestOfEach = [...Map.groupBy(whole, ({ takenAt }) => periodOf(takenAt)).values()].flatMap(
      ([first]) => first ?? [],
    );
    for (const one of newestOfEach.slice(0, rule[name as keyof Retention])) kept.add(one);
  }
  return ended
    .filter(one => !kept.has(one) && (isWhole(one) || one.takenAt < newest.takenAt))
    .sort((a, b) => a.takenAt - b.takenAt);
}
