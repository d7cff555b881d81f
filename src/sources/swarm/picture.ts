import type { Kind, Seen } from '../../model/entity.ts';
import { routesFromLabels } from '../../model/routes.ts';
import type { Sink } from '../source.ts';
import type { ApiNetwork, ApiNode, ApiService, ApiTask } from './api.ts';
import { CrashLedger } from './crash-ledger.ts';
import { seenNetworks } from './networks.ts';
import { nodesById, type SeenNode } from './nodes.ts';
import { listed } from './read.ts';
import { replicasOf, type Sight } from './replicas.ts';
import { pulseOf, readService, type Service } from './service.ts';
import { byAge, isStarting, readTask, type Task } from './task.ts';
import { deathsTold, lossesTold, nodeChanges } from './transitions.ts';
import { seenWorkload } from './workloads.ts';

/** The last complete answer to each list, put together and told to the sink. It outlives a lost connection. */
export class Picture {
  readonly #source: string;
  readonly #sink: Sink;
  readonly #ledger = new CrashLedger();
  #nodes: Map<string, SeenNode> | null = null;
  #services: Map<string, Service> | null = null;
  #servicesAt = 0;
  /** By the Swarm ids of all services that were known when they were read, the newest first. */
  #tasks: Map<string, Task[]> | null = null;
  /** When those of each service were read. */
  #tasksAt = new Map<string, number>();
  /** An answer that came before that of the services. */
  #tasksUnread: { answer: unknown } | null = null;
  #networks = new Map<string, string>();
  #routeOwners = new Map<string, string | null>();
  #pulses = new Map<string, string>();
  /** Ids of tasks on lost nodes that were told. */
  #lost: ReadonlySet<string> = new Set();
  /** When something of a service moved last: itself, the count of its tasks, or one of them. */
  readonly #movedAt = new Map<string, number>();

  constructor(source: string, sink: Sink) {
    this.#source = source;
    this.#sink = sink;
  }

