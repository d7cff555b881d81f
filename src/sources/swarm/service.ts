import type { WorkloadType } from '../../model/entity.ts';
import type { ApiService } from './api.ts';
import { words } from './read.ts';
import { fingerprint } from './task.ts';

/** A service and what is derived from it once for all of its tasks. */
export interface Service {
  uid: string;
  /** Of the noun: `prod/service/web`. */
  id: string;
  name: string;
  /** Its stack. */
  stack: string | null;
  type: WorkloadType;
  isJob: boolean;
  isGlobal: boolean;
  /** Of its newest specification: see `Task.spec`. */
  spec: string;
  api: ApiService;
}

/** Set by `docker stack deploy` on everything that it makes. */
const STACK = 'com.docker.stack.namespace';

/** @param known what was read of it before: while its version stays, so does the rest */
export function readService(api: ApiService, source: string, known?: Service): Service {
  if (known && api.Version?.Index !== undefined && api.Version.Index === known.api.Version?.Index)
    return { ...known, api };
  const { Name, Mode, Labels, TaskTemplate } = api.Spec ?? {};
  const name = words(Name) ?? api.ID!;
  const type = Mode?.ReplicatedJob
    ? 'ReplicatedJob'
    : Mode?.GlobalJob
      ? 'GlobalJob'
      : Mode?.Global
        ? 'Global'
        : 'Service';
  return {
    uid: api.ID!,
    id: serviceId(source, name),
    name,
    stack: words(Labels?.[STACK]),
    type,
    isJob: type === 'ReplicatedJob' || type === 'GlobalJob',
    isGlobal: type === 'Global' || type === 'GlobalJob',
    spec: fingerprint(TaskTemplate),
    api,
  };
}

export function serviceId(source: string, name: string): string {
  return `${source}/service/${name}`;
}

/** Changes when the service or the count of its tasks does: then its tasks are worth a look. */
export function pulseOf({ Version, ServiceStatus: status }: ApiService): string {
  return [Version?.Index, status?.RunningTasks, status?.DesiredTasks, status?.CompletedTasks].join(' ');
}
