import type { LogQuery } from '../sources/logs.ts';
import { counted } from '../text/format.ts';
import { parseDuration } from '../text/quantity.ts';

/** How far back a log is read before it is followed. */
export type LogReach = Pick<LogQuery, 'tail' | 'sinceSeconds'>;

/** `10m`, `2h`: what was written since; `1000 lines`, `1000`: so many of each container; `all`. Null: none of these. */
export function reachOf(text: string): LogReach | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'all') return { tail: null, sinceSeconds: null };
  const [, lines] = /^(\d{1,7})(?:\s*l(?:ines?)?)?$/.exec(wanted) ?? [];
  if (lines !== undefined) return { tail: Number(lines), sinceSeconds: null };
  const sinceSeconds = parseDuration(wanted);
  return sinceSeconds === null || sinceSeconds <= 0 ? null : { tail: null, sinceSeconds };
}

/** `the last 500 lines`, `since 14:02`, or all: for the title of a log. */
export function reachWords({ tail, sinceSeconds }: LogReach, since: string): string {
  if (sinceSeconds !== null) return `since ${since}`;
  return tail === null ? 'all' : `last ${counted(tail, 'line')}`;
}
