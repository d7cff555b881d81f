import type { FieldContext, Subject } from '../filter/fields.ts';
import { type Filter, parseFilter } from '../filter/filter.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Health, Kind, Noun, Replica } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import { byHealth } from '../model/health/verdict.ts';
import type { Column, ColumnContext } from './columns/column.ts';
import { TABLES } from './columns/tables.ts';
import type { PaneState } from './pane.ts';

/** A line of a list. Notes say why the row above is not well; the cursor passes over them. */
export type Line =
  | { type: 'noun'; id: string; noun: Noun; depth: 0 | 1 }
  | { type: 'event'; id: string; event: FeedEvent }
  | { type: 'note'; id: string; text: string; health: Health; depth: 0 | 1 };

export interface List {
  lines: Line[];
  /** Rows that are shown, and all that there are: what a filter or the namespace hides is the difference. */
  shown: number;
  all: number;
  filterError: string | null;
}

/** How many replicas that are not well stand under their workload; the rest is a count. */
const REPLICAS_SHOWN = 3;

export interface ListOptions {
  namespace: string | null;
  context: ColumnContext;
  fields: FieldContext;
  /** The feed as it stood when it was paused. */
  events: FeedEvent[];
}

/** The lines of a pane: filtered, in order, each row that is not well with its reason under it. */
export function listOf(pane: PaneState, { namespace, context, fields, events }: ListOptions): List {
  const filter = parseFilter(pane.filter, fields);
  if (pane.listed === 'event') return eventList(events, filter);
  const all = rowsOf(pane, pane.listed, context.fleet);
  const wanted = all.filter(noun => isIn(noun, namespace) && matches(noun, filter, context.fleet));
  const rows = sorted(wanted, pane, context);
  return {
    lines: rows.flatMap(noun => linesOf(noun, pane, context.fleet)),
    shown: rows.length,
    all: all.length,
    filterError: filter.error,
  };
}

function eventList(events: FeedEvent[], filter: Filter): List {
  const shown = events.filter(event => filter.test(event));
  const lines = shown.reverse().map(event => ({ type: 'event' as const, id: event.id, event }));
  return { lines, shown: shown.length, all: events.length, filterError: filter.error };
}

function rowsOf({ within }: PaneState, kind: Kind, fleet: Fleet): Noun[] {
  if (kind === 'replica')
    return (within ? fleet.replicasOf(within.id) : [...fleet.all('replica').values()]).filter(isCurrent);
  return [...fleet.all(kind).values()];
}

/** Ended tasks of a slot and deleted pods are history: they are told in the details. */
function isCurrent(replica: Replica): boolean {
  return replica.wanted !== 'gone' || replica.health === 'busy' || replica.system === 'kubernetes';
}

function isIn(noun: Noun, namespace: string | null): boolean {
  if (namespace === null || !('namespace' in noun)) return true;
  return noun.namespace === namespace || ('system' in noun && noun.system === 'swarm');
}

/** A workload is also found by its replicas: the pod that is not well brings its workload with it. */
function matches(noun: Noun, filter: Filter, fleet: Fleet): boolean {
  if (filter.test(noun as Subject)) return true;
  return noun.kind === 'workload' && fleet.replicasOf(noun.id).some(replica => isTold(replica) && filter.test(replica));
}

function sorted(rows: Noun[], { listed, sort }: PaneState, context: ColumnContext): Noun[] {
  const column = sort
    ? (TABLES[listed as Kind] as Column<Noun>[]).find(({ title }) => title === sort.title)
    : undefined;
  if (!column || !sort) return rows.sort(byHealthThenName);
  const direction = sort.reversed ? -1 : 1;
  const keyed = rows.map(row => ({ row, key: column.value ? column.value(row, context) : column.text(row, context) }));
  return keyed
    .sort((a, b) => compare(a.key, b.key, direction) || a.row.name.localeCompare(b.row.name))
    .map(({ row }) => row);
}

/** Numbers the greatest first, words from A; unknown last, whichever way round. */
function compare(a: string | number | null, b: string | number | null, direction: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return (b - a) * direction;
  return String(a).localeCompare(String(b), 'en', { numeric: true }) * direction;
}

const NAMES = new Intl.Collator('en', { numeric: true });

/** What is bad, then what warns, then the rest; each by name, so that well rows do not jump. */
function byHealthThenName(a: Noun, b: Noun): number {
  const grade = (health: Health): Health => (health === 'bad' || health === 'warn' ? health : 'ok');
  return byHealth(grade(a.health), grade(b.health)) || NAMES.compare(a.name, b.name);
}

function linesOf(noun: Noun, pane: PaneState, fleet: Fleet): Line[] {
  const lines: Line[] = [{ type: 'noun', id: noun.id, noun, depth: 0 }];
  if (!isTold(noun)) return lines;
  if (noun.reason) lines.push({ type: 'note', id: noun.id, text: noun.reason, health: noun.health, depth: 0 });
  if (noun.kind === 'workload' && pane.sort === null) lines.push(...replicaLines(noun.id, noun.reason, fleet));
  return lines;
}

/** A sole replica has nothing to add to what its workload's own line says. */
function replicaLines(workload: string, told: string | null, fleet: Fleet): Line[] {
  const current = fleet.replicasOf(workload).filter(isCurrent);
  const unwell = current.filter(isTold).sort(byHealthThenName);
  if (current.length === 1 && unwell.every(replica => isSaid(replica, told))) return [];
  const lines = unwell.slice(0, REPLICAS_SHOWN).flatMap((replica): Line[] => {
    const row: Line = { type: 'noun', id: replica.id, noun: replica, depth: 1 };
    if (!replica.reason || isSaid(replica, told)) return [row];
    return [row, { type: 'note', id: replica.id, text: replica.reason, health: replica.health, depth: 1 }];
  });
  const more = unwell.length - REPLICAS_SHOWN;
  if (more > 0) lines.push({ type: 'note', id: workload, text: `and ${more} more`, health: 'unknown', depth: 1 });
  return lines;
}

/** Whether what is told of the workload says why the replica is not well. */
function isSaid({ reason }: Replica, told: string | null): boolean {
  return reason === null || (told?.includes(reason) ?? false);
}

/** Whether a row has a reason that nobody should have to open it for. */
function isTold(noun: Noun): boolean {
  return noun.health === 'bad' || noun.health === 'warn' || (noun.health === 'unknown' && noun.reason !== null);
}
