/**
 * Quantities as people type them, in base units; null for what is none. Printing them is the views' and tables' task.
 */

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** Seconds of `90`, `90s`, `500ms`, `1h30m`, `2d`. */
export function parseDuration(text: string): number | null {
  const whole = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(whole)) return Number(whole);
  const milliseconds = /^(\d+(?:\.\d+)?)ms$/.exec(whole);
  if (milliseconds) return Number(milliseconds[1]) / 1000;
  if (!/^(\d+(\.\d+)?[smhdwy])+$/.test(whole)) return null;
  return [...whole.matchAll(/([\d.]+)([smhdwy])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (SECONDS[unit ?? ''] ?? 0),
    0,
  );
}

/** Bytes of `512`, `512Mi`, `1.5G`, `10GiB`, `10GB`. A lone letter means what it means to the platform: 1G is 1 GiB. */
export function parseBytes(text: string): number | null {
  const [, amount, prefix = '', suffix = ''] = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(ib?|b)?$/i.exec(text.trim()) ?? [];
  if (amount === undefined || (suffix.toLowerCase() === 'i' && !prefix)) return null;
  const power = ['', 'k', 'm', 'g', 't', 'p'].indexOf(prefix.toLowerCase());
  return Number(amount) * (suffix.toLowerCase() === 'b' ? 1000 : 1024) ** power;
}

/** Millicores of `500m`, `2`, `0.5`. */
export function parseMillicores(text: string): number | null {
  const [, amount, milli] = /^(\d+(?:\.\d+)?)(m?)$/i.exec(text.trim()) ?? [];
  return amount === undefined ? null : Number(amount) * (milli ? 1 : 1000);
}

/** 80 of `80%`. */
export function parsePercent(text: string): number | null {
  const [, amount] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  return amount === undefined ? null : Number(amount);
}
