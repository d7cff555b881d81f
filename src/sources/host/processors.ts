import { cpus } from 'node:os';

/** Time of all processors since the machine started, in milliseconds. */
export interface Spent {
  cores: number;
  busy: number;
  whole: number;
}

/**
 * Counted without a child: systeminformation's `currentLoad` runs a shell for it on Linux (seen with 5.33) and blocks the
 * screen until that ends.
 */
export function processorTime(): Spent {
  const times = cpus().map(cpu => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const whole = times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.irq + time.idle, 0);
  return { cores: times.length, busy: whole - idle, whole };
}

/** What was used between two counts, in millicores; null when no time has passed or a processor came or went. */
export function usedBetween(before: Spent, after: Spent): number | null {
  const whole = after.whole - before.whole;
  if (whole <= 0 || before.cores !== after.cores) return null;
  return Math.round(((after.busy - before.busy) / whole) * after.cores * 1000);
}
