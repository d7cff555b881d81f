import type { Kind, Noun, Replica } from '../src/model/entity.ts';
import type { FeedEvent } from '../src/model/event.ts';
import { type Column, type ColumnContext, fitColumns } from '../src/screen/columns/column.ts';
import { TABLES } from '../src/screen/columns/tables.ts';
import type { Line } from '../src/screen/list.ts';
import type { Listed, PaneState } from '../src/screen/pane.ts';
import { fit, textWidth } from '../src/stage/width.ts';
import { clockTime } from '../src/text/format.ts';
import { mark, paint, plain, staleMark } from '../src/text/look.ts';

export interface RowOptions {
  width: number;
  context: ColumnContext;
  /** Its source cannot be believed now: this is how it was then, milliseconds since 1970. null: it is so now. */
  asOf: number | null;
  marked: boolean;
}

/** The titles over the columns, with the sign of the sorted one. */
export function columnTitles({ listed, sort }: PaneState, width: number, ascii: boolean): string {
  if (listed === 'event') return paint('dim', fit('  TIME     SUBJECT', width));
  const columns = fitColumns(TABLES[listed] as readonly Column<Noun>[], width - 2);
  const arrow = sort?.reversed ? (ascii ? '^' : '↑') : ascii ? 'v' : '↓';
  const cells = columns.map(({ column, width: room }) => {
    const title = sort && column.title === sort.title ? `${column.title}${arrow}` : column.title;
    return fit(title, room, { align: column.align });
  });
  return paint('dim', fit(`  ${cells.join(' ')}`, width));
}

export function rowLine(line: Line, listed: Listed, given: RowOptions): string {
  const { width, asOf } = given;
  const context = asOf === null ? given.context : { ...given.context, now: asOf, atLeast: true };
  const options = { ...given, context };
  const text =
    line.type === 'note'
      ? paint(line.health, fit(`${'  '.repeat(line.depth)}    ${line.text}`, width))
      : line.type === 'event'
        ? eventRow(line.event, width, context.ascii)
        : rowOfNoun(line, listed, options);
  return asOf === null ? plain(text, context.ascii) : paint('dim', stripped(plain(text, context.ascii)));
}

function rowOfNoun({ noun, depth }: Extract<Line, { type: 'noun' }>, listed: Listed, options: RowOptions): string {
  if (depth === 1 && noun.kind === 'replica') return replicaRow(noun, options);
  return nounRow(noun, listed === 'event' ? noun.kind : listed, options);
}

function nounRow(noun: Noun, listed: Kind, { width, context, marked }: RowOptions): string {
  const [first, ...rest] = fitColumns(TABLES[listed] as readonly Column<Noun>[], width - 2);
  const sign = marked ? paint('title', context.ascii ? '*' : '▸') : ' ';
  const head = `${signOf(noun, context)}${sign}`;
  if (!first) return fit(head, width);
  const name = nameOf(noun, first.width, context);
  const words = inlineReason(noun);
  if (words !== null) return `${head}${name} ${paint(noun.health, fit(words, Math.max(0, width - first.width - 3)))}`;
  const cells = rest.map(({ column, width: room }) => cell(noun, column, room, context));
  return fit(`${head}${[name, ...cells].join(' ')}`, width);
}

/** The name; where another source has something of that name too, with whose it is. */
function nameOf({ kind, name, source }: Noun, room: number, { fleet }: ColumnContext): string {
  const isAlone = fleet.named(kind, name).every(other => other.source === source);
  const whose = isAlone ? '' : ` ${source}`;
  // As much as half of the room: the name is what the row is found by.
  if (textWidth(name) + textWidth(whose) > room && textWidth(whose) > room >> 1) return fit(name, room);
  const short = fit(name, Math.min(textWidth(name), room - textWidth(whose)));
  return fit(`${short}${paint('dim', whose)}`, room);
}

/** Of what is not heard of, nobody can say that it is well. */
function signOf({ health }: Noun, { ascii, atLeast }: ColumnContext): string {
  if (atLeast && health !== 'bad' && health !== 'warn') return staleMark(ascii);
  return paint(health, mark(health, ascii));
}

/** A replica under its workload, told in the workload's columns and without the part of the name that it shares. */
function replicaRow(replica: Replica, { width, context }: RowOptions): string {
  const [first, ...rest] = fitColumns(TABLES.workload, width - 2);
  const sign = signOf(replica, context);
  const owner = replica.workload ? context.fleet.get('workload', replica.workload)?.name : undefined;
  const short = owner && replica.name.startsWith(owner) ? `…${replica.name.slice(owner.length)}` : replica.name;
  const name = fit(short, Math.max(0, (first?.width ?? 0) - 4));
  const cells = rest.map(({ column, width: room }) =>
    fit(cellOfReplica(replica, column.title, context), room, { align: column.align }),
  );
  return fit(`    ${sign} ${[name, ...cells].join(' ')}`, width);
}

/** The columns that a workload and its replicas share, by title. */
function cellOfReplica(replica: Replica, title: string, context: ColumnContext): string {
  const column = TABLES.replica.find(candidate => candidate.title === title && title !== 'NAMESPACE');
  return column ? column.text(replica, context) : '';
}

function cell(noun: Noun, column: Column<Noun>, room: number, context: ColumnContext): string {
  return paint(column.tone?.(noun, context), fit(column.text(noun, context), room, { align: column.align }));
}

/** What is off or gone has no numbers worth a column: the reason stands in their place. */
function inlineReason(noun: Noun): string | null {
  if (noun.health === 'off' && noun.reason && noun.kind !== 'replica') return noun.reason;
  return null;
}

function eventRow(event: FeedEvent, width: number, ascii: boolean): string {
  const health = event.severity === 'info' ? 'ok' : event.severity;
  const sign = event.severity === 'info' ? (ascii ? '.' : '·') : paint(health, mark(health, ascii));
  const times = event.count > 1 ? `×${event.count}` : '';
  const subjectRoom = Math.min(36, Math.max(10, Math.floor((width - 12) * 0.35)));
  const messageRoom = Math.max(0, width - subjectRoom - 13 - times.length - 1);
  const message = `${event.reason}: ${event.message}`;
  return fit(
    `${clockTime(event.at)} ${sign} ${fit(event.subject, subjectRoom)} ${fit(message, messageRoom)} ${times}`,
    width,
  );
}

/** Without colours: what is stale does not shine. */
function stripped(text: string): string {
  return text.replace(/\x1b\[[\d;]*m/g, '');
}
