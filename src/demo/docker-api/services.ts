import type { ServiceSpec, SwarmService } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { EngineError, notFound, outOfSequence, refused } from './engine-error.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';

/** `/services`, with `status=true` each with how many tasks run. */
export function listServices(swarm: Swarm, query: URLSearchParams): object[] {
  const filters = filtersOf(query, ['id', 'label', 'mode', 'name', 'runtime']);
  const withStatus = ['true', '1'].includes(query.get('status') ?? '');
  return swarm.store
    .list('service')
    .filter(({ ID, Spec }) => {
      const mode = Spec.Mode.Global ? 'global' : 'replicated';
      return (
        meets(filters.id, id => ID.startsWith(id)) &&
        // The managers take a name as the beginning of one.
        meets(filters.name, name => Spec.Name.startsWith(name)) &&
        meets(filters.mode, wanted => wanted === mode) &&
        hasLabels(Spec.Labels, filters.label)
      );
    })
    .map(service => (withStatus ? { ...service, ServiceStatus: statusOf(swarm, service) } : service));
}

/** By id, by the beginning of one, or by name. */
export function findService(swarm: Swarm, wanted: string): SwarmService {
  const services = swarm.store.list('service');
  const found =
    services.find(each => each.ID === wanted || each.Spec.Name === wanted) ??
    services.find(each => each.ID.startsWith(wanted));
  if (!found) throw notFound('service', wanted);
  return found;
}

export function updateService(swarm: Swarm, wanted: string, query: URLSearchParams, body: () => unknown): object {
  const service = findService(swarm, wanted);
  const version = versionOf(query, 'service');
  const rollback = query.get('rollback');
  const spec = body() as ServiceSpec;
  if (version !== service.Version.Index) throw outOfSequence();
  if (rollback === 'previous') {
    if (!swarm.rollBack(service, 'manually requested rollback')) {
      throw refused(400, 'FailedPrecondition', `service ${service.ID} does not have a previous spec`);
    }
    return { Warnings: null };
  }
  check(service, spec);
  swarm.updateService(service, {
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: spec.TaskTemplate.ForceUpdate ?? 0 },
  });
  return { Warnings: null };
}

export function versionOf(query: URLSearchParams, kind: string): number {
  const text = query.get('version') ?? '';
  const version = Number(text);
  if (text && Number.isSafeInteger(version) && version >= 0) return version;
  throw new EngineError(400, `invalid ${kind} version '${text}': strconv.ParseUint: parsing "${text}": invalid syntax`);
}

function check(service: SwarmService, spec: ServiceSpec): void {
  if (!spec?.Name) throw refused(400, 'InvalidArgument', 'name must be a valid DNS name component');
  if (!spec.TaskTemplate?.ContainerSpec?.Image) {
    throw refused(400, 'InvalidArgument', 'ContainerSpec: image reference must be provided');
  }
  if (spec.Name !== service.Spec.Name) throw refused(501, 'Unimplemented', 'renaming services is not supported');
  const [was, is] = [service.Spec, spec].map(each => Object.keys(each.Mode ?? {})[0] ?? 'Replicated');
  if (was !== is) throw refused(501, 'Unimplemented', 'service mode change is not allowed');
  const replicas = spec.Mode?.Replicated?.Replicas ?? 1;
  if (replicas < 0)
    throw new EngineError(400, 'json: cannot unmarshal number into Go struct field .Replicas of type uint64');
}

/** A lost node's tasks still say that they run, and are counted. */
function statusOf(swarm: Swarm, { ID, Spec }: SwarmService) {
  const tasks = swarm.store.tasksOf(ID);
  const desired = tasks.filter(each => each.DesiredState === 'running').length;
  return {
    RunningTasks: tasks.filter(each => each.Status.State === 'running').length,
    DesiredTasks: Spec.Mode.Global ? desired : (Spec.Mode.Replicated?.Replicas ?? 1),
    CompletedTasks: 0,
  };
}