  /**
   * @param now by the engine's clock, here and below
   * @returns whether something moved that makes services and tasks worth asking
   */
  takeNodes(answer: unknown, now: number): boolean {
    const before = this.#nodes ?? new Map<string, SeenNode>();
    this.#nodes = nodesById(listed<ApiNode>(answer, 'ID'), this.#source, before, Date.now(), now);
    for (const happening of nodeChanges(before, this.#nodes, now)) this.#sink.event(happening);
    this.#list('node', [...this.#nodes.values()]);
    if (isSameStanding(before, this.#nodes)) return false;
    // What their tasks say can be believed no longer, or again.
    this.#tellLosses(now);
    this.#sink.put(this.#replicas(now));
    this.#sink.put(this.#workloads(now));
    return before.size > 0;
  }

  /** @returns whether something moved that makes the tasks worth asking */
  takeServices(answer: unknown, now: number): boolean {
    const known = this.#services;
    const services = listed<ApiService>(answer, 'ID').map(api => readService(api, this.#source, known?.get(api.ID!)));
    this.#services = new Map(services.map(service => [service.uid, service]));
    this.#servicesAt = Date.now();
    const before = this.#pulses;
    this.#pulses = new Map(services.map(({ uid, api }) => [uid, pulseOf(api)]));
    if (this.#tasksUnread) this.takeTasks(this.#tasksUnread.answer, now);
    this.#list('workload', this.#workloads(now));
    this.#putRoutes(services);
    if (!known) return false;
    this.#forget([...known.values()].filter(({ uid }) => !this.#services?.has(uid)));
    const moved = [...this.#pulses].filter(([uid, pulse]) => before.get(uid) !== pulse);
    for (const [uid] of moved) this.moved(uid, now);
    return moved.length > 0;
  }

  /** @param of the services whose tasks these are, all that there are of them; null: those of all services */
  takeTasks(answer: unknown, now: number, of: ReadonlySet<string> | null = null): void {
    const services = this.#services;
    // Which tell slots from nodes.
    if (!services) {
      this.#tasksUnread = { answer };
      return;
    }
    this.#tasksUnread = null;
    const before = this.#tasks;
    const read = [...services.values()].filter(({ uid }) => of?.has(uid) ?? true);
    const tasks = listed<ApiTask>(answer, 'ID')
      .map(task => readTask(task, services.get(task.ServiceID ?? '')?.isGlobal ?? false))
      .filter(({ service }) => services.has(service) && (of?.has(service) ?? true))
      .sort(byAge);
    this.#tasks = new Map([...(of && before ? before : []), ...read.map(({ uid }) => [uid, []] as [string, Task[]])]);
    for (const task of tasks) this.#tasks.get(task.service)?.push(task);
    for (const { uid } of read) this.#tasksAt.set(uid, Date.now());
    if (before) {
      for (const { uid } of read) if (storyOf(before.get(uid)) !== storyOf(this.#tasks.get(uid))) this.moved(uid, now);
    } else {
      // The services' counts may be newer than these tasks, and then never move again.
      for (const task of tasks) if (isStarting(task)) this.moved(task.service, now);
    }
    const deaths = this.#ledger.take(tasks, service => services.get(service)?.isJob ?? false, of);
    for (const { service, at } of deaths) this.moved(service, at ?? now);
    const teller = { source: this.#source, now, first: before === null };
    for (const happening of deathsTold(deaths, services, this.#ledger, teller)) this.#sink.event(happening);
    this.#tellLosses(now);
    this.#list('replica', this.#replicas(now, read), of && read);
    this.#sink.put(this.#workloads(now, read));
  }

  takeNetworks(answer: unknown): void {
    const networks = seenNetworks(listed<ApiNetwork>(answer, 'Id'), this.#source, Date.now());
    this.#networks = new Map(networks.map(({ id, uid }) => [id, uid!]));
    this.#list('network', networks);
  }

  /** How many tasks there were when all were read last. */
  get tasks(): number {
    return [...(this.#tasks?.values() ?? [])].reduce((sum, { length }) => sum + length, 0);
  }

  /** Something of a service moved; `at` by the engine's clock, which may be in the past. */
  moved(service: string, at: number): void {
    this.#movedAt.set(service, Math.max(at, this.#movedAt.get(service) ?? Number.NEGATIVE_INFINITY));
  }

  /** Services that have moved since, by the engine's clock, or are being updated: their tasks are worth a closer look. */
  restless(since: number): Set<string> {
    const all = this.#tasks === null ? [] : [...(this.#services?.values() ?? [])];
    return new Set(
      all
        .filter(one => isUpdating(one) || (this.#movedAt.get(one.uid) ?? Number.NEGATIVE_INFINITY) >= since)
        .map(({ uid }) => uid),
    );
  }

  /** Where the engine keeps what stands behind a noun: `/services/w2k7…`; null: it is not known here. */
  pathOf(kind: Kind, id: string): string | null {
    switch (kind) {
      case 'node':
        return path('nodes', [...(this.#nodes?.values() ?? [])].find(node => node.id === id)?.uid);
      case 'workload':
        return path('services', [...(this.#services?.values() ?? [])].find(service => service.id === id)?.uid);
      case 'route':
        return this.pathOf('workload', this.#routeOwners.get(id) ?? '');
      case 'replica': {
        const start = id.slice(id.lastIndexOf('.') + 1);
        return path('tasks', [...(this.#tasks?.values() ?? [])].flat().find(task => task.id.startsWith(start))?.id);
      }
      case 'network':
        return path('networks', this.#networks.get(id));
      default:
        return null;
    }
  }

  #workloads(now: number, of: Iterable<Service> = this.#services?.values() ?? []): Seen<'workload'>[] {
    const sight = this.#sight(now);
    return [...of].map(service =>
      seenWorkload(service, this.#tasks?.get(service.uid) ?? null, sight, this.#servicesAt),
    );
  }

  #replicas(now: number, of: Iterable<Service> = this.#services?.values() ?? []): Seen<'replica'>[] {
    const sight = this.#sight(now);
    return [...of].flatMap(service => {
      const observedAt = this.#tasksAt.get(service.uid) ?? 0;
      return replicasOf(service, this.#tasks?.get(service.uid) ?? [], { ...sight, observedAt });
    });
  }

  /** Services that are gone take their tasks with them. */
  #forget(gone: readonly Service[]): void {
    for (const { uid } of gone) for (const known of [this.#tasks, this.#tasksAt, this.#movedAt]) known?.delete(uid);
    if (gone.length > 0 && this.#tasks) this.#list('replica', [], gone);
  }

  #tellLosses(now: number): void {
    const tasks = [...(this.#tasks?.values() ?? [])].flat();
    const { happenings, lost } = lossesTold(tasks, this.#services ?? new Map(), this.#sight(now), this.#lost);
    this.#lost = lost;
    this.#ledger.excuse(lost);
    for (const happening of happenings) this.#sink.event(happening);
  }

  #putRoutes(services: readonly Service[]): void {
    const routes = services.flatMap(({ id, api }) =>
      routesFromLabels(api.Spec?.Labels ?? {}, { source: this.#source, workload: id, observedAt: this.#servicesAt }),
    );
    this.#routeOwners = new Map(routes.map(({ id, workload }) => [id, workload]));
    this.#list('route', routes);
  }

  #sight(now: number): Sight {
    return { source: this.#source, observedAt: 0, now, nodes: this.#nodes, ledger: this.#ledger };
  }

  /** @param of the services that a list of replicas speaks for; null: for all */
  #list<K extends Kind>(kind: K, seen: Seen<K>[], of: readonly Service[] | null = null): void {
    const ids = of && new Set(of.map(({ id }) => id));
    const listing = this.#sink.list(kind, ids ? noun => 'workload' in noun && ids.has(noun.workload ?? '') : undefined);
    listing.put(seen);
    listing.end();
  }
}

function path(collection: string, id: string | null | undefined): string | null {
  return id ? `/${collection}/${encodeURIComponent(id)}` : null;
}

function isSameStanding(before: ReadonlyMap<string, SeenNode>, after: ReadonlyMap<string, SeenNode>): boolean {
  const standing = ({ id, state, availability }: SeenNode) => `${id} ${state} ${availability}`;
  const same = (one: SeenNode, other: SeenNode | undefined) => other !== undefined && standing(one) === standing(other);
  return before.size === after.size && [...after].every(([uid, node]) => same(node, before.get(uid)));
}

function isUpdating({ api }: Service): boolean {
  return ['updating', 'rollback_started'].includes(api.UpdateStatus?.State ?? '');
}

/** Another one when anything of the tasks moved. */
function storyOf(tasks: readonly Task[] = []): string {
  return tasks.map(({ id, state, desired, error }) => `${id} ${state} ${desired} ${error}`).join();
}
