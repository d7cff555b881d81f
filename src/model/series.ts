/** The numbers of which a past is kept; `src/trends/metrics.ts` says which noun has which. */
export type Metric = 'connections' | 'cpu' | 'disk' | 'instances' | 'latency' | 'memory' | 'restarts' | 'size' | 'used';

/** One number of one noun: its past is a series. */
export interface SeriesKey {
  /** Id of the noun. */
  id: string;
  metric: Metric;
}

/** A number as it was read just now, in the unit of its metric. */
export interface Sample extends SeriesKey {
  value: number;
}

/** What is known of a number from `at` (milliseconds since 1970) on, for as long as the step of its series. */
export interface Point {
  at: number;
  mean: number;
  min: number;
  max: number;
  /** Minutes in which it was read. */
  count: number;
}

export interface Series {
  /** Milliseconds from one point to the next, where none is missing. A gap is a gap: nothing was read then. */
  stepMs: number;
  /** Oldest first. */
  points: Point[];
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** How finely the past is kept, and how much of it: so many points of each step, whenever they were taken. */
export const STEPS = [
  { stepMs: MINUTE_MS, kept: 1_440 },
  { stepMs: 5 * MINUTE_MS, kept: 8_640 },
  { stepMs: DAY_MS, kept: 730 },
] as const;

/** So many series are kept at most, so that what is kept has a greatest size. */
export const MOST_SERIES = 1_000;

export type StepMs = (typeof STEPS)[number]['stepMs'];

/** The finest step that is kept for so long a time. */
export function stepFor(milliseconds: number): StepMs {
  return (STEPS.find(({ stepMs, kept }) => stepMs * kept >= milliseconds) ?? STEPS[2]).stepMs;
}

/** The past of the platform's main numbers. */
export interface Samples {
  /** Keeps numbers that were read at that time, of each the first in a minute. Returns at once and never throws. */
  add(at: number, samples: readonly Sample[]): void;
  /**
   * What is kept from one time to another, in the given step or the finest that is kept for so long. Rejects with a
   * TroubleError when it cannot be read.
   */
  series(key: SeriesKey, from: number, to: number, stepMs?: StepMs): Promise<Series>;
  /** Resolves when what was added is written. */
  close(): Promise<void>;
}
