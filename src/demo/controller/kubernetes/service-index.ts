import type { Pod, Service } from './objects.ts';
import { matches } from './selectors.ts';

/** Knows for every service the pods that it selects, and for every pod the services, without walking over all. */
export class ServiceIndex {
  /** By one `namespace key=value` of their selectors. */
  readonly #byPair = new Map<string, Map<string, Service>>();
  /** By service uid. */
  readonly #pods = new Map<string, Map<string, Pod>>();

  podsOf(service: Service): Pod[] {
    return [...(this.#pods.get(service.metadata.uid)?.values() ?? [])];
  }

  /** `pods` are all that may be among its pods: those of its namespace. */
  keepService(before: Service | null, after: Service | null, pods: () => readonly Pod[]): void {
    if (before && after && before.spec === after.spec) {
      const pair = pairOf(after);
      if (pair) this.#byPair.get(pair)?.set(after.metadata.uid, after);
      return;
    }
    const formerly = before && pairOf(before);
    if (before && formerly) {
      this.#byPair.get(formerly)?.delete(before.metadata.uid);
      this.#pods.delete(before.metadata.uid);
    }
    const pair = after && pairOf(after);
    if (!after || !pair) return;
    const sharing = this.#byPair.get(pair) ?? new Map();
    this.#byPair.set(pair, sharing.set(after.metadata.uid, after));
    const selected = pods().filter(pod => isSelected(after, pod));
    this.#pods.set(after.metadata.uid, new Map(selected.map(pod => [pod.metadata.uid, pod])));
  }

  /** Keeps the pod where it belongs, and gives the services that select or selected it. */
  keepPod(before: Pod | null, after: Pod | null): Service[] {
    const touched = new Set<Service>();
    if (before && before.metadata.labels !== after?.metadata.labels) {
      for (const service of this.#selecting(before)) {
        this.#pods.get(service.metadata.uid)?.delete(before.metadata.uid);
        touched.add(service);
      }
    }
    if (after) {
      for (const service of this.#selecting(after)) {
        this.#pods.get(service.metadata.uid)?.set(after.metadata.uid, after);
        touched.add(service);
      }
    }
    return [...touched];
  }

  #selecting(pod: Pod): Service[] {
    const services: Service[] = [];
    for (const [key, value] of Object.entries(pod.metadata.labels ?? {})) {
      const sharing = this.#byPair.get(`${pod.metadata.namespace} ${key}=${value}`);
      for (const service of sharing?.values() ?? []) if (isSelected(service, pod)) services.push(service);
    }
    return services;
  }
}

function isSelected({ spec, metadata }: Service, pod: Pod): boolean {
  return metadata.namespace === pod.metadata.namespace && matches({ matchLabels: spec.selector }, pod.metadata.labels);
}

function pairOf({ spec, metadata }: Service): string | null {
  const [first] = Object.entries(spec.selector ?? {});
  return first ? `${metadata.namespace} ${first[0]}=${first[1]}` : null;
}
