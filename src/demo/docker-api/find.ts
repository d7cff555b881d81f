import type { SwarmNetwork, SwarmNode, SwarmService, Task } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { EngineError, notFound } from './engine-error.ts';

/** By id, by name, or by the beginning of an id. Throws when there is none, or more than one. */
export function findService({ store }: Swarm, wanted: string): SwarmService {
  return (
    store.get('service', wanted) ??
    store.list('service').find(each => each.Spec.Name === wanted) ??
    onlyOne('service', wanted, store.list('service'))
  );
}

/** By id, by hostname, by the beginning of an id, or `self`: the manager that answers. */
export function findNode({ store }: Swarm, wanted: string): SwarmNode {
  const nodes = store.list('node');
  const named = nodes.find(({ ID, Description, ManagerStatus }) =>
    wanted === 'self' ? ManagerStatus?.Leader : ID === wanted || Description.Hostname === wanted,
  );
  return named ?? onlyOne('node', wanted, nodes);
}

export function findTask({ store }: Swarm, wanted: string): Task {
  return store.get('task', wanted) ?? onlyOne('task', wanted, store.list('task'));
}

export function findNetwork({ store }: Swarm, wanted: string): SwarmNetwork {
  const found =
    store.networks.find(({ Id, Name }) => Id === wanted || Name === wanted) ??
    store.networks.find(({ Id }) => wanted && Id.startsWith(wanted));
  if (!found) throw notFound('network', wanted);
  return found;
}

function onlyOne<T extends { ID: string }>(kind: string, wanted: string, objects: T[]): T {
  const matches = objects.filter(({ ID }) => wanted && ID.startsWith(wanted));
  const [found] = matches;
  if (!found) throw notFound(kind, wanted);
  if (matches.length > 1) {
    throw new EngineError(400, `${kind} ${wanted} is ambiguous (${matches.length} matches found)`);
  }
  return found;
}
