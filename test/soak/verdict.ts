import type { SourceKind } from '../../src/sources/source.ts';
import type { Sample } from './messages.ts';

export interface Verdict {
  check: string;
  /** null: it holds. Else what is wrong, in lines. */
  wrong: string[] | null;
  /** The figures behind it. */
  told: string;
}

/** A tail may grow by so much, whatever its length, and by so much a minute. */
const HEAP = { once: 3e6, aMinute: 0.3e6 };
const RSS = { once: 25e6, aMinute: 1e6 };

/** Requests a source may send: at rest a minute, and more for each fault of its system, which makes it ask anew. */
export const BOUNDS: Readonly<Record<SourceKind, { aMinute: number; aFault: number }>> = {
  kubernetes: { aMinute: 45, aFault: 60 },
  swarm: { aMinute: 30, aFault: 30 },
  postgres: { aMinute: 130, aFault: 40 },
  mariadb: { aMinute: 40, aFault: 20 },
  cephfs: { aMinute: 80, aFault: 40 },
  http: { aMinute: 80, aFault: 0 },
  host: { aMinute: 60, aFault: 0 },
};

/** Of the later half of the samples: what a line through them says that memory grew by. */
export function memoryVerdict(samples: readonly Sample[]): Verdict {
  const check = 'memory has a flat tail';
  const tail = samples.slice(Math.floor(samples.length / 2));
  const last = tail.at(-1);
  const minutes = last && tail[0] ? (last.at - tail[0].at) / 60 : 0;
  if (!last || tail.length < 6) return { check, wrong: ['there are too few samples'], told: '' };
  const faults: string[] = [];
  const figures = (['heapBytes', 'rssBytes'] as const).map(key => {
    const { once, aMinute } = key === 'heapBytes' ? HEAP : RSS;
    const grown = slope(tail.map(each => [each.at / 60, each[key]])) * minutes;
    const allowed = once + aMinute * minutes;
    const name = key === 'heapBytes' ? 'heap after collection' : 'RSS';
    const text = `${name} ${mb(last[key])} MB at the end, ${grown < 0 ? '' : '+'}${mb(grown)} MB over the last ${minutes.toFixed(1)} minutes (at most ${mb(allowed)})`;
    if (grown > allowed) faults.push(text);
    return text;
  });
  return { check, wrong: faults.length > 0 ? faults : null, told: figures.join('; ') };
}

/** `kinds`: of the sources by name; `faults`: how many each has seen. */
export function requestsVerdict(
  sample: Sample | undefined,
  kinds: Readonly<Record<string, SourceKind>>,
  faults: Readonly<Record<string, number>>,
): Verdict {
  const check = 'requests stay within their bounds';
  if (!sample) return { check, wrong: ['there is no sample'], told: '' };
  const minutes = sample.at / 60;
  const all = Object.entries(kinds).map(([name, kind]) => {
    const { aMinute, aFault } = BOUNDS[kind];
    const allowed = Math.ceil(aMinute * (minutes + 1) + aFault * (faults[name] ?? 0));
    const sent = sample.requests[name] ?? 0;
    return { over: sent > allowed, text: `${name} ${sent} of ${allowed}` };
  });
  const over = all.filter(each => each.over).map(({ text }) => text);
  return { check, wrong: over.length > 0 ? over : null, told: all.map(({ text }) => text).join(', ') };
}

/** Least squares: how much y grows with one x. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const x = mean(points.map(each => each[0]));
  const y = mean(points.map(each => each[1]));
  const over = points.reduce((sum, each) => sum + (each[0] - x) * (each[1] - y), 0);
  const under = points.reduce((sum, each) => sum + (each[0] - x) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
