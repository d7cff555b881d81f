import type { Fleet } from '../../fleet/fleet.ts';
import type { Health } from '../../model/entity.ts';
import { age, UNKNOWN } from '../../text/format.ts';
import type { Trends } from '../../trends/trends.ts';

export interface ColumnContext {
  fleet: Fleet;
  /** Milliseconds since 1970. */
  now: number;
  ascii: boolean;
  /** What was and will be of the numbers; none where no past is kept. */
  trends?: Trends | undefined;
  /** Nothing is heard of the row since `now`: what counts with time has at least this value. */
  atLeast?: boolean;
}

/** A column of a table: what it shows of a row, and by what it sorts. */
export interface Column<Row> {
  title: string;
  /** Columns on the screen; for the growing one the least that is useful. */
  width: number;
  /** Takes the room that is left. One in each table. */
  grows?: true;
  align?: 'right';
  /** 1 is always shown; on a narrow screen the greatest number goes first. */
  priority: number;
  text(row: Row, context: ColumnContext): string;
  /** By what the column sorts; unknown sorts last. Without it the text does. */
  value?(row: Row, context: ColumnContext): number | string | null;
  /** A picture: it has no order, and nothing to say in words. */
  picture?: true;
  /** What it sorts by rests on other nouns as well. */
  relates?: true;
  /** A tone for the cell, where the number itself is not well. */
  tone?(row: Row, context: ColumnContext): Health | null;
}

/** How long ago, and that it is at least so long where nothing newer is known. */
export function ageSince(at: number | null, { now, atLeast }: ColumnContext): string {
  return at === null ? UNKNOWN : `${atLeast ? '≥' : ''}${age(now - at)}`;
}

/** The columns that fit, each with its width; the growing one has what is left. */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  width: number,
): { column: Column<Row>; width: number }[] {
  const shown = [...columns];
  const needed = () => shown.reduce((sum, column) => sum + column.width + 1, -1);
  while (shown.length > 1 && needed() > width) {
    const last = shown.reduce((a, b) => (b.priority >= a.priority ? b : a));
    shown.splice(shown.indexOf(last), 1);
  }
  const spare = Math.max(0, width - needed());
  return shown.map(column => ({ column, width: Math.min(width, column.width + (column.grows ? spare : 0)) }));
}

/** The tone of a number that can run full: from 80 percent on it warns, from 95 on it is bad. */
export function fillTone(share: number | null): Health | null {
  if (share === null || share < 80) return null;
  return share >= 95 ? 'bad' : 'warn';
}
