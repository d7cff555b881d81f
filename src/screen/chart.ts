import { MINUTE_MS, type Point } from '../model/series.ts';
import { clockTime } from '../text/format.ts';
import { merged, type Trend } from '../trends/forecast.ts';

/** What a chart shows: a number over a time, how it will go on, and where it ends. Times are milliseconds since 1970. */
export interface Drawing {
  points: readonly Point[];
  stepMs: number;
  from: number;
  now: number;
  /** After `now` when something is forecast. */
  to: number;
  /** What is forecast, from its last value on; null: nothing. */
  trend: Trend | null;
  limit: number | null;
  text(value: number): string;
}

export interface ChartSize {
  columns: number;
  rows: number;
  ascii: boolean;
}

/** Less than this part of the greatest value is never drawn as a cliff. */
const LEAST_SPAN = 0.2;
/** A limit is drawn when it is at most so many times the greatest value. */
const LIMIT_IN_SIGHT = 1.5;
/** Rows of the axis and its labels. */
const AXIS_ROWS = 2;

/**
 * Lines of exactly so many rows: the past as a line that has gaps where nothing was read, the forecast dashed between the
 * dots of its band, the limit across. Braille, of which each character has 2 × 4 dots, or ASCII.
 */
export function chart(drawing: Drawing, { columns, rows, ascii }: ChartSize): string[] {
  const { from, to, now, limit, text } = drawing;
  const height = Math.max(1, rows - AXIS_ROWS);
  const scale = scaleOf(drawing);
  const names = namesOf(scale, height, text);
  const margin = Math.max(...names.map(name => name.length));
  const width = Math.max(1, columns - margin - 1);
  const canvas = new Canvas(width, height, ascii);
  const place = (at: number, value: number): Dot => ({
    x: ((at - from) / (to - from)) * (canvas.dotsX - 1),
    y: ((scale.high - value) / (scale.high - scale.low)) * (canvas.dotsY - 1),
  });
  if (limit !== null) canvas.across(place(from, limit).y);
  if (to > now) canvas.down(place(now, 0).x);
  drawPast(canvas, drawing, place);
  drawForecast(canvas, drawing, place);
  const body = canvas.lines().map((line, row) => {
    const name = names[row] ?? '';
    return `${name.padStart(margin)}${ascii ? '|' : name ? '┤' : '│'}${line}`;
  });
  return [...body, ...axis(drawing, { margin, width, ascii })];
}

interface Dot {
  x: number;
  y: number;
}
type Place = (at: number, value: number) => Dot;

interface Scale {
  low: number;
  high: number;
}

function scaleOf({ points, trend, limit, now, to }: Drawing): Scale {
  const values = points.map(({ mean }) => mean);
  const last = values.at(-1);
  if (trend && last !== undefined) values.push(Math.max(0, last + trend.rate * (to - now)));
  const greatest = Math.max(0, ...values);
  const high = limit !== null && limit > greatest && limit <= greatest * LIMIT_IN_SIGHT ? limit : greatest;
  const least = Math.min(high, ...values);
  const low = least < high / 2 ? 0 : Math.min(least, high * (1 - LEAST_SPAN));
  return { low, high: high > low ? high : low + 1 };
}

/** The values beside the rows: at both ends, and between them where there is room. */
function namesOf({ low, high }: Scale, height: number, text: (value: number) => string): string[] {
  const every = Math.max(2, Math.ceil(height / 5));
  return Array.from({ length: height }, (_, row) => {
    const isNamed = row === height - 1 || (row % every === 0 && row < height - 2);
    return isNamed ? `${text(high - (row / Math.max(1, height - 1)) * (high - low))} ` : '';
  });
}

function drawPast(canvas: Canvas, { points, stepMs, from, to }: Drawing, place: Place): void {
  const dotMs = (to - from) / canvas.dotsX;
  const columns = Map.groupBy(points, ({ at }) => Math.floor((at - from) / dotMs));
  let before: Point | null = null;
  for (const column of columns.values()) {
    const point = merged(column);
    const isNext = before !== null && point.at - before.at <= 1.5 * Math.max(stepMs, dotMs);
    const from = isNext && before ? before : point;
    canvas.line(place(from.at, from.mean), place(point.at, point.mean), 'past');
    before = point;
  }
}

function drawForecast(canvas: Canvas, { points, trend, now, to }: Drawing, place: Place): void {
  const last = points.at(-1);
  if (!trend || !last || to <= now) return;
  const begin = last.mean;
  const end = (rate: number, off: number) => place(to, begin + rate * (to - now) + off);
  const least = trend.rate > 0 ? trend.low : trend.high;
  const most = trend.rate > 0 ? trend.high : trend.low;
  canvas.line(place(now, begin - trend.spread), end(least, -trend.spread), 'band');
  canvas.line(place(now, begin + trend.spread), end(most, trend.spread), 'band');
  canvas.line(place(now, begin), end(trend.rate, 0), 'forecast');
}

