import type { Seen, WorkloadType } from '../../model/entity.ts';
import type { Sink } from '../source.ts';
import type { Word } from './ids.ts';
import { type IngressObject, projectIngress } from './ingress.ts';
import { type IngressRouteObject, projectIngressRoute } from './ingress-route.ts';
import type { Projecting } from './project.ts';
import { nouns, type Receiver } from './receivers.ts';
import type { Wire } from './wire.ts';

/** What a Service usually has behind it. */
const SERVING: ReadonlySet<WorkloadType> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Ingresses and Traefik's IngressRoutes, and the workloads of the same name as the Service that they lead to: whichever comes first. */
export class Routes {
  readonly #sink: Sink;
  readonly #projecting: Projecting;
  /** Ids of workloads by `NAMESPACE/NAME`. */
  readonly #workloads = new Map<string, string>();
  /** Where each route leads: `NAMESPACE/SERVICE` by the route's id. */
  readonly #targets = new Map<string, string>();

  constructor(sink: Sink, projecting: Projecting) {
    this.#sink = sink;
    this.#projecting = projecting;
  }

  ingresses(namespace: string | null): Receiver {
    return this.#receiver(namespace, 'route', (object: IngressObject) => {
      const { route, backend } = projectIngress(object, this.#projecting);
      return { route, target: backend && `${route.namespace}/${backend}` };
    });
  }

  ingressRoutes(namespace: string | null): Receiver {
    return this.#receiver(namespace, 'ingressroute', (object: IngressRouteObject) => {
      const { route, backend } = projectIngressRoute(object, this.#projecting);
      return { route, target: backend };
    });
  }

  #receiver<W extends Wire>(
    namespace: string | null,
    word: Word,
    read: (object: W) => { route: Seen<'route'>; target: string | null },
  ): Receiver {
    return nouns(this.#sink, namespace, {
      kind: 'route',
      project: (object: W) => {
        const { route, target } = read(object);
        if (target === null) this.#targets.delete(route.id);
        else this.#targets.set(route.id, target);
        return { ...route, workload: (target && this.#workloads.get(target)) ?? null };
      },
      belongs: ({ id }) => id.split('/').at(-2) === word,
      gone: id => this.#targets.delete(id),
    });
  }

  /** A workload was read. */
  heard({ id, namespace, name, type }: Pick<Seen<'workload'>, 'id' | 'namespace' | 'name' | 'type'>): void {
    const target = `${namespace}/${name}`;
    if (!SERVING.has(type) || this.#workloads.get(target) === id) return;
    this.#workloads.set(target, id);
    for (const [route, leadsTo] of this.#targets) {
      if (leadsTo === target) this.#sink.patch('route', route, { workload: id });
    }
  }

  /** A workload is gone. */
  forget(id: string): void {
    for (const [target, known] of this.#workloads) if (known === id) this.#workloads.delete(target);
  }
}
