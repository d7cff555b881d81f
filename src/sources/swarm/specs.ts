import { type ContainerSpec, isSocket, type Spec } from '../spec.ts';
import type { ApiService } from './api.ts';
import { bytes, millicores, words } from './read.ts';
import { readService } from './service.ts';

/** What is read of a service beside what is watched. */
interface Service extends ApiService {
  Spec?: ApiService['Spec'] & {
    TaskTemplate?: {
      ContainerSpec?: {
        Image?: string;
        User?: string;
        Healthcheck?: { Test?: string[] | null } | null;
        Mounts?: { Type?: string; Source?: string }[] | null;
      };
    };
  };
}

/** What all services are meant to be, from one list of them. */
export function specsOf(source: string, list: unknown): Spec[] {
  const services = (Array.isArray(list) ? list : []).filter(each => typeof each?.ID === 'string') as Service[];
  return services.map(api => {
    const { Order, Parallelism } = api.Spec?.UpdateConfig ?? {};
    return {
      workload: readService(api, source).id,
      strategy: {
        type: words(Order),
        maxSurge: null,
        maxUnavailable: Parallelism === undefined ? null : String(Parallelism),
      },
      account: null,
      containers: [containerOf(api)],
    };
  });
}

function containerOf({ Spec, ID }: Service): ContainerSpec {
  const { ContainerSpec: container, Resources } = Spec?.TaskTemplate ?? {};
  const { Limits, Reservations } = Resources ?? {};
  return {
    name: words(Spec?.Name) ?? String(ID),
    image: words(container?.Image),
    cpuRequestMillicores: millicores(Reservations?.NanoCPUs),
    cpuLimitMillicores: millicores(Limits?.NanoCPUs),
    memoryRequestBytes: bytes(Reservations?.MemoryBytes),
    memoryLimitBytes: bytes(Limits?.MemoryBytes),
    checked: isChecked(container?.Healthcheck?.Test),
    root: container?.User ? /^(root|0)(:|$)/.test(container.User) : null,
    privileged: false,
    socket: (container?.Mounts ?? []).some(({ Source }) => isSocket(Source)),
  };
}

/** An image may have a question of its own, which NONE takes away. */
function isChecked(test: string[] | null | undefined): boolean | null {
  const [first] = test ?? [];
  return first === undefined ? null : first !== 'NONE';
}
