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
import { byAge, readTask, type Task } from './task.ts';
import { deathsTold, lossesTold, nodeChanges } from './transitions.ts';
import { seenWorkload } from './workloads.ts';

/** What died will die again: between two deaths all looks well for a moment. */
const RESTLESS_MS = 120_000;

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
  #tasksAt = 0;
  /** An answer that came before that of the services. */
  #tasksUnread: { answer: unknown } | null = null;
  #networks = new Map<string, string>();
  #routeOwners = new Map<string, string | null>();
  #pulses = new Map<string, string>();
  /** Ids of tasks on lost nodes that were told. */
  #lost: ReadonlySet<string> = new Set();
  #unsettled = false;
  #lastDeathAt = Number.NEGATIVE_INFINITY;

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
    return this.#pulses.size !== before.size || [...this.#pulses].some(([uid, pulse]) => before.get(uid) !== pulse);
  }

  takeTasks(answer: unknown, now: number): void {
    const services = this.#services;
    // Which tell slots from nodes.
    if (!services) {
      this.#tasksUnread = { answer };
      return;
    }
    this.#tasksUnread = null;
    const first = this.#tasks === null;
    const tasks = listed<ApiTask>(answer, 'ID')
      .map(task => readTask(task, services.get(task.ServiceID ?? '')?.isGlobal ?? false))
      .filter(({ service }) => services.has(service))
      .sort(byAge);
    this.#tasks = new Map([...services.keys()].map(uid => [uid, []]));
    for (const task of tasks) this.#tasks.get(task.service)?.push(task);
    this.#tasksAt = Date.now();
    const deaths = this.#ledger.take(tasks, service => services.get(service)?.isJob ?? false);
    for (const { at } of deaths) this.#lastDeathAt = Math.max(this.#lastDeathAt, at ?? now);
    for (const happening of deathsTold(deaths, services, this.#ledger, { source: this.#source, now, first }))
      this.#sink.event(happening);
    this.#tellLosses(now);
    this.#list('replica', this.#replicas(now));
    this.#sink.put(this.#workloads(now));
  }

  takeNetworks(answer: unknown): void {
    const networks = seenNetworks(listed<ApiNetwork>(answer, 'Id'), this.#source, Date.now());
    this.#networks = new Map(networks.map(({ id, uid }) => [id, uid!]));
    this.#list('network', networks);
  }

  /** Not all tasks run that should, one has just died, or an update is under way: worth a closer look than at rest. */
  isUnsettled(now: number): boolean {
    return this.#unsettled || now - this.#lastDeathAt < RESTLESS_MS;
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

  #workloads(now: number): Seen<'workload'>[] {
    const sight = this.#sight(now);
    const workloads = [...(this.#services?.values() ?? [])].map(service =>
      seenWorkload(service, this.#tasks?.get(service.uid) ?? null, sight, this.#servicesAt),
    );
    this.#unsettled = workloads.some(isUnsettled);
    return workloads;
  }

  #replicas(now: number): Seen<'replica'>[] {
    const sight = this.#sight(now);
    return [...(this.#tasks ?? [])].flatMap(([uid, tasks]) => {
      const service = this.#services?.get(uid);
      return service ? replicasOf(service, tasks, sight) : [];
    });
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
    return { source: this.#source, observedAt: this.#tasksAt, now, nodes: this.#nodes, ledger: this.#ledger };
  }

  #list<K extends Kind>(kind: K, seen: Seen<K>[]): void {
    const listing = this.#sink.list(kind);
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

function isUnsettled({ wanted, ready, succeeded, rollout }: Seen<'workload'>): boolean {
  if (rollout?.state === 'updating' || rollout?.state === 'rolling back') return true;
  return succeeded === null ? ready !== wanted : succeeded < (wanted ?? 0);
}
