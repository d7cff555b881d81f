/** Numbers and times as an operator reads them: short, of a fixed kind of width, unknown as `–`. */

export const UNKNOWN = '–';

/** `<1m`, `4m`, `3h`, `6d`, `1y`: the largest unit alone, so that it changes no more often than that unit does. */
export function age(milliseconds: number | null): string {
  if (milliseconds === null) return UNKNOWN;
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return '<1m';
  if (minutes < 60) return `${minutes}m`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)}h`;
  const days = Math.floor(minutes / 1440);
  return days < 365 ? `${days}d` : `${Math.floor(days / 365)}y`;
}

/** Seconds while they matter: `8s`, `2m`, `3h`. For what is stale. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return seconds < 120 ? `${seconds}s` : age(milliseconds);
}

/** Binary units as `df -h` and the platform's own limits use them: `310M`, `9.8G`, `118G`, `1.9T`. */
export function bytes(count: number | null): string {
  if (count === null) return UNKNOWN;
  let value = count;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && Math.abs(value) < 9.95 ? value.toFixed(1) : Math.round(value).toString();
  return `${digits}${UNITS[unit]}`;
}
const UNITS = ['B', 'K', 'M', 'G', 'T', 'P', 'E'];

/** `140m`, `1.2`, `16`: cores, in thousandths below one. */
export function cores(millicores: number | null): string {
  if (millicores === null) return UNKNOWN;
  if (millicores < 1000) return `${Math.round(millicores)}m`;
  const value = millicores / 1000;
  return value < 9.95 ? value.toFixed(1) : Math.round(value).toString();
}

export function percentText(share: number | null): string {
  return share === null ? UNKNOWN : `${Math.floor(share)} %`;
}

export function count(value: number | null): string {
  return value === null ? UNKNOWN : String(value);
}

export function duration(milliseconds: number | null): string {
  if (milliseconds === null) return UNKNOWN;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `14:03:19`, local time. */
export function clockTime(at: number, seconds = true): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), ...(seconds ? [date.getSeconds()] : [])];
  return parts.map(part => String(part).padStart(2, '0')).join(':');
}

/** `Mon 23 Nov 14:03:19`. */
export function dateTime(at: number): string {
  const date = new Date(at);
  const day = date.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');
  return `${day} ${clockTime(at)}`;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of exactly `width` columns, filled to `share` percent (clamped to 0–100). */
export function bar(share: number, width: number, ascii = false): string {
  const filled = (Math.min(100, Math.max(0, share)) / 100) * width;
  const whole = Math.floor(filled);
  if (ascii) return '#'.repeat(Math.round(filled)).padEnd(width, '.');
  const rest = EIGHTHS[Math.floor((filled - whole) * 8)]!;
  return `${'█'.repeat(whole)}${rest}`.padEnd(width, '·');
}

const LEVELS = '▁▂▃▄▅▆▇█';
const ASCII_LEVELS = '_.-=+*#@';

/** Part of the greatest value that the whole height of a sparkline stands for at least. */
const LEAST_SPAN = 0.2;

/**
 * The last `width` values as a line of levels from their least up; less than a fifth of the greatest is never drawn as
 * a cliff. Where no value was taken yet, on the left, it is blank; and wholly so while nothing moved that a
 * level could show, since a flat line that grows would be written to an idle screen with each sample.
 */
export function sparkline(values: readonly number[], width: number, ascii = false): string {
  const levels = ascii ? ASCII_LEVELS : LEVELS;
  const shown = values.slice(-width);
  const least = Math.min(...shown);
  const greatest = Math.max(...shown);
  const span = Math.max(greatest - least, Math.abs(greatest) * LEAST_SPAN) || 1;
  const cells = shown.map(value => levels[Math.round(((value - least) / span) * (levels.length - 1))]);
  return (new Set(cells).size > 1 ? cells.join('') : '').padStart(width);
}

/** `1 pod`, `2 pods`, `2 directories`. */
export function counted(value: number, noun: string, many = `${noun}s`): string {
  return `${value} ${value === 1 ? noun : many}`;
}
