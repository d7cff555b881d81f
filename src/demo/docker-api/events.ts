import type { DockerEvent } from '../controller/swarm/events.ts';
import type { Outlet } from '../outlet.ts';
import type { World } from '../world.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';

const KNOWN = [
  'type',
  'event',
  'service',
  'node',
  'network',
  'container',
  'scope',
  'label',
  'image',
  'secret',
  'config',
];

/** `/events`: what is remembered since a moment, then what happens, one JSON object a line; until a moment, if one is named. */
export function streamEvents({ swarm, timeline }: World, query: URLSearchParams, open: () => Outlet): void {
  const filters = filtersOf(query, [...KNOWN, 'volume', 'plugin', 'daemon']);
  const isWanted = (event: DockerEvent) => {
    const { Type, Action, scope } = event;
    const { ID, Attributes } = event.Actor;
    const isThe = (type: string) =>
      meets(filters[type], wanted => Type === type && (wanted === ID || wanted === Attributes.name));
    return (
      meets(filters.type, type => type === Type) &&
      meets(filters.scope, wanted => wanted === scope) &&
      // `health_status` stands for all that begins so.
      meets(filters.event, action => action === Action || (action === 'health_status' && Action.startsWith(action))) &&
      isThe('service') &&
      isThe('node') &&
      isThe('container') &&
      hasLabels(Attributes, filters.label)
    );
  };
  const out = open();
  const tell = (event: DockerEvent) => {
    if (isWanted(event)) out.write(`${JSON.stringify(event)}\n`);
  };
  const since = momentOf(query.get('since'));
  const until = momentOf(query.get('until'));
  if (since !== null)
    for (const event of swarm.events.since(since)) if (until === null || event.time * 1000 <= until) tell(event);
  if (until !== null && until <= timeline.now) return out.end();
  const stop = swarm.events.onEvent(tell);
  const timer = until === null ? undefined : setTimeout(() => out.end(), until - timeline.now);
  out.onEnd(() => {
    stop();
    clearTimeout(timer);
  });
}

/** Seconds since 1970 with a fraction, or RFC 3339; milliseconds out, null for none. */
function momentOf(text: string | null): number | null {
  if (!text || text === '0') return null;
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) : seconds * 1000;
  return Number.isNaN(ms) ? null : ms;
}
