import type { Fleet } from '../fleet/fleet.ts';
import type { KeyMap } from '../keys/table.ts';
import type { Health, Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import type { ColumnContext } from './columns/column.ts';
import { eventLine, freshness } from './describe.ts';
import { type DocLine, fact, GAP, title } from './document.ts';
import { evidenceOf, sinceWhen } from './evidence.ts';
import { asKnown, toneOf } from './facts.ts';
import { nextSteps } from './next-steps.ts';
import { type Relation, related } from './related.ts';

const CAUSES_SHOWN = 8;
const EVENTS_SHOWN = 8;

/** Why a noun is not well: the reason, what to do where no action mends it, by what it was judged and since when it is so, what hangs together with it and is not well either, and what happened. */
export function why(noun: Noun, context: ColumnContext, keys: KeyMap): DocLine[] {
  const causes = unwell(noun, context.fleet);
  const told = eventsOf(noun, context.fleet);
  const since = noun.health === 'ok' ? null : sinceWhen(noun, told, context);
  return [
    ...verdicts(noun, context),
    ...(since ? [since] : []),
    ...nextSteps(noun, context, keys),
    ...evidenceOf(noun, context),
    ...besides(causes),
    ...happened(told),
    GAP,
    freshness(noun, context),
  ];
}

/** What is not well about it, worst first. */
function verdicts(noun: Noun, context: ColumnContext): DocLine[] {
  const [worst, ...others] = context.fleet.verdicts(noun);
  const { name } = noun;
  const line = (text: string, health: Health): DocLine => ({ text, tone: toneOf({ ...noun, health }, context.fleet) });
  if (!worst) return [];
  if (worst.health === 'ok')
    return [
      line(asKnown(noun, context).atLeast ? `${name} was well when it was last heard of` : `${name} is well`, 'ok'),
    ];
  const doubt = worst.health === 'unknown' ? 'nobody can tell' : null;
  const words = [name, doubt, worst.reason ?? (doubt ? null : worst.health)].filter(part => part !== null).join(': ');
  return [line(words, worst.health), ...others.map(({ health, reason }) => line(`and ${reason ?? health}`, health))];
}

/** What is not well around it, two steps far: the replica's node, the instance's pool. */
function unwell(noun: Noun, fleet: Fleet): Relation[] {
  const near = related(noun, fleet);
  const far = near
    .filter(({ noun: { kind } }) => kind === 'replica' || kind === 'workload')
    .flatMap(({ noun }) => related(noun, fleet));
  const seen = new Set([noun.id]);
  return [...near, ...far].filter(({ noun: other }) => {
    if (seen.has(other.id) || (other.health !== 'bad' && other.health !== 'warn')) return false;
    seen.add(other.id);
    return true;
  });
}

function besides(causes: Relation[]): DocLine[] {
  if (causes.length === 0) return [];
  const lines = causes
    .slice(0, CAUSES_SHOWN)
    .map(({ label, noun }) =>
      fact(label, `${noun.name}: ${noun.reason ?? noun.health}`, { link: noun.id, tone: noun.health }),
    );
  const more = causes.length - CAUSES_SHOWN;
  if (more > 0) lines.push({ text: `and ${more} more`, tone: 'dim' });
  return [GAP, title('Not well either'), ...lines];
}

/** What was told of it and of its replicas and was no mere information, oldest first. */
function eventsOf(noun: Noun, fleet: Fleet): FeedEvent[] {
  const ids = new Set([noun.id, ...(noun.kind === 'workload' ? fleet.replicasOf(noun.id).map(({ id }) => id) : [])]);
  // An all-clear is part of the story: without it a trouble that is over reads like one that goes on.
  return fleet.feed.all().filter(event => event.about !== null && ids.has(event.about));
}

function happened(told: FeedEvent[]): DocLine[] {
  if (told.length === 0) return [GAP, { text: 'No event tells more.', tone: 'dim' }];
  return [GAP, title('What happened'), ...told.slice(-EVENTS_SHOWN).reverse().map(eventLine)];
}

/** What an event says, and what it is about. */
export function whyEvent(event: FeedEvent, fleet: Fleet): DocLine[] {
  const about = event.about ? fleet.find(event.about) : undefined;
  return [
    { text: `${event.subject}: ${event.reason}`, tone: event.severity === 'info' ? undefined : event.severity },
    { text: event.message },
    GAP,
    eventLine(event),
    ...(about
      ? [
          fact('about', `${about.name}: ${about.reason ?? about.health}`, {
            link: about.id,
            tone: toneOf(about, fleet),
          }),
        ]
      : []),
    fact('told by', event.source, { tone: 'dim' }),
  ];
}
