import type { Timeline } from '../../timeline.ts';
import {
  isoNano,
  type SafeObject,
  type SwarmNetwork,
  type SwarmNode,
  type SwarmObject,
  type SwarmService,
  type Task,
} from './objects.ts';

export interface SwarmKinds {
  node: SwarmNode;
  service: SwarmService;
  task: Task;
}

export type SwarmKind = keyof SwarmKinds;

export interface SwarmChange<K extends SwarmKind = SwarmKind> {
  kind: K;
  /** null: it is gone. */
  after: SwarmKinds[K] | null;
  before: SwarmKinds[K] | null;
}

type Born = Pick<SwarmObject, 'ID'> & Partial<SwarmObject>;

/** The objects of the embedded swarm, as the managers' log holds them: each write gives the object a new index. */
export class SwarmStore {
  readonly networks: SwarmNetwork[] = [];
  readonly secrets: SafeObject[] = [];
  readonly configs: SafeObject[] = [];
  readonly #timeline: Timeline;
  readonly #tables = {
    node: new Map<string, SwarmNode>(),
    service: new Map<string, SwarmService>(),
    task: new Map<string, Task>(),
  };
  readonly #tasksByService = new Map<string, Map<string, Task>>();
  readonly #listeners = new Set<(change: SwarmChange) => void>();
  readonly #untold: SwarmChange[] = [];
  #isTelling = false;
  #index = 10;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  onChange(listener: (change: SwarmChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get<K extends SwarmKind>(kind: K, id: string): SwarmKinds[K] | null {
    return (this.#table(kind).get(id) as SwarmKinds[K] | undefined) ?? null;
  }

  /** In the order of birth. */
  list<K extends SwarmKind>(kind: K): SwarmKinds[K][] {
    return [...this.#table(kind).values()] as SwarmKinds[K][];
  }

  tasksOf(serviceId: string): Task[] {
    return [...(this.#tasksByService.get(serviceId)?.values() ?? [])];
  }

  create<K extends SwarmKind>(kind: K, object: Omit<SwarmKinds[K], keyof SwarmObject> & Born): SwarmKinds[K] {
    const now = isoNano(this.#timeline.now);
    return this.#commit(kind, { CreatedAt: now, ...object } as unknown as SwarmKinds[K], null);
  }

  /** Replaces the object by what `change` makes of its newest version; null when it is gone. */
  modify<K extends SwarmKind>(
    kind: K,
    id: string,
    change: (now: SwarmKinds[K]) => SwarmKinds[K],
  ): SwarmKinds[K] | null {
    const before = this.get(kind, id);
    if (!before) return null;
    const after = change(before);
    return after === before ? before : this.#commit(kind, after, before);
  }

  /** The index of a write to what is not in the tables. */
  nextIndex(): number {
    this.#index += 1;
    return this.#index;
  }

  remove(kind: SwarmKind, id: string): void {
    const before = this.get(kind, id);
    if (!before) return;
    this.#index += 1;
    this.#table(kind).delete(id);
    if (kind === 'task') this.#tasksByService.get((before as Task).ServiceID)?.delete(id);
    this.#tell({ kind, after: null, before });
  }

  #commit<K extends SwarmKind>(kind: K, next: SwarmKinds[K], before: SwarmKinds[K] | null): SwarmKinds[K] {
    this.#index += 1;
    const after = { ...next, Version: { Index: this.#index }, UpdatedAt: isoNano(this.#timeline.now) };
    this.#table(kind).set(after.ID, after);
    if (kind === 'task') {
      const { ServiceID } = after as Task;
      const siblings = this.#tasksByService.get(ServiceID) ?? new Map<string, Task>();
      this.#tasksByService.set(ServiceID, siblings.set(after.ID, after as Task));
    }
    this.#tell({ kind, after, before });
    return after;
  }

  #table(kind: SwarmKind): Map<string, SwarmObject> {
    return this.#tables[kind];
  }

  #tell(change: SwarmChange): void {
    this.#untold.push(change);
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
      for (const listener of this.#listeners) listener(next);
    }
    this.#isTelling = false;
  }
}
