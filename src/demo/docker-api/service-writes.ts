import type { ServiceSpec, SwarmService, TaskSpec } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { canonical } from './canonical.ts';
import { EngineError, outOfSequence, refused } from './engine-error.ts';
import { findService } from './find.ts';
import { specOf } from './service-spec.ts';
import { versionOf } from './version-of.ts';

/** `POST /services/create` */
export function createService(swarm: Swarm, body: () => object): object {
  const spec = specOf(swarm, body());
  if (swarm.store.list('service').some(each => each.Spec.Name === spec.Name)) {
    const why = `name conflicts with an existing object: service ${spec.Name} already exists`;
    throw refused(409, 'AlreadyExists', why);
  }
  checkPorts(swarm, spec, null);
  return { ID: swarm.createService(spec).ID, Warnings: null };
}

/** `POST /services/ID/update`: the whole specification anew, or with `rollback=previous` the one before it. */
export function updateService(swarm: Swarm, wanted: string, query: URLSearchParams, body: () => object): object {
  const version = versionOf(query, 'service');
  const rollback = query.get('rollback') ?? '';
  const spec = specOf(swarm, body());
  const service = findService(swarm, wanted);
  if (!['', 'none', 'previous'].includes(rollback))
    throw new EngineError(500, `unrecognized rollback option ${rollback}`);
  if (spec.Name !== service.Spec.Name) throw refused(501, 'Unimplemented', 'renaming services is not supported');
  if (modeOf(spec) !== modeOf(service.Spec)) throw refused(501, 'Unimplemented', 'service mode change is not allowed');
  checkPorts(swarm, spec, service);
  if (rollback === 'previous' && !service.PreviousSpec) {
    throw refused(400, 'FailedPrecondition', `service ${service.ID} does not have a previous spec`);
  }
  if (version !== service.Version.Index) throw outOfSequence();
  if (rollback === 'previous') swarm.rollBack(service, 'manually requested rollback');
  else swarm.updateService(service, { ...spec, TaskTemplate: known(swarm, service, spec.TaskTemplate) });
  return { Warnings: null };
}

/** `DELETE /services/ID` */
export function removeService(swarm: Swarm, wanted: string): void {
  swarm.removeService(findService(swarm, wanted).ID);
}

/** What says the same in another writing is no news, and no reason to replace a task. */
function known(swarm: Swarm, service: SwarmService, next: TaskSpec): TaskSpec {
  const before = [service.Spec.TaskTemplate, ...swarm.store.tasksOf(service.ID).map(each => each.Spec)];
  return before.find(each => canonical(each) === canonical(next)) ?? next;
}

/** As a filter has it. */
export function modeOf({ Mode }: ServiceSpec): 'global' | 'replicated' | 'replicated-job' | 'global-job' {
  if (Mode.ReplicatedJob) return 'replicated-job';
  if (Mode.GlobalJob) return 'global-job';
  return Mode.Global ? 'global' : 'replicated';
}

/** A port of the ingress network belongs to one service. */
function checkPorts(swarm: Swarm, { EndpointSpec }: ServiceSpec, self: SwarmService | null): void {
  const isIngress = (port: { PublishMode?: string }) => (port.PublishMode ?? 'ingress') === 'ingress';
  for (const { PublishedPort, Protocol = 'tcp' } of (EndpointSpec?.Ports ?? []).filter(isIngress)) {
    if (!PublishedPort) continue;
    const owner = swarm.store
      .list('service')
      .find(each =>
        (each.Endpoint.Ports ?? []).some(
          port => isIngress(port) && port.PublishedPort === PublishedPort && port.Protocol === Protocol,
        ),
      );
    if (!owner || owner.ID === self?.ID) continue;
    const why = `port '${PublishedPort}' is already in use by service '${owner.Spec.Name}' (${owner.ID}) as an ingress port`;
    throw refused(400, 'InvalidArgument', why);
  }
}
