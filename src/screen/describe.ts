import type { Fleet } from '../fleet/fleet.ts';
import type { Noun, Pool } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import { clockTime, dateTime, elapsed } from '../text/format.ts';
import type { ColumnContext } from './columns/column.ts';
import { type DocLine, fact, GAP, title } from './document.ts';
import { asKnown, factsOf, toneOf } from './facts.ts';
import { related } from './related.ts';

const RELATED_SHOWN = 40;
const EVENTS_SHOWN = 12;
const BUSY_SHOWN = 10;

/** What is known of a noun, in words, with links to everything that hangs together with it. */
export function describe(noun: Noun, context: ColumnContext): DocLine[] {
  return [
    ...healthLines(noun, context),
    ...factsOf(noun, context).map(([label, value]) => fact(label, value)),
    fact('id', noun.id, { tone: 'dim' }),
    freshness(noun, context),
    ...usageAge(noun, context),
    ...labels(noun),
    ...(noun.kind === 'pool' ? connections(noun, context.fleet) : []),
    ...links(noun, context.fleet),
    ...events(noun, context.fleet),
  ];
}

/** Its health and why, and what else is not well about it, worst first. */
function healthLines(noun: Noun, context: ColumnContext): DocLine[] {
  const [worst, ...others] = context.fleet.verdicts(noun).map(({ health, reason }) => ({
    health,
    words: reason ? `${health}: ${reason}` : health,
  }));
  if (!worst) return [];
  const heard = asKnown(noun, context).atLeast ? ' (when last heard of)' : '';
  return [
    fact('health', `${worst.words}${heard}`, { tone: toneOf({ ...noun, health: worst.health }, context.fleet) }),
    ...others.map(({ health, words }) => fact('and', words, { tone: toneOf({ ...noun, health }, context.fleet) })),
  ];
}

/** When it was read, and whether its source can be believed now. */
export function freshness(noun: Noun, { fleet, now }: ColumnContext): DocLine {
  const source = fleet.sources().find(({ name }) => name === noun.source);
  const live = source?.phase === 'live';
  // Kubernetes tells what changes; all others are asked, and not for everything each time.
  const told = source?.kind === 'kubernetes' ? 'last change seen' : 'read last';
  const words = live
    ? `${noun.source} is live; ${told} ${dateTime(noun.observedAt)}`
    : `${noun.source} is ${source?.phase ?? 'gone'}: as of ≥ ${elapsed(now - (source?.observedAt ?? noun.observedAt))} ago`;
  return fact('told by', words, { tone: live ? 'dim' : 'warn' });
}

/** Usage is measured now and then, and told later still. */
function usageAge({ source, kind }: Noun, { fleet }: ColumnContext): DocLine[] {
  const at = fleet.source(source)?.measuredAt?.(kind) ?? null;
  return at === null ? [] : [fact('usage', `measured ${dateTime(at)}`, { tone: 'dim' })];
}

function labels(noun: Noun): DocLine[] {
  const entries = Object.entries(noun.labels);
  if (entries.length === 0) return [];
  return [GAP, title('Labels'), ...entries.map(([key, value]) => ({ text: `${key}=${value}` }))];
}

/** Which databases of a pool take its connections, the most first. */
function connections({ id }: Pool, fleet: Fleet): DocLine[] {
  const busy = [...fleet.all('database').values()]
    .filter(({ pool, connections }) => pool === id && connections !== null && connections > 0)
    .sort((a, b) => (b.connections ?? 0) - (a.connections ?? 0));
  if (busy.length === 0) return [];
  const lines: DocLine[] = busy
    .slice(0, BUSY_SHOWN)
    .map(({ id, name, connections }) => ({ text: `${String(connections).padStart(5)}  ${name}`, link: id }));
  const more = busy.length - BUSY_SHOWN;
  if (more > 0) lines.push({ text: `and ${more} more`, tone: 'dim' });
  return [GAP, title('Connections by database'), ...lines];
}

function links(noun: Noun, fleet: Fleet): DocLine[] {
  const all = related(noun, fleet);
  if (all.length === 0) return [];
  const lines = all.slice(0, RELATED_SHOWN).map(({ label, noun: other }) =>
    fact(label, `${other.name}${other.reason ? `  ${other.reason}` : ''}`, {
      link: other.id,
      tone: toneOf(other, fleet),
    }),
  );
  const more = all.length - RELATED_SHOWN;
  if (more > 0) lines.push({ text: `and ${more} more`, tone: 'dim' });
  return [GAP, title('Goes with'), ...lines];
}

function events(noun: Noun, fleet: Fleet): DocLine[] {
  const found = fleet.feed.about(noun.id).slice(-EVENTS_SHOWN).reverse();
  return found.length === 0 ? [] : [GAP, title('Events'), ...found.map(eventLine)];
}

export function eventLine(event: FeedEvent): DocLine {
  const times = event.count > 1 ? ` ×${event.count} since ${clockTime(event.firstAt)}` : '';
  const tone = event.severity === 'info' ? undefined : event.severity;
  return { text: `${clockTime(event.at)}  ${event.reason}: ${event.message}${times}`, tone };
}
