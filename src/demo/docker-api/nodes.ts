import type { SwarmNode } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';
import { listOf } from './json.ts';
import { oneOf } from './one-of.ts';

export const ROLES = ['manager', 'worker'] as const;
export const MEMBERSHIPS = ['accepted', 'pending'] as const;
const KNOWN = ['id', 'label', 'membership', 'name', 'node.label', 'role'];

/** `/nodes`; `name` and `id` are the beginning of one. */
export function listNodes({ store }: Swarm, query: URLSearchParams): string {
  const filters = filtersOf(query, KNOWN);
  oneOf('role', filters.role, ROLES);
  oneOf('membership', filters.membership, MEMBERSHIPS);
  const isMeant = ({ ID, Spec, Description }: SwarmNode) =>
    meets(filters.id, id => ID.startsWith(id)) &&
    meets(filters.name, name => Description.Hostname.startsWith(name)) &&
    meets(filters.role, role => role === Spec.Role) &&
    meets(filters.membership, membership => membership === 'accepted') &&
    hasLabels(Spec.Labels, filters['node.label']);
  return listOf(store.list('node').filter(isMeant));
}
