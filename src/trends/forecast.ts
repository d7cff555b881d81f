import { DAY_MS, type Point } from '../model/series.ts';

/** How a number moves, seen over a time. Rates are in its unit a millisecond. */
export interface Trend {
  rate: number;
  /** Between these the rate is in 19 of 20 cases; they have the same sign. */
  low: number;
  high: number;
  /** How far single values lie from the line: nine of ten within it. */
  spread: number;
  /** How long a past it rests on, in milliseconds. */
  spanMs: number;
}

/** Why there is no trend: too little is known; nothing moves for certain; what grew has fallen and may do so again. */
export type NoTrend = 'short' | 'steady' | 'fell';

/** When something will be full, in milliseconds from now. */
export interface Full {
  inMs: number;
  lowMs: number;
  highMs: number;
}

export interface Outlook {
  trend: Trend | NoTrend;
  /** null: it does not grow, has no limit, or it is so far away that the past says nothing about it. */
  full: Full | null;
}

/** Fewer points than this say nothing. */
export const LEAST_POINTS = 8;
/** The slope between every two of so many is looked at; more points are put together before. */
const MOST_POINTS = 100;
/** A past says something about a future of so many times its length. */
const REACH = 4;
/** 19 of 20, of a normal distribution. */
const CONFIDENT = 1.96;
/** A leap is so many times what is usual between two points, and such a part of all that the values range over. */
const LEAP_TIMES = 8;
const LEAP_PART = 0.25;

/**
 * The trend of points, oldest first: the median of the slopes between every two (Theil and Sen), which neither outliers
 * nor gaps move. Its band is that of Kendall's rank correlation, made wider where what lies beside the line goes
 * together: a cycle is then no growth.
 */
export function trendOf(points: readonly Point[]): Trend | NoTrend {
  if (points.length < LEAST_POINTS) return 'short';
  const parts = betweenLeaps(thinned(points, MOST_POINTS));
  if (parts === 'fell') return 'fell';
  const known = parts.flat();
  if (known.length < LEAST_POINTS) return 'short';
  const slopes = Float64Array.from(parts.flatMap(slopesOf)).sort();
  const rate = quantile(slopes, 0.5);
  const residues = parts.flatMap(part => residuesOf(part, rate));
  const reach = CONFIDENT * Math.sqrt(parts.reduce((sum, { length }) => sum + rankVariance(length), 0));
  const part = Math.min(1, (reach * together(residues)) / slopes.length) / 2;
  const [low, high] = [quantile(slopes, 0.5 - part), quantile(slopes, 0.5 + part)];
  if (rate === 0 || low * high <= 0) return 'steady';
  const spread = quantile(residues.map(Math.abs).sort(ascending), 0.9);
  return { rate, low, high, spread, spanMs: known.at(-1)!.at - known[0]!.at };
}

/** @param value what it is now, in the unit of the points; `limit` is where it is full, null for nowhere */
export function outlookOf(points: readonly Point[], value: number | null, limit: number | null): Outlook {
  const trend = trendOf(points);
  if (typeof trend === 'string' || trend.rate <= 0 || value === null || limit === null) return { trend, full: null };
  const room = Math.max(0, limit - value);
  const inMs = room / trend.rate;
  if (inMs > trend.spanMs * REACH) return { trend, full: null };
  const lowMs = Math.max(0, room - trend.spread) / trend.high;
  return { trend, full: { inMs, lowMs, highMs: (room + trend.spread) / trend.low } };
}

/** The slopes between every two points. */
function slopesOf(points: readonly Point[]): number[] {
  return points.flatMap((from, index) => points.slice(index + 1).map(to => (to.mean - from.mean) / (to.at - from.at)));
}

/** How far each point lies above the line of that slope through their middle. */
function residuesOf(points: readonly Point[], rate: number): number[] {
  const residues = points.map(({ at, mean }) => mean - rate * (at - points[0]!.at));
  const middle = medianOf(residues);
  return residues.map(residue => residue - middle);
}

/** Of Kendall's sum over the pairs of so many values without a trend. */
const rankVariance = (n: number): number => (n * (n - 1) * (2 * n + 5)) / 18;

/** How much wider a band has to be because neighbours go together (lag 1): values that repeat each other say less. */
function together(residues: readonly number[]): number {
  const mean = residues.reduce((sum, value) => sum + value, 0) / residues.length;
  let [product, square] = [0, 0];
  for (const [index, value] of residues.entries()) {
    square += (value - mean) ** 2;
    if (index > 0) product += (value - mean) * (residues[index - 1]! - mean);
  }
  const correlation = square === 0 ? 0 : Math.min(0.99, Math.max(0, product / square));
  return Math.sqrt((1 + correlation) / (1 - correlation));
}

/**
 * One leap up is no growth: only points on the same side of it are compared. After one leap down, what came before
 * counts no more as soon as the values have passed the place they fell from; until then they may fall again. More leaps
 * than one are the manner in which this number moves.
 */
function betweenLeaps(points: readonly Point[]): (readonly Point[])[] | 'fell' {
  const means = points.map(({ mean }) => mean);
  const smooth = means.map((_, index) => medianOf(means.slice(Math.max(0, index - 1), index + 2)));
  const steps = smooth.slice(1).map((value, index) => value - smooth[index]!);
  const times = steps.map((_, index) => points[index + 1]!.at - points[index]!.at);
  const usual = medianOf(steps.map((step, index) => step / times[index]!));
  const excess = steps.map((step, index) => step - usual * times[index]!);
  const noise = 1.4826 * medianOf(excess.map(Math.abs));
  const sorted = smooth.toSorted(ascending);
  const range = quantile(sorted, 0.95) - quantile(sorted, 0.05);
  const isLeap = (step: number) => Math.abs(step) > Math.max(LEAP_TIMES * noise, LEAP_PART * range);
  const leaps = excess.flatMap((step, index) => (isLeap(step) ? [index + 1] : []));
  // The mean of a time in which it leapt lies between both levels: two steps, one leap.
  const [first, last] = [leaps[0], leaps.at(-1)];
  if (first === undefined || last === undefined || last - first > 1) return [points];
  const since = points.slice(last);
  const before = smooth[first - 1]!;
  if (smooth[last]! > before) return [points.slice(0, first), since];
  return Math.max(...since.map(({ mean }) => mean)) > before ? [since] : 'fell';
}

/** At most so many points, each the mean of those of an equal part of the time; a part without any has none. */
export function thinned(points: readonly Point[], most: number): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length <= most) return [...points];
  const width = (last.at - first.at + 1) / most;
  const parts = Map.groupBy(points, ({ at }) => Math.floor((at - first.at) / width));
  return [...parts.values()].map(merged);
}

/** Points as one, in the middle of them. There is at least one. */
export function merged(points: readonly Point[]): Point {
  const count = points.reduce((sum, point) => sum + point.count, 0);
  const weighted = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point) * point.count, 0) / count;
  return {
    at: weighted(({ at }) => at),
    mean: weighted(({ mean }) => mean),
    min: Math.min(...points.map(({ min }) => min)),
    max: Math.max(...points.map(({ max }) => max)),
    count,
  };
}

const ascending = (a: number, b: number): number => a - b;
const medianOf = (values: readonly number[]): number => quantile(values.toSorted(ascending), 0.5);

/** Of values in ascending order. */
function quantile(sorted: ArrayLike<number>, part: number): number {
  const place = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return below + (above - below) * (place - Math.floor(place));
}

/** Rates as people say them. */
export const perDay = (rate: number): number => rate * DAY_MS;