type Stroke = 'past' | 'forecast' | 'band';

/** Of so many dots along a line these are set. */
const DASHES: Record<Stroke, readonly boolean[]> = {
  past: [true],
  forecast: [true, true, true, false, false],
  band: [true, false, false, false],
};
const ASCII_STROKES: Record<Stroke, string> = { past: '*', forecast: '-', band: '.' };
/** The bits of the dots of a braille character, by row and column. */
const BRAILLE = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Characters that are drawn on by dots. */
class Canvas {
  readonly dotsX: number;
  readonly dotsY: number;
  readonly #ascii: boolean;
  readonly #bits: number[][];
  readonly #characters: string[][];

  constructor(width: number, height: number, ascii: boolean) {
    this.#ascii = ascii;
    this.dotsX = ascii ? width : width * 2;
    this.dotsY = ascii ? height : height * 4;
    this.#bits = Array.from({ length: height }, () => Array<number>(width).fill(0));
    this.#characters = Array.from({ length: height }, () => Array<string>(width).fill(' '));
  }

  /** A line under everything else. */
  across(y: number): void {
    const row = this.#characters[Math.floor(Math.round(y) / (this.#ascii ? 1 : 4))];
    row?.fill(this.#ascii ? '=' : '┄');
  }

  down(x: number): void {
    const column = Math.floor(Math.round(x) / (this.#ascii ? 1 : 2));
    for (const row of this.#characters) if (column < row.length) row[column] = this.#ascii ? ':' : '┊';
  }

  line(from: Dot, to: Dot, stroke: Stroke): void {
    const length = Math.max(1, Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))));
    const dashes = DASHES[stroke];
    for (let at = 0; at <= length; at++) {
      if (!dashes[at % dashes.length]) continue;
      const part = at / length;
      this.#dot(Math.round(from.x + (to.x - from.x) * part), Math.round(from.y + (to.y - from.y) * part), stroke);
    }
  }

  lines(): string[] {
    return this.#characters.map((row, y) =>
      row
        .map((character, x) => {
          const bits = this.#bits[y]?.[x] ?? 0;
          return bits === 0 ? character : String.fromCodePoint(0x2800 + bits);
        })
        .join(''),
    );
  }

  #dot(x: number, y: number, stroke: Stroke): void {
    if (x < 0 || y < 0 || x >= this.dotsX || y >= this.dotsY) return;
    if (this.#ascii) this.#characters[y]![x] = ASCII_STROKES[stroke];
    else this.#bits[y >> 2]![x >> 1]! |= BRAILLE[y & 3]![x & 1]!;
  }
}

const HOUR_MS = 60 * MINUTE_MS;
/** From one name on the time axis to the next, in hours. */
const TICK_HOURS = [1, 2, 3, 4, 6, 12, 24, 48, 120, 240];
/** Columns for a name and the room to the next. */
const TICK_ROOM = 10;
const NOW = 'now';

/** The time axis and the names under it, local time. */
function axis(
  { from, to, now }: Drawing,
  { margin, width, ascii }: { margin: number; width: number; ascii: boolean },
): string[] {
  const column = (at: number) => Math.min(width - 1, Math.round(((at - from) / (to - from)) * (width - 1)));
  const line = Array<string>(width).fill(ascii ? '-' : '─');
  const names = Array<string>(width + margin + 1).fill(' ');
  const taken: [first: number, end: number][] = [];
  const put = (name: string, at: number) => {
    const middle = column(at) + margin + 1;
    const first = Math.max(0, Math.min(names.length - name.length, middle - Math.floor(name.length / 2)));
    if (taken.some(([begin, end]) => first < end + 1 && begin < first + name.length + 1)) return;
    taken.push([first, first + name.length]);
    for (const [index, letter] of [...name].entries()) names[first + index] = letter;
    line[column(at)] = ascii ? '+' : '┬';
  };
  put(NOW, now);
  for (const { at, name } of ticks(from, to, width)) put(name, at);
  return [`${' '.repeat(margin)}${ascii ? '+' : '└'}${line.join('')}`, names.join('').trimEnd()];
}

function ticks(from: number, to: number, width: number): { at: number; name: string }[] {
  const hours = TICK_HOURS.find(hours => ((hours * HOUR_MS) / (to - from)) * width >= TICK_ROOM) ?? 480;
  const found: { at: number; name: string }[] = [];
  const date = new Date(from);
  date.setHours(0, 0, 0, 0);
  while (date.getTime() <= to) {
    const at = date.getTime();
    if (at >= from) found.push({ at, name: date.getHours() === 0 ? dayName(date) : clockTime(at, false) });
    date.setHours(date.getHours() + hours);
  }
  return found;
}

const dayName = (date: Date): string => date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
