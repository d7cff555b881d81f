import type { DockerEvent } from '../controller/swarm/events.ts';
import type { Outlet } from '../outlet.ts';
import type { World } from '../world.ts';
import { EngineError } from './engine-error.ts';
import { type Filters, filtersOf, hasLabels, meets } from './filters.ts';

/**
 * `/events`: what is remembered since a moment, then what happens, one JSON object a line; until a moment, if one is
 * named. Filters that nobody knows are ignored here. Throws an EngineError.
 */
export function streamEvents({ swarm, timeline }: World, query: URLSearchParams, open: () => Outlet): void {
  const filters = filtersOf(query, null);
  const since = momentOf(query.get('since'));
  const until = momentOf(query.get('until'));
  if (since !== null && until !== null && since > until) {
    const [from, to] = ['since', 'until'].map(name => `\`${name}\` time (${query.get(name)})`);
    throw new EngineError(400, `${from} cannot be after ${to}`);
  }
  const out = open();
  const tell = (event: DockerEvent) => {
    if (isMeant(event, filters)) out.write(`${JSON.stringify(event)}\n`);
  };
  for (const event of since === null ? [] : swarm.events.since(since)) {
    if (until === null || event.timeNano / 1e6 <= until) tell(event);
  }
  if (until !== null && until <= timeline.now) return out.end();
  const unsubscribe = swarm.events.onEvent(tell);
  const cancel = until === null ? null : timeline.at(until, () => out.end());
  out.onEnd(() => {
    unsubscribe();
    cancel?.();
  });
}

function isMeant({ Type, Action, Actor, scope }: DockerEvent, filters: Filters): boolean {
  const { ID, Attributes } = Actor;
  const isThe = (type: string) =>
    meets(filters[type], wanted => Type === type && (ID.startsWith(wanted) || wanted === Attributes.name));
  return (
    meets(filters.type, type => type === Type) &&
    meets(filters.scope, wanted => wanted === scope) &&
    // `health_status` stands for `health_status: healthy` too.
    meets(filters.event, action => action === Action || Action.startsWith(`${action}:`)) &&
    ['service', 'node', 'container', 'network'].every(isThe) &&
    meets(filters.image, image => Attributes.image === image) &&
    hasLabels(Attributes, filters.label)
  );
}

/** Seconds since 1970 with a fraction, or RFC 3339; milliseconds out, null for none. */
function momentOf(text: string | null): number | null {
  if (!text) return null;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(ms)) throw new EngineError(500, `strconv.ParseInt: parsing "${text}": invalid syntax`);
  return ms;
}
