import type { Fleet } from '../fleet/fleet.ts';
import type { Noun } from '../model/entity.ts';
import { percent } from '../model/health/verdict.ts';
import { printable } from '../model/printable.ts';
import { DAY_MS, type Series } from '../model/series.ts';
import { age, dateTime, percentText } from '../text/format.ts';
import { merged, type Outlook, outlookOf } from '../trends/forecast.ts';
import { type Measure, measuresOf } from '../trends/metrics.ts';
import type { Trends } from '../trends/trends.ts';
import { outlookWords } from '../trends/words.ts';
import { chart } from './chart.ts';
import type { Doc } from './doc.ts';
import { type DocLine, GAP, wrapped } from './document.ts';

export type Range = 'day' | 'week' | 'month';

const RANGES: Record<Range, number> = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };
/** What is forecast takes such a part of what is past. */
const FORECAST_PART = 1 / 3;
/** A chart is read again so often while it is open, and sooner while there is nothing. */
const AGAIN_MS = 60_000;
const EMPTY_AGAIN_MS = 5_000;
const LEAST_ROWS = 6;

export interface ChartOptions {
  fleet: Fleet;
  trends: Trends;
  ascii: boolean;
  /** Columns and rows that it has at most. */
  room(): { columns: number; rows: number };
  /** It is embedded: what was before its start is made up. */
  madeUp: boolean;
  /** Called when what was read is there. */
  changed(): void;
}

/** The past of a noun's number over a day, a week or a month, and its forecast. */
export class Chart implements Doc {
  readonly about: string;
  line = 0;
  top = 0;
  readonly #options: ChartOptions;
  readonly #name: string;
  #measures: readonly Measure[];
  #range: Range = 'day';
  #place = 0;
  #read: { series: Series; outlook: Outlook; now: number } | null = null;
  #trouble: string | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking = 0;

  constructor(noun: Noun, options: ChartOptions) {
    this.about = noun.id;
    this.#name = noun.name;
    this.#measures = measuresOf(noun);
    this.#options = options;
    this.#ask();
  }

  get title(): string {
    const others = this.#measures.length > 1 ? ` (${this.#place + 1} of ${this.#measures.length})` : '';
    return `${this.#name}: ${this.#measure?.title ?? ''}${others} · ${this.#range}`;
  }

  show(range: Range): void {
    this.#range = range;
    this.#ask();
  }

  /** Another number of the same noun. */
  next(): void {
    this.#place = (this.#place + 1) % this.#measures.length;
    this.#ask();
  }

  lines(): DocLine[] {
    const isEmpty = !this.#read || this.#read.series.points.length === 0;
    const wait = isEmpty ? EMPTY_AGAIN_MS : AGAIN_MS;
    if (Math.abs(this.#options.fleet.now() - this.#askedAt) >= wait) this.#ask();
    if (this.#trouble !== null) return [{ text: this.#trouble, tone: 'bad' }];
    if (!this.#read) return [{ text: 'reading …', tone: 'dim' }];
    if (this.#read.series.points.length === 0) return [{ text: this.#empty(), tone: 'unknown' }];
    const [summary, forecast, kept] = this.#words();
    const head: DocLine[] = [
      { text: summary ?? '' },
      { text: forecast ?? '', tone: this.#read.outlook.full ? 'warn' : 'dim' },
      { text: kept ?? '', tone: 'dim' },
      GAP,
    ];
    const { columns, rows } = this.#options.room();
    const above = wrapped(head, columns);
    return [...above, ...this.#drawn(columns, Math.max(LEAST_ROWS, rows - above.length))];
  }

  get #measure(): Measure | undefined {
    return this.#measures[this.#place];
  }

  get #noun(): Noun | undefined {
    return this.#options.fleet.find(this.about);
  }

  #ask(): void {
    const { trends, fleet, changed } = this.#options;
    const measure = this.#measure;
    if (!measure) return;
    const now = fleet.now();
    this.#askedAt = now;
    const asking = ++this.#asking;
    trends
      .series({ id: this.about, metric: measure.metric }, now - RANGES[this.#range], now)
      .then(series => {
        if (asking !== this.#asking) return;
        this.#trouble = series ? null : 'nothing is kept yet: the store is being opened';
        const noun = this.#noun;
        const [value, limit] = noun ? [measure.value(noun), measure.limit(noun)] : [null, null];
        this.#read = series && { series, outlook: outlookOf(series.points, value, measure.fills ? limit : null), now };
      })
      .catch((error: unknown) => {
        if (asking === this.#asking) this.#trouble = printable(error instanceof Error ? error.message : String(error));
      })
      .finally(changed);
  }

  #empty(): string {
    return `nothing is kept of this ${this.#range}: numbers are sampled each minute while this program watches, and only while their source is live`;
  }

  /** What it is now and was, how it goes on, and how much of the time is known. */
  #words(): string[] {
    const [read, measure, noun] = [this.#read, this.#measure, this.#noun];
    if (!read || !measure) return [];
    const { points, stepMs } = read.series;
    const { mean, min, max } = merged(points);
    const value = noun ? measure.value(noun) : null;
    const limit = noun ? measure.limit(noun) : null;
    const now = value === null ? 'unknown' : measure.text(value);
    const share = limit === null ? '' : ` of ${measure.text(limit)} (${percentText(percent(value, limit))})`;
    const least = `least ${measure.text(min)}   mean ${measure.text(mean)}   greatest ${measure.text(max)}`;
    const known = Math.min(100, (100 * points.length * stepMs) / RANGES[this.#range]);
    const since = `kept since ${dateTime(points[0]!.at)} (${age(read.now - points[0]!.at)}), ${percentText(known)} of the ${this.#range}`;
    return [
      `now ${now}${share}   ${least}`,
      outlookWords(read.outlook, { text: measure.text, limit: measure.fills ? limit : null }),
      this.#options.madeUp ? `${since}; demo: what was before its start is made up` : since,
    ];
  }

  #drawn(columns: number, rows: number): DocLine[] {
    const [read, measure, noun] = [this.#read, this.#measure, this.#noun];
    if (!read || !measure) return [];
    const { series, outlook, now } = read;
    const trend = typeof outlook.trend === 'string' ? null : outlook.trend;
    const span = RANGES[this.#range];
    const drawing = {
      ...series,
      from: now - span,
      now,
      to: trend ? now + span * FORECAST_PART : now,
      trend,
      limit: noun ? measure.limit(noun) : null,
      text: measure.text,
    };
    return chart(drawing, { columns, rows, ascii: this.#options.ascii }).map(text => ({ text }));
  }
}
