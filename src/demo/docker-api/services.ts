import { isJob, iterationOf } from '../controller/swarm/jobs.ts';
import type { SwarmService } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { filtersOf, hasLabels, isSet, meets } from './filters.ts';
import { jsonOf, listOf } from './json.ts';
import { modeOf } from './service-writes.ts';

const KNOWN = ['id', 'label', 'mode', 'name', 'runtime'];

/** `/services`, with `status=true` each with how many tasks run; `name` and `id` are the beginning of one. */
export function listServices(swarm: Swarm, query: URLSearchParams): string {
  const filters = filtersOf(query, KNOWN);
  const isMeant = ({ ID, Spec }: SwarmService) =>
    meets(filters.id, id => ID.startsWith(id)) &&
    meets(filters.name, name => Spec.Name.startsWith(name)) &&
    meets(filters.mode, mode => mode === modeOf(Spec)) &&
    meets(filters.runtime, runtime => runtime === (Spec.TaskTemplate.Runtime ?? 'container')) &&
    hasLabels(Spec.Labels, filters.label);
  const services = swarm.store.list('service').filter(isMeant);
  if (!isSet(query, 'status')) return listOf(services);
  return listOf(services, service => {
    const status = JSON.stringify(statusOf(swarm, service));
    return `${jsonOf(service).slice(0, -1)},"ServiceStatus":${status}}`;
  });
}

/** A lost node's tasks still say that they run, and are counted. */
function statusOf(swarm: Swarm, service: SwarmService): object {
  const { Replicated, ReplicatedJob } = service.Spec.Mode;
  const iteration = iterationOf(service);
  const tasks = swarm.store.tasksOf(service.ID).filter(each => iterationOf(each) === iteration);
  const completed = isJob(service) ? tasks.filter(each => each.Status.State === 'complete').length : 0;
  const wanted = tasks.filter(({ DesiredState }) => ['running', 'complete'].includes(DesiredState)).length;
  return {
    RunningTasks: tasks.filter(each => each.Status.State === 'running').length,
    // Of a job what has completed is desired no more; one with completions to count tells how many may run at once.
    DesiredTasks: Replicated?.Replicas ?? ReplicatedJob?.MaxConcurrent ?? wanted - completed,
    CompletedTasks: completed,
  };
}
