import type { Filter } from '../filter/filter.ts';
import type { Health, Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';

/** A line of a list. Notes say why the row above is not well; the cursor passes over them. */
export type Line =
  | { type: 'noun'; id: string; noun: Noun; depth: 0 | 1 }
  | { type: 'event'; id: string; event: FeedEvent }
  | { type: 'note'; id: string; text: string; health: Health; depth: 0 | 1 };

/** What a pane lists, in order, to be read a window at a time. */
export interface List {
  /** Lines that there are. */
  readonly height: number;
  /** Rows that are shown, and all that there are: what a filter or the namespace hides is the difference. */
  readonly shown: number;
  readonly all: number;
  readonly filterError: string | null;
  /** The lines from one up to another, that one not included; where the list ends, so do they. */
  slice(from: number, to: number): Line[];
  /** The line on which the row of that id stands; -1 when it is not shown. */
  lineOf(id: string): number;
  /** How many rows begin before a line. A replica under its workload is none. */
  rowsBefore(line: number): number;
  /** Which row is worst. */
  worst(): Noun | undefined;
}

/** The feed, the newest first. */
export function eventList(events: readonly FeedEvent[], { test, error }: Filter): List {
  const shown = events.filter(test).reverse();
  const lineOf = (event: FeedEvent): Line => ({ type: 'event', id: event.id, event });
  return {
    height: shown.length,
    shown: shown.length,
    all: events.length,
    filterError: error,
    slice: (from, to) => shown.slice(from, to).map(lineOf),
    lineOf: id => shown.findIndex(event => event.id === id),
    rowsBefore: line => line,
    worst: () => undefined,
  };
}

/** The line of the row that is so many rows on, notes not counted; where there are fewer, of the last one. -1: none. */
export function rowFrom(list: List, line: number, by: number): number {
  if (by === Number.NEGATIVE_INFINITY) return rowFrom(list, -1, 1);
  if (by === Number.POSITIVE_INFINITY) return rowFrom(list, list.height, -1);
  const step = Math.sign(by);
  let found = line;
  let left = Math.abs(by);
  for (let at = line + step; left > 0 && at >= 0 && at < list.height; at += step) {
    if (list.slice(at, at + 1)[0]?.type === 'note') continue;
    found = at;
    left--;
  }
  return found;
}
