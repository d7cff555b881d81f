import { idOf } from './ids.ts';
import { items, text, type Wire } from './wire.ts';

export interface EndpointSlice extends Wire {
  addressType?: unknown;
  endpoints?: { conditions?: { ready?: unknown } }[];
}

export interface EndpointCount {
  endpoints: number;
  endpointsReady: number;
}

/** The label that every slice of a Service carries. */
const SERVICE = 'kubernetes.io/service-name';

/** Counts the endpoints of each Service over its slices; only the counts are kept. */
export class Endpoints {
  readonly #source: string;
  /** By the id of the Service, then by the slice. */
  readonly #slices = new Map<string, Map<string, EndpointCount & { family: unknown }>>();

  constructor(source: string) {
    this.#source = source;
  }

  /** Takes a slice as it is now, and names the Service that it counts for. */
  put(slice: EndpointSlice): string | null {
    const service = this.#serviceOf(slice);
    if (!service) return null;
    const endpoints = items(slice.endpoints);
    const slices = this.#slices.get(service) ?? new Map();
    slices.set(nameOf(slice), {
      family: slice.addressType,
      endpoints: endpoints.length,
      // A condition that is not told counts as met (discovery/v1 EndpointConditions).
      endpointsReady: endpoints.filter(({ conditions }) => conditions?.ready !== false).length,
    });
    this.#slices.set(service, slices);
    return service;
  }

  remove(slice: EndpointSlice): string | null {
    const service = this.#serviceOf(slice);
    if (service) this.#slices.get(service)?.delete(nameOf(slice));
    return service;
  }

  /** Forgets the Services of which `gone` says so. */
  drop(gone: (service: string) => boolean): void {
    for (const service of this.#slices.keys()) if (gone(service)) this.#slices.delete(service);
  }

  /** With two address families the same endpoints stand in the slices of both, so that the fuller one is the count. */
  of(service: string): EndpointCount {
    const byFamily = new Map<unknown, EndpointCount>();
    for (const { family, endpoints, endpointsReady } of this.#slices.get(service)?.values() ?? []) {
      const sum = byFamily.get(family) ?? { endpoints: 0, endpointsReady: 0 };
      byFamily.set(family, {
        endpoints: sum.endpoints + endpoints,
        endpointsReady: sum.endpointsReady + endpointsReady,
      });
    }
    const fullest = [...byFamily.values()].sort(
      (a, b) => b.endpoints - a.endpoints || b.endpointsReady - a.endpointsReady,
    );
    return fullest[0] ?? { endpoints: 0, endpointsReady: 0 };
  }

  #serviceOf({ metadata }: EndpointSlice): string | null {
    const name = text(metadata?.labels?.[SERVICE]);
    return name && idOf(this.#source, 'service', name, text(metadata?.namespace) ?? '?');
  }
}

function nameOf({ metadata }: EndpointSlice): string {
  return text(metadata?.name) ?? '?';
}
