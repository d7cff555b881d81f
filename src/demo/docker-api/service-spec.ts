import type { ServiceSpec, TaskSpec } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { EngineError, refused } from './engine-error.ts';

const CONSTRAINT = /^\s*[\w.-]+\s*(==|!=)\s*\S+\s*$/;

/** A service as a client wants it, checked as the managers do, with networks by id. Throws an EngineError. */
export function specOf(swarm: Swarm, body: object): ServiceSpec {
  const { Name = '', Labels, Mode, TaskTemplate: template, Networks, ...rest } = body as Partial<ServiceSpec>;
  const { ContainerSpec } = (template ?? {}) as Partial<TaskSpec>;
  if (!template || !ContainerSpec) throw new EngineError(400, 'mismatched Runtime and *Spec fields');
  if (Object.values(Mode ?? {}).filter(Boolean).length > 1)
    throw new EngineError(400, 'must specify only one service mode');
  const targets = (template.Networks ?? Networks)?.map(each => ({ ...each, Target: networkId(swarm, each.Target) }));
  if (!/^[a-z0-9]([\w-]*[a-z0-9])?$/i.test(Name)) invalid('name must be valid as a DNS name component');
  if ((Mode?.ReplicatedJob || Mode?.GlobalJob) && rest.UpdateConfig) invalid('Jobs may not have an update config');
  if (!ContainerSpec.Image) invalid('ContainerSpec: image reference must be provided');
  if (/[A-Z]/.test(ContainerSpec.Image.replace(/[:@].*/, ''))) {
    invalid(`ContainerSpec: "${ContainerSpec.Image}" is not a valid repository/tag`);
  }
  if (template.Placement?.Constraints?.some(each => !CONSTRAINT.test(each))) {
    throw refused(500, 'Unknown', 'constraint expected one operator from ==, !=');
  }
  return {
    ...rest,
    Name,
    Labels: Labels ?? {},
    TaskTemplate: {
      ...template,
      ContainerSpec,
      ...(targets && { Networks: targets }),
      ForceUpdate: template.ForceUpdate ?? 0,
      Runtime: template.Runtime ?? 'container',
    },
    Mode: modeOf(Mode),
  };
}

function modeOf(mode: ServiceSpec['Mode'] | undefined): ServiceSpec['Mode'] {
  if (mode?.Global) return { Global: {} };
  if (mode?.GlobalJob) return { GlobalJob: {} };
  if (!mode?.ReplicatedJob) return { Replicated: { Replicas: replicasOf(mode) } };
  const { MaxConcurrent = 1, TotalCompletions = MaxConcurrent } = mode.ReplicatedJob;
  return { ReplicatedJob: { MaxConcurrent, TotalCompletions } };
}

function replicasOf(mode: ServiceSpec['Mode'] | undefined): number {
  const replicas: unknown = mode?.Replicated?.Replicas ?? 1;
  if (typeof replicas === 'number' && Number.isSafeInteger(replicas) && replicas >= 0) return replicas;
  const what = typeof replicas === 'number' ? `number ${replicas}` : typeof replicas;
  const field = 'Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64';
  throw new EngineError(400, `invalid JSON: json: cannot unmarshal ${what} into ${field}`);
}

function networkId({ store }: Swarm, wanted: string): string {
  const found = store.networks.find(({ Id, Name }) => Id === wanted || Name === wanted);
  if (!found) throw new EngineError(500, `network ${wanted} not found`);
  return found.Id;
}

function invalid(why: string): never {
  throw refused(400, 'InvalidArgument', why);
}
