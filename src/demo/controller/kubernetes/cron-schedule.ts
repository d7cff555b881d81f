const LIMITS = [
  { low: 0, high: 59 }, // minute
  { low: 0, high: 23 }, // hour
  { low: 1, high: 31 }, // day of the month
  { low: 1, high: 12 }, // month
  { low: 0, high: 6 }, // day of the week
];

/**
 * The first moment after `from` (milliseconds since 1970) that a schedule of five fields names, in UTC; null when there
 * is none within a year or it cannot be read. Fields: `*`, numbers, ranges, lists and steps.
 */
export function nextRun(schedule: string, from: number): number | null {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== LIMITS.length) return null;
  const sets = fields.map((field, index) => allowed(field, LIMITS[index] as (typeof LIMITS)[number]));
  const [minutes, hours, days, months, weekdays] = sets;
  if (!minutes || !hours || !days || !months || !weekdays) return null;
  const date = new Date(Math.floor(from / 60_000) * 60_000 + 60_000);
  const end = from + 366 * 86_400_000;
  while (date.getTime() <= end) {
    const onDay = days.has(date.getUTCDate());
    const onWeekday = weekdays.has(date.getUTCDay());
    // As cron has it: when both days are given, either will do.
    const isDay = fields[2] === '*' || fields[4] === '*' ? onDay && onWeekday : onDay || onWeekday;
    if (!months.has(date.getUTCMonth() + 1) || !isDay) date.setUTCHours(24, 0, 0, 0);
    else if (!hours.has(date.getUTCHours())) date.setUTCHours(date.getUTCHours() + 1, 0, 0, 0);
    else if (!minutes.has(date.getUTCMinutes())) date.setUTCMinutes(date.getUTCMinutes() + 1);
    else return date.getTime();
  }
  return null;
}

function allowed(field: string, { low, high }: { low: number; high: number }): Set<number> | null {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step = '1'] = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (!range || Number(step) < 1) return null;
    const [first, last] = range === '*' ? [low, high] : range.split('-').map(Number);
    const end = last ?? (part.includes('/') ? high : (first as number));
    for (let value = first as number; value <= Math.min(end, high); value += Number(step)) values.add(value);
  }
  return values.size ? values : null;
}
