import { DAY_MS, type Metric, MINUTE_MS, type Point, type Samples, type SeriesKey, stepFor } from '../model/series.ts';

/** The embedded platform is as old as this. */
const AGE_MS = 45 * DAY_MS;
/** In these days before its start nobody had the screen open from two to eight in the morning. */
const UNWATCHED_DAYS = [4, 11];

/**
 * The samples of the embedded platform with a past from before its start, which it does not have: made up from what it
 * is now, the same each time, so that charts show what they would show of a platform that has been watched for weeks.
 *
 * @param startedAt milliseconds since 1970
 */
export function withPast(samples: Samples, startedAt: number): Samples {
  return {
    add: (at, values) => samples.add(at, values),
    async series(key, from, to, stepMs = stepFor(to - from)) {
      const { points } = await samples.series(key, from, to, stepMs);
      const { points: begun } = await samples.series(key, startedAt, startedAt + DAY_MS, MINUTE_MS);
      const [first] = begun;
      if (!first) return { stepMs, points };
      const end = Math.min(to, first.at - 1);
      const past = pastOf(key, first.mean, { from: Math.max(from, startedAt - AGE_MS), to: end, stepMs, startedAt });
      // What began before its start goes on after it: one day, not two.
      return { stepMs, points: [...past.filter(({ at }) => at !== points[0]?.at), ...points] };
    },
    close: () => samples.close(),
  };
}

interface Span {
  from: number;
  to: number;
  stepMs: number;
  startedAt: number;
}

function pastOf(key: SeriesKey, now: number, { from, to, stepMs, startedAt }: Span): Point[] {
  const character = hash(`${key.metric} ${key.id}`);
  const points: Point[] = [];
  for (let at = Math.ceil(from / stepMs) * stepMs; at <= to; at += stepMs) {
    if (stepMs < DAY_MS && isUnwatched(at, startedAt)) continue;
    const part = shapeOf(key.metric, character, startedAt - at, at) / shapeOf(key.metric, character, 0, startedAt);
    const mean = WHOLE.includes(key.metric) ? Math.round(now * part) : now * part;
    const swing = mean * (stepMs === MINUTE_MS ? 0 : (SWING[key.metric] ?? 0));
    points.push({ at, mean, min: mean - swing, max: mean + swing, count: stepMs / MINUTE_MS });
  }
  return points;
}

const WHOLE: readonly Metric[] = ['connections', 'instances', 'restarts'];
const SWING: Partial<Record<Metric, number>> = { cpu: 0.15, latency: 0.3, memory: 0.02 };

/** What a number was so long before the start, as a part of something. */
function shapeOf(metric: Metric, character: number, agoMs: number, at: number): number {
  const days = agoMs / DAY_MS;
  const noise = hash(`${character} ${Math.floor(at / (5 * MINUTE_MS))}`) - 0.5;
  const day = Math.sin(2 * Math.PI * (at / DAY_MS - 0.3));
  switch (metric) {
    case 'cpu':
    case 'connections':
      return 1 + 0.3 * day + 0.12 * noise;
    case 'latency':
      return 1 + 0.1 * day + 0.4 * noise;
    case 'memory':
      return 1 - 0.002 * character * days + 0.03 * day + 0.02 * noise;
    case 'restarts':
      return Math.max(0, 1 - 0.1 * Math.floor(days / (4 + 6 * character)));
    case 'instances':
      return Math.max(0.2, 1 - 0.008 * days);
    case 'disk':
    case 'size':
    case 'used':
      // Each third grows quickly, slowly and not at all.
      return Math.max(0.1, 1 - [0.012, 0.003, 0][Math.floor(character * 3)]! * days + 0.02 * noise);
  }
}

function isUnwatched(at: number, startedAt: number): boolean {
  const days = (startedAt - at) / DAY_MS;
  const hour = (at % DAY_MS) / (DAY_MS / 24);
  return UNWATCHED_DAYS.includes(Math.floor(days)) && hour >= 2 && hour < 8;
}

/** From 0 up to 1, the same for the same text (FNV-1a). */
function hash(text: string): number {
  let state = 2_166_136_261;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 16_777_619);
  state = Math.imul(state ^ (state >>> 15), 2_246_822_507);
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
}
