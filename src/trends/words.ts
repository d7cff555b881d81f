import { DAY_MS, MINUTE_MS } from '../model/series.ts';
import type { Full, NoTrend, Outlook } from './forecast.ts';
import type { Measure } from './metrics.ts';

const HOUR_MS = 60 * MINUTE_MS;
/** Until then so long a time is told in that unit. */
const UNITS = [
  { until: 2 * HOUR_MS, ms: MINUTE_MS, word: 'min' },
  { until: 2 * DAY_MS, ms: HOUR_MS, word: 'h' },
  { until: Number.POSITIVE_INFINITY, ms: DAY_MS, word: 'd' },
] as const;

/** `full in 74 d ±9`, `full in about 40 min`, `full`. */
export function fullWords({ inMs, lowMs, highMs }: Full): string {
  if (inMs === 0) return 'full';
  const { ms, word } = UNITS.find(({ until }) => inMs < until) ?? UNITS[2];
  const off = Math.round((highMs - lowMs) / 2 / ms);
  const least = Math.max(1, Math.round(inMs / ms));
  return word === 'd' ? `full in ${least} d${off > 0 ? ` ±${off}` : ''}` : `full in about ${least} ${word}`;
}

const NONE: Record<NoTrend, string> = {
  short: 'not enough history for a forecast',
  steady: 'no trend that is more than chance',
  fell: 'no forecast: it has fallen, and not come back yet to where it fell from',
};

/** `grows by 12G a day (10G to 14G): full in 74 d ±9`, or why nothing can be said. */
export function outlookWords(
  { trend, full }: Outlook,
  { text, limit }: Pick<Measure<never>, 'text'> & { limit: number | null },
): string {
  if (typeof trend === 'string') return NONE[trend];
  const { rate, low, high, spanMs } = trend;
  const [verb, least, most] = rate > 0 ? ['grows', low, high] : ['shrinks', -high, -low];
  const [ms, word] = spanMs < DAY_MS ? [HOUR_MS, 'an hour'] : [DAY_MS, 'a day'];
  const moves = `${verb} by ${text(Math.abs(rate) * ms)} ${word} (${text(least * ms)} to ${text(most * ms)})`;
  if (full) return `${moves}: ${fullWords(full)}`;
  return rate > 0 && limit !== null ? `${moves}: not full within what the past can tell` : moves;
}
