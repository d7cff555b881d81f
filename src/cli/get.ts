import type { Fleet } from '../fleet/fleet.ts';
import { gaps } from '../fleet/gaps.ts';
import type { Kind } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import { emptiness } from '../screen/emptiness.ts';
import { newPane } from '../screen/pane.ts';
import { plain } from '../text/look.ts';
import { eventLines } from './event-lines.ts';
import { EXIT } from './io.ts';
import { API_VERSION, eventItem, itemOf, time } from './items.ts';
import type { Listing } from './kinds.ts';
import { type Selection, select } from './select.ts';
import type { Report } from './status.ts';
import type { Style } from './style.ts';
import { tableLines } from './table.ts';

/** The sources that should have told more of what was asked for. */
function missing(fleet: Fleet, { kinds }: Listing): { source: string; error: string }[] {
  const found = kinds.flatMap(kind =>
    gaps(fleet, kind).gaps.map(({ source, why }) => ({ source: source.name, error: why })),
  );
  return found.filter(({ source }, at) => found.findIndex(other => other.source === source) === at);
}

/** A list for programs. Exit 3 when a source that should have told more did not. */
export function getJson(
  fleet: Fleet,
  listing: Listing,
  selection: Selection,
  report: Report,
  events: readonly FeedEvent[],
): { output: object; code: number } {
  const incomplete = missing(fleet, listing);
  const { nouns } = select(fleet, listing, selection);
  const output = {
    apiVersion: API_VERSION,
    kind: listing.list,
    ...(report.demo && { demo: true }),
    observedAt: time(fleet.now()),
    incomplete,
    items: listing.kinds.includes('event') ? events.map(eventItem) : nouns.map(noun => itemOf(noun, fleet)),
  };
  return { output, code: incomplete.length > 0 ? EXIT.notLive : EXIT.well };
}

/** A list for people: a table for each kind, what is missing in words, and why it is empty when it is. */
export function getText(
  fleet: Fleet,
  listing: Listing,
  selection: Selection,
  style: Style,
  events: readonly FeedEvent[],
): { text: string; code: number } {
  const incomplete = missing(fleet, listing);
  const gapLines = incomplete.map(({ source, error }) => style.paint('warn', `incomplete: ${source}: ${error}`));
  const code = incomplete.length > 0 ? EXIT.notLive : EXIT.well;
  if (listing.kinds.includes('event')) {
    const lines = events.length > 0 ? eventLines(events, style) : ['nothing has happened that is known'];
    return { text: text([...lines, ...gapLines], style), code };
  }
  const { nouns, all } = select(fleet, listing, selection);
  const context = { fleet, now: fleet.now(), ascii: style.ascii };
  const tables = listing.kinds.flatMap(kind => {
    const ofKind = nouns.filter(noun => noun.kind === kind);
    return kind === 'event' || ofKind.length === 0 ? [] : [tableLines(kind, ofKind, context, style)];
  });
  const lines = tables.flatMap((table, at) => (at > 0 ? ['', ...table] : table));
  if (nouns.length === 0) lines.push(...empty(fleet, listing, selection, all));
  else lines.push(...gapLines);
  return { text: text(lines, style), code };
}

function text(lines: readonly string[], { ascii }: Style): string {
  return `${lines.map(line => plain(line, ascii)).join('\n')}\n`;
}

function empty(fleet: Fleet, listing: Listing, { filter, namespace }: Selection, all: number): string[] {
  const listed = listing.kinds.find((kind): kind is Kind => kind !== 'event') ?? 'node';
  const keys = { clearKey: 'leaving out --filter', namespacesKey: '--all-namespaces' };
  const told = emptiness({ ...newPane(listed), filter }, { all }, fleet, { namespace, ...keys });
  return all > 0
    ? told
    : told.map(line => (line.endsWith(' exist') ? `${line.split(': ')[0]}: no ${listing.name}` : line));
}
