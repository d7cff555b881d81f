import type { Random } from '../../random.ts';
import type { Timeline } from '../../timeline.ts';
import { iso } from './moments.ts';
import type { Kinds, KubeObject, Metadata, Plural } from './objects.ts';
import { controllerOf } from './relations.ts';
import { apiVersionOf, RESOURCES } from './resources.ts';

/** A change as watches tell it: the object after it, and what it was before. */
export interface Change<P extends Plural = Plural> {
  revision: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: P;
  object: Kinds[P];
  before: Kinds[P] | null;
}

/** What is given to create an object: the store adds identity, version and birth. */
export type Draft<K extends KubeObject> = Omit<K, 'apiVersion' | 'kind' | 'metadata'> & {
  metadata: Partial<Metadata>;
};

/**
 * The objects of the embedded cluster, as etcd and the API server's cache hold them: each with a version, every change
 * told to listeners in order, a bounded history of changes for watches to begin from. Objects are values: whoever
 * changes one hands in another.
 */
export class Store {
  /** Whether changes are kept for watches that begin later. */
  remembering = true;
  #revision = 1000;
  #isTelling = false;
  readonly #untold: Change[] = [];
  readonly #tables = new Map<Plural, Table>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #historySize: number;

  constructor(timeline: Timeline, random: Random, historySize = 20_000) {
    this.#timeline = timeline;
    this.#random = random;
    this.#historySize = historySize;
    for (const plural of Object.keys(RESOURCES) as Plural[]) this.#tables.set(plural, new Table());
  }

  /** The version of the newest change. */
  get revision(): number {
    return this.#revision;
  }

