import type { Health, Kind, Noun } from '../model/entity.ts';
import { byHealth } from '../model/health/verdict.ts';
import { compareWords } from '../text/compare-words.ts';
import type { Column, ColumnContext } from './columns/column.ts';
import { TABLES } from './columns/tables.ts';
import type { PaneState } from './pane.ts';

/** By what a row stands where it stands, read when it changed: the noun itself may have moved on since. */
export interface Place {
  id: string;
  name: string;
  key: string | number | null;
}

export interface RowOrder {
  keyOf(noun: Noun, context: ColumnContext): Place['key'];
  compare(a: Place, b: Place): number;
  /** Keys rest on other nouns as well. */
  relates: boolean;
}

/** The order of a pane: by its column, or else what is bad, then what warns, then the rest; in each by name. */
export function rowOrder(listed: Kind, sort: PaneState['sort']): RowOrder {
  const columns: readonly Column<Noun>[] = TABLES[listed] as readonly Column<Noun>[];
  const column = sort ? columns.find(({ title }) => title === sort.title) : undefined;
  if (!column || !sort) return { keyOf: noun => gradeOf(noun), compare: byKey(compareGrades), relates: false };
  const direction = sort.reversed ? -1 : 1;
  return {
    keyOf: (noun, context) => known(column.value ? column.value(noun, context) : column.text(noun, context)),
    compare: byKey((a, b) => compareValues(a, b, direction)),
    relates: column.relates ?? false,
  };
}

/** What is bad, then what warns, then the rest; each by name, so that well rows do not jump. */
export function byHealthThenName(a: Noun, b: Noun): number {
  return byHealth(gradeOf(a), gradeOf(b)) || compareNames(a, b);
}

/** Health as far as it moves a row. */
function gradeOf({ health }: Noun): Health {
  return health === 'bad' || health === 'warn' ? health : 'ok';
}

/** The id last: an order in which no two rows are equal. */
function byKey(compare: (a: Place['key'], b: Place['key']) => number): RowOrder['compare'] {
  return (a, b) => compare(a.key, b.key) || compareNames(a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

const compareNames = (a: { name: string }, b: { name: string }) => compareWords(a.name, b.name);
const compareGrades = (a: Place['key'], b: Place['key']) => byHealth(a as Health, b as Health);

/** Numbers the greatest first, words from A; unknown last, whichever way round. */
function compareValues(a: Place['key'], b: Place['key'], direction: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return (b - a) * direction;
  return compareWords(String(a), String(b)) * direction;
}

/** 0 of 0 is no number that anything could be compared with. */
const known = (key: Place['key']) => (Number.isNaN(key) ? null : key);
