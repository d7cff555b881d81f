import { isDeepStrictEqual } from 'node:util';
import type { Fleet } from '../fleet/fleet.ts';
import { Signal } from '../fleet/signal.ts';
import type { Noun } from '../model/entity.ts';
import { DAY_MS, MINUTE_MS, type Point, type Samples, type Series, type SeriesKey } from '../model/series.ts';
import { LEAST_POINTS, type Outlook, outlookOf } from './forecast.ts';
import { MEASURED_KINDS, type Measure, measuresOf } from './metrics.ts';
import { samplesOf } from './sampler.ts';

export interface TrendsOptions {
  fleet: Fleet;
  /** null before the store is open. */
  samples(): Samples | null;
}

/** A sample is taken so often: of each number the first in a minute is kept, wherever in it that comes. */
const SAMPLE_MS = MINUTE_MS / 3;
/** The first is taken when most sources have answered, so that a screen just opened tells soon what is filling up. */
const FIRST_SAMPLE_MS = 3000;
/** What moves within days is looked at so often. */
const LOOK_AGAIN_MS = 10 * MINUTE_MS;
/** From how long a past the outlook is told: days where there are enough, else five minutes; and for connections. */
const DAYS_MS = 60 * DAY_MS;
const FIRST_DAYS_MS = LEAST_POINTS * DAY_MS;
const SOON_PAST_MS = 90 * MINUTE_MS;
const WEEK = 7;

/**
 * What becomes of the platform's numbers: samples them into the store, and keeps at hand for the screen how those will
 * go on that can run full. Nobody waits for it; without a store it knows nothing.
 */
export class Trends {
  readonly #fleet: Fleet;
  readonly #samples: TrendsOptions['samples'];
  readonly #outlooks = new Map<string, { outlook: Outlook; week: readonly number[]; lookedAt: number }>();
  readonly #signal = new Signal();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #sampled = false;

  constructor({ fleet, samples }: TrendsOptions) {
    this.#fleet = fleet;
    this.#samples = samples;
  }

  /** Samples from now on, until `stop`. */
  begin(): void {
    this.#next(FIRST_SAMPLE_MS);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#signal.stop();
  }

  /** Tells a listener when an outlook or a week is another than before. Returns what ends that. */
  subscribe = (listener: () => void): (() => void) => this.#signal.subscribe(listener);

  #next(inMs: number): void {
    this.#timer = setTimeout(() => {
      this.#next(SAMPLE_MS);
      void this.step();
    }, inMs).unref();
  }

  /** Takes one sample; nothing before the store is open. */
  sample(): void {
    const samples = this.#samples();
    const taken = samples ? samplesOf(this.#fleet) : [];
    if (taken.length === 0) return;
    samples?.add(this.#fleet.now(), taken);
    this.#sampled = true;
  }

  /** Takes one sample, and looks at what has not been looked at for a while. Resolves when that is done. */
  async step(): Promise<void> {
    this.sample();
    const samples = this.#samples();
    if (!samples || this.#looking) return;
    this.#looking = true;
    // What cannot be read is told by the store; there is no outlook then.
    await this.#look(samples).catch(() => {});
    this.#looking = false;
  }

  /** How a number will go on, as far as that was looked at. */
  outlook(key: SeriesKey): Outlook | undefined {
    return this.#outlooks.get(nameOf(key))?.outlook;
  }

  /** How a number will go on, looked at now; null before the store is open. Rejects when that cannot be read. */
  async ahead(noun: Noun, measure: Measure): Promise<Outlook | null> {
    // Somebody asks before the first sample is due.
    if (!this.#sampled) this.sample();
    const samples = this.#samples();
    return samples && (await lookAhead(samples, noun, measure, this.#fleet.now())).outlook;
  }

  /** Its means of the last days, oldest first, seven at most, as far as that was looked at. */
  week(key: SeriesKey): readonly number[] {
    return this.#outlooks.get(nameOf(key))?.week ?? [];
  }

  /** As `Samples.series`; nothing before the store is open. */
  async series(key: SeriesKey, from: number, to: number): Promise<Series | null> {
    return (await this.#samples()?.series(key, from, to)) ?? null;
  }

  async #look(samples: Samples): Promise<void> {
    const shown = [...this.#shown()];
    for (const { key, noun, measure } of shown) {
      const now = this.#fleet.now();
      const before = this.#outlooks.get(key);
      const isDue = !before || measure.metric === 'connections' || Math.abs(now - before.lookedAt) >= LOOK_AGAIN_MS;
      if (!isDue) continue;
      const { outlook, days } = await lookAhead(samples, noun, measure, now);
      const week = days.slice(-WEEK).map(({ mean }) => mean);
      this.#outlooks.set(key, { outlook, week, lookedAt: now });
      if (!isDeepStrictEqual(before && [before.outlook, before.week], [outlook, week])) this.#signal.changed();
    }
    const there = new Set(shown.map(({ key }) => key));
    for (const key of this.#outlooks.keys()) if (!there.has(key)) this.#outlooks.delete(key);
  }

  /** What the screen tells the outlook of. */
  *#shown(): Iterable<{ key: string; noun: Noun; measure: Measure }> {
    for (const kind of MEASURED_KINDS) {
      for (const noun of this.#fleet.all(kind).values()) {
        for (const measure of measuresOf(noun)) {
          if (measure.fills) yield { key: nameOf({ id: noun.id, metric: measure.metric }), noun, measure };
        }
      }
    }
  }
}

const nameOf = ({ id, metric }: SeriesKey): string => `${metric} ${id}`;

/** How a number will go on, from what is kept of it, and its days. */
export async function lookAhead(
  samples: Samples,
  noun: Noun,
  measure: Measure,
  now: number,
): Promise<{ outlook: Outlook; days: Point[] }> {
  const key = { id: noun.id, metric: measure.metric };
  const [value, limit] = [measure.value(noun), measure.limit(noun)];
  const { points: days } = await samples.series(key, now - DAYS_MS, now, DAY_MS);
  if (measure.metric === 'connections') {
    const { points } = await samples.series(key, now - SOON_PAST_MS, now, MINUTE_MS);
    const soon = outlookOf(points, value, limit);
    if (soon.full) return { outlook: soon, days };
  }
  const points =
    days.length >= LEAST_POINTS ? days : (await samples.series(key, now - FIRST_DAYS_MS, now, 5 * MINUTE_MS)).points;
  return { outlook: outlookOf(points, value, limit), days };
}