  /** Tells each change from now on, in order; what it returns ends that. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get<P extends Plural>(resource: P, namespace: string | undefined, name: string): Kinds[P] | null {
    return (this.#table(resource).objects.get(keyOf(namespace, name)) as Kinds[P] | undefined) ?? null;
  }

  /** The object that has this very identity, wherever it is now; null when it is gone or was replaced. */
  current<P extends Plural>(resource: P, object: KubeObject): Kinds[P] | null {
    return (this.#table(resource).byUid.get(object.metadata.uid) as Kinds[P] | undefined) ?? null;
  }

  /** In the order of their keys (namespace, then name). Not to be changed. */
  list<P extends Plural>(resource: P, namespace?: string): readonly Kinds[P][] {
    const all = this.#table(resource).inOrder() as Kinds[P][];
    return namespace === undefined ? all : all.filter(object => object.metadata.namespace === namespace);
  }

  /** What an object has made, by its uid, in the order of birth. */
  owned<P extends Plural>(resource: P, uid: string): Kinds[P][] {
    return [...(this.#table(resource).byOwner.get(uid)?.values() ?? [])] as Kinds[P][];
  }

  count(resource: Plural): number {
    return this.#table(resource).objects.size;
  }

  create<P extends Plural>(resource: P, draft: Draft<Kinds[P]>): Kinds[P] {
    const { kind } = RESOURCES[resource];
    const { generateName } = draft.metadata;
    const name = draft.metadata.name ?? `${generateName}${this.#random.suffix()}`;
    const object = {
      kind,
      apiVersion: apiVersionOf(RESOURCES[resource]),
      ...draft,
      metadata: {
        ...draft.metadata,
        name,
        uid: draft.metadata.uid ?? this.#random.uuid(),
        resourceVersion: '',
        ...('spec' in draft && !UNCOUNTED.has(resource) && { generation: 1 }),
        creationTimestamp: draft.metadata.creationTimestamp ?? iso(this.#timeline.now),
      },
    } as unknown as Kinds[P];
    if (this.get(resource, object.metadata.namespace, name)) throw new Error(`${kind} ${name} already exists`);
    return this.#commit('ADDED', resource, object, null);
  }

  /**
   * Replaces an object by what `change` makes of its newest version; the same object back means no change, and nothing
   * is told. null when it is gone.
   */
  modify<P extends Plural>(resource: P, object: KubeObject, change: (now: Kinds[P]) => Kinds[P]): Kinds[P] | null {
    const before = this.current(resource, object);
    if (!before) return null;
    const after = change(before);
    return after === before ? before : this.#commit('MODIFIED', resource, after, before);
  }

  /** Takes it out at once, whatever holds it. */
  remove<P extends Plural>(resource: P, object: KubeObject): void {
    const before = this.current(resource, object);
    if (before) this.#commit('DELETED', resource, before, before);
  }

  /** The changes after a version; null when the history does not reach back so far. */
  since<P extends Plural>(resource: P, revision: number): Change<P>[] | null {
    const { history, forgotten } = this.#table(resource);
    if (revision < forgotten) return null;
    let first = history.length;
    while (first > 0 && (history[first - 1] as Change).revision > revision) first -= 1;
    return history.slice(first) as Change<P>[];
  }

  /** Forgets all changes until now, as a compaction does: watches from before are answered with 410. */
  forgetHistory(): void {
    for (const table of this.#tables.values()) table.forget(this.#revision);
  }

  #commit<P extends Plural>(type: Change['type'], resource: P, next: Kinds[P], before: Kinds[P] | null): Kinds[P] {
    this.#revision += 1;
    const { metadata } = next;
    const respecified = before?.spec !== next.spec && before !== null && metadata.generation !== undefined;
    const object = {
      ...next,
      metadata: {
        ...metadata,
        resourceVersion: String(this.#revision),
        ...(respecified && { generation: (before.metadata.generation ?? 0) + 1 }),
      },
    };
    const change: Change<P> = { revision: this.#revision, type, resource, object, before };
    this.#table(resource).apply(change, this.remembering ? this.#historySize : 0);
    this.#tell(change);
    return object;
  }

  /** A listener may change something itself: that is told after the change that led to it, to all. */
  #tell(change: Change): void {
    this.#untold.push(change);
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
      for (const listener of this.#listeners) listener(next);
    }
    this.#isTelling = false;
  }

  #table(resource: Plural): Table {
    return this.#tables.get(resource) as Table;
  }
}

/** Kinds whose specifications the API server does not count. */
const UNCOUNTED = new Set<Plural>([
  'leases',
  'namespaces',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'services',
]);

class Table {
  readonly objects = new Map<string, KubeObject>();
  readonly byUid = new Map<string, KubeObject>();
  readonly byOwner = new Map<string, Map<string, KubeObject>>();
  history: Change[] = [];
  /** The newest version that the history does not know any more. */
  forgotten = 0;
  #keys: string[] = [];
  #ordered: KubeObject[] | null = null;

  inOrder(): KubeObject[] {
    this.#ordered ??= this.#keys.map(key => this.objects.get(key) as KubeObject);
    return this.#ordered;
  }

  apply(change: Change, historySize: number): void {
    const { name, namespace } = change.object.metadata;
    const key = keyOf(namespace, name);
    if (change.type === 'MODIFIED') {
      // In its place: the order stays, and whoever walks over the list sees the newest.
      if (this.#ordered) this.#ordered[this.#positionOf(key)] = change.object;
    } else this.#ordered = null;
    if (change.type === 'DELETED') {
      this.objects.delete(key);
      this.byUid.delete(change.object.metadata.uid);
      this.#keys.splice(this.#positionOf(key), 1);
    } else {
      this.objects.set(key, change.object);
      this.byUid.set(change.object.metadata.uid, change.object);
      if (change.type === 'ADDED') this.#keys.splice(this.#positionOf(key), 0, key);
    }
    this.#keepOwner(change, key);
    if (historySize === 0) {
      this.forgotten = change.revision;
      return;
    }
    this.history.push(change);
    // Cut rarely: each cut copies what stays.
    if (this.history.length > historySize * 1.25) {
      const cut = this.history.splice(0, this.history.length - historySize);
      this.forgotten = cut.at(-1)?.revision ?? this.forgotten;
    }
  }

  forget(revision: number): void {
    this.history = [];
    this.forgotten = revision;
  }

  #keepOwner({ type, object, before }: Change, key: string): void {
    const owner = controllerOf(object)?.uid;
    const formerly = before && controllerOf(before)?.uid;
    if (formerly && (formerly !== owner || type === 'DELETED')) {
      const siblings = this.byOwner.get(formerly);
      siblings?.delete(key);
      if (siblings?.size === 0) this.byOwner.delete(formerly);
    }
    if (!owner || type === 'DELETED') return;
    const siblings = this.byOwner.get(owner);
    if (siblings) siblings.set(key, object);
    else this.byOwner.set(owner, new Map([[key, object]]));
  }

  /** Where the key stands, or would stand. */
  #positionOf(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The blank sorts before every character of a name, so that a namespace stays together. */
function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''} ${name}`;
}
