import type { Fleet } from '../fleet/fleet.ts';
import type { Target } from '../model/deed.ts';

const WORST = ['bad', 'warn', 'busy'] as const;

/** What keeps a target from being there, as far as is seen: the worst of its replicas, with its reason; null: nothing. */
export function evidenceOf({ kind, id }: Pick<Target, 'kind' | 'id'>, fleet: Fleet): string | null {
  const own = fleet.get(kind, id);
  const all = kind === 'workload' ? fleet.replicasOf(id).filter(({ wanted }) => wanted !== 'gone') : own ? [own] : [];
  for (const health of WORST) {
    const found = all.find(each => each.health === health && each.reason !== null);
    if (found) return `${found.name}: ${found.reason}`;
  }
  return null;
}
