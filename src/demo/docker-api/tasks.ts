import type { Task } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { EngineError, notFound } from './engine-error.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';
import { findService } from './services.ts';

const DESIRED = ['running', 'shutdown', 'accepted', 'ready', 'remove'];

/** `/tasks`: those that run, and those that ended and are kept. */
export function listTasks(swarm: Swarm, query: URLSearchParams): Task[] {
  const filters = filtersOf(query, [
    'id',
    'label',
    'name',
    'node',
    'service',
    'desired-state',
    '_up-to-date',
    'runtime',
  ]);
  for (const state of filters['desired-state'] ?? []) {
    if (!DESIRED.includes(state)) throw new EngineError(500, `Invalid desired-state filter: '${state}'`);
  }
  const services = filters.service?.map(wanted => findOrNothing(swarm, wanted));
  return swarm.store.list('task').filter(task => {
    const service = swarm.store.get('service', task.ServiceID);
    return (
      meets(filters.id, id => task.ID.startsWith(id)) &&
      meets(services, id => id === task.ServiceID) &&
      meets(filters.node, id => task.NodeID === id || hostnameOf(swarm, task.NodeID) === id) &&
      meets(filters['desired-state'], state => state === task.DesiredState) &&
      meets(filters.name, name => service?.Spec.Name.startsWith(name) ?? false) &&
      hasLabels(service?.Spec.Labels ?? {}, filters.label)
    );
  });
}

export function findTask(swarm: Swarm, wanted: string): Task {
  const found = swarm.store.get('task', wanted) ?? swarm.store.list('task').find(each => each.ID.startsWith(wanted));
  if (!found) throw notFound('task', wanted);
  return found;
}

function findOrNothing(swarm: Swarm, wanted: string): string {
  try {
    return findService(swarm, wanted).ID;
  } catch {
    return ''; // a service that is not there has no tasks
  }
}

function hostnameOf(swarm: Swarm, nodeId: string | undefined): string | undefined {
  return nodeId ? swarm.store.get('node', nodeId)?.Description.Hostname : undefined;
}
