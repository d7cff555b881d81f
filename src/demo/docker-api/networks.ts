import type { SwarmNetwork } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';
import { jsonOf } from './json.ts';

const KNOWN = ['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type'];
export const BUILT_IN = ['bridge', 'host', 'none'];

/** `/networks`: the swarm's and the engine's own; `name` is any part of one. */
export function listNetworks({ store }: Swarm, query: URLSearchParams): string {
  const filters = filtersOf(query, KNOWN);
  const isMeant = ({ Id, Name, Driver, Scope, Labels }: SwarmNetwork) =>
    meets(filters.id, wanted => Id.startsWith(wanted)) &&
    meets(filters.name, wanted => Name.includes(wanted)) &&
    meets(filters.driver, wanted => Driver === wanted) &&
    meets(filters.scope, wanted => Scope === wanted) &&
    meets(filters.type, wanted => (wanted === 'builtin') === BUILT_IN.includes(Name)) &&
    hasLabels(Labels ?? {}, filters.label);
  return `[${store.networks.filter(isMeant).map(jsonOf).join(',')}]`;
}
