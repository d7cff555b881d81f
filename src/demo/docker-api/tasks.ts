import type { Task } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { canonical } from './canonical.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';
import { findNode, findService } from './find.ts';
import { listOf, textOnce } from './json.ts';
import { oneOf } from './one-of.ts';

const KNOWN = ['_up-to-date', 'desired-state', 'id', 'label', 'name', 'node', 'runtime', 'service'];
const DESIRED = ['running', 'shutdown', 'accepted', 'ready', 'remove'];

/** `/tasks`: those that run, and those that ended and are kept. Labels and names are those of the service. */
export function listTasks(swarm: Swarm, query: URLSearchParams): string {
  const { store } = swarm;
  const filters = filtersOf(query, KNOWN);
  oneOf('desired-state', filters['desired-state'], DESIRED);
  const services = filters.service?.map(wanted => findService(swarm, wanted).ID);
  const nodes = filters.node?.map(wanted => findNode(swarm, wanted).ID);
  const isMeant = (task: Task) => {
    const spec = store.get('service', task.ServiceID)?.Spec;
    const isUpToDate = spec !== undefined && canonical(task.Spec) === canonical(spec.TaskTemplate);
    return (
      meets(filters.id, id => task.ID.startsWith(id)) &&
      meets(services, id => id === task.ServiceID) &&
      meets(nodes, id => id === task.NodeID) &&
      meets(filters['desired-state'], state => state === task.DesiredState) &&
      meets(filters['_up-to-date'], wanted => (wanted === 'true') === isUpToDate) &&
      meets(filters.runtime, runtime => runtime === (task.Spec.Runtime ?? 'container')) &&
      meets(filters.name, name => spec?.Name.startsWith(name) ?? false) &&
      hasLabels(spec?.Labels ?? {}, filters.label)
    );
  };
  return listOf(store.list('task').filter(isMeant), taskJson);
}

/** The managers do not tell of a task what runs it, nor of a slot 0, and always of volumes. */
export const taskJson = textOnce<Task>(({ Spec: { Runtime: _, ...Spec }, Slot, ...task }) =>
  JSON.stringify({ ...task, ...(Slot && { Slot }), Spec, Volumes: null }),
);
