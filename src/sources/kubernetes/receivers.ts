import type { Kind, Nouns, Seen } from '../../model/entity.ts';
import type { Happening } from '../../model/event.ts';
import type { Sink } from '../source.ts';
import { type EndpointSlice, Endpoints } from './endpoints.ts';
import { type EventObject, Happenings, identityOf } from './happenings.ts';
import type { Projecting } from './project.ts';
import { projectService, type ServiceObject } from './service.ts';
import type { Wire } from './wire.ts';

/** Takes the objects of one resource as they are read. */
export interface Receiver {
  /** A complete list begins; `end` says that it was complete. */
  list(): { page(objects: Wire[]): void; end(): void };
  change(object: Wire): void;
  remove(object: Wire): void;
}

export interface NounsOptions<K extends Kind, W extends Wire> {
  kind: K;
  /** The type of the wire is a promise of its names only: projections look at every leaf. */
  project(object: W): Seen<K>;
  /** Which nouns of the kind the resource speaks for. */
  belongs?(noun: Nouns[K]): boolean;
  gone?(id: string): void;
}

/** Each object is one noun. */
export function nouns<K extends Kind, W extends Wire>(
  sink: Sink,
  namespace: string | null,
  { kind, project, belongs = () => true, gone = () => {} }: NounsOptions<K, W>,
): Receiver {
  const seen = (object: Wire) => project(object as W);
  const within = (noun: Nouns[K]) => namespace === null || ('namespace' in noun && noun.namespace === namespace);
  return {
    list() {
      const listing = sink.list(kind, noun => belongs(noun) && within(noun));
      return { page: objects => listing.put(objects.map(seen)), end: () => listing.end() };
    },
    change: object => sink.put([seen(object) as Seen]),
    remove(object) {
      const { id } = seen(object);
      gone(id);
      sink.remove(kind, [id]);
    },
  };
}

/** Event objects are told, not kept. */
export function events(sink: Sink, source: string): Receiver {
  const happenings = new Happenings(source);
  const read = (object: Wire) => happenings.read(object as EventObject);
  return {
    list() {
      const listed = new Set<string>();
      const told = new Map<string, Happening>();
      return {
        page(objects) {
          for (const object of objects) {
            listed.add(identityOf(object));
            const happening = read(object);
            const newer = happening && (told.get(happening.key)?.at ?? 0) <= happening.at;
            if (newer) told.set(happening.key, happening);
          }
        },
        end() {
          happenings.keep(listed);
          for (const happening of [...told.values()].sort((a, b) => a.at - b.at)) {
            sink.event({ ...happening, count: happenings.countOf(happening.key) });
          }
        },
      };
    },
    change(object) {
      const happening = read(object);
      if (happening) sink.event(happening);
    },
    remove: object => happenings.forget(object),
  };
}

/** Services, and the EndpointSlices that say who answers for them: two resources, one noun. */
export class Services {
  readonly #sink: Sink;
  readonly #projecting: Projecting;
  readonly #endpoints: Endpoints;
  /** Those that can have endpoints. */
  readonly #ids = new Set<string>();
  /** Where all slices are known: namespaces, or null for all. */
  readonly #known = new Set<string | null>();

  constructor(sink: Sink, projecting: Projecting) {
    this.#sink = sink;
    this.#projecting = projecting;
    this.#endpoints = new Endpoints(projecting.source);
  }

  services(namespace: string | null): Receiver {
    const project = (object: ServiceObject) => {
      const service = projectService(object, this.#projecting);
      if (service.type === 'ExternalName') return service;
      this.#ids.add(service.id);
      const known = this.#known.has(null) || this.#known.has(service.namespace);
      return known ? { ...service, ...this.#endpoints.of(service.id) } : service;
    };
    return nouns(this.#sink, namespace, { kind: 'service', project, gone: id => this.#ids.delete(id) });
  }

  slices(namespace: string | null): Receiver {
    const { source } = this.#projecting;
    const within = (service: string) => namespace === null || service.startsWith(`${source}/${namespace}/`);
    return {
      list: () => {
        const listed: EndpointSlice[] = [];
        return {
          page: objects => void listed.push(...objects),
          end: () => {
            this.#endpoints.drop(within);
            for (const slice of listed) this.#endpoints.put(slice);
            this.#known.add(namespace);
            for (const id of this.#ids) if (within(id)) this.#tell(id);
          },
        };
      },
      change: object => this.#tell(this.#endpoints.put(object)),
      remove: object => this.#tell(this.#endpoints.remove(object)),
    };
  }

  #tell(service: string | null): void {
    if (service) this.#sink.patch('service', service, this.#endpoints.of(service));
  }
}
