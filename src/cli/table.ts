import type { Kind, Noun } from '../model/entity.ts';
import { type Column, type ColumnContext, fitColumns } from '../screen/columns/column.ts';
import { TABLES } from '../screen/columns/tables.ts';
import { fit, textWidth, wrap } from '../stage/width.ts';
import { mark } from '../text/look.ts';
import type { Style } from './style.ts';

/** Nouns of one kind as a table: a mark, the columns of the screen, and under a row that is not well the reason. */
export function tableLines(kind: Kind, nouns: readonly Noun[], context: ColumnContext, style: Style): string[] {
  const columns = sized(kind, nouns, context, style.columns === null ? null : style.columns - MARK);
  const head = columns.map(({ column, width }) => fit(column.title, width, { align: column.align })).join(' ');
  return [
    style.paint('title', `${' '.repeat(MARK)}${head}`.trimEnd()),
    ...nouns.flatMap(noun => {
      const cells = columns.map(({ column, width }) => {
        const cell = fit(column.text(noun, context), width, { align: column.align });
        return style.paint(column.tone?.(noun, context) ?? null, cell);
      });
      const row = `${style.paint(noun.health, mark(noun.health, style.ascii))} ${cells.join(' ')}`.trimEnd();
      return [row, ...reason(noun, style)];
    }),
  ];
}

const MARK = 2;

function reason(noun: Noun, style: Style): string[] {
  if (noun.reason === null || noun.health === 'ok') return [];
  const lines = style.columns === null ? [noun.reason] : wrap(noun.reason, Math.max(20, style.columns - 4));
  return lines.map(line => style.paint(noun.health, `    ${line}`));
}

/** Columns as wide as what stands in them; in a terminal those that fit, without one all. */
function sized(
  kind: Kind,
  nouns: readonly Noun[],
  context: ColumnContext,
  room: number | null,
): { column: Column<Noun>; width: number }[] {
  const all = (TABLES[kind] as readonly Column<Noun>[])
    // Of no use to who reads a table in a file.
    .filter(({ picture }) => room !== null || !picture)
    .map(column => ({ ...column, width: widest(column, nouns, context) }));
  if (room === null) return all.map(column => ({ column, width: column.width }));
  return fitColumns(all, room).map(({ column, width }) => ({ column, width: Math.min(width, column.width) }));
}

function widest(column: Column<Noun>, nouns: readonly Noun[], context: ColumnContext): number {
  return nouns.reduce((width, noun) => Math.max(width, textWidth(column.text(noun, context))), textWidth(column.title));
}
