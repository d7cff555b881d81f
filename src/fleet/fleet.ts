import { isDeepStrictEqual } from 'node:util';
import { EVERY_KIND, KINDS, type Kind, type Noun, type Nouns, type Replica, type Seen } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import type { Verdict } from '../model/health/verdict.ts';
import { THRESHOLDS, type Thresholds } from '../model/thresholds.ts';
import type { Coverage, Sink, Source, SourceKind, SourceState } from '../sources/source.ts';
import { Changes } from './changes.ts';
import { Feed } from './feed.ts';
import { History } from './history.ts';
import { IndexBy } from './index-by.ts';
import { Judging } from './judging.ts';
import { isSame } from './same.ts';
import { Signal } from './signal.ts';

/** What a listener can look at for itself: a kind of noun, the sources' states and coverages, the feed. */
export type Topic = Kind | 'sources' | 'events';

export interface FleetOptions {
  thresholds?: Partial<Thresholds>;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Least milliseconds between two notifications. */
  everyMs?: number;
  /** Where lines for the log file go. */
  log?: (line: string) => void;
  /** Each event as it comes in, folded: for the store. */
  onEvent?: (event: FeedEvent) => void;
}

/**
 * The live picture of the platform: what all sources see, judged, linked and with its freshness. Sources write into it
 * through their sinks, everybody else only reads and listens.
 */
export class Fleet {
  readonly feed = new Feed();
  /** Of nodes the CPU, of pools the connections, of the last minutes. */
  readonly history = new History();
  readonly now: () => number;
  readonly #options: FleetOptions;
  readonly limits: Thresholds;
  readonly #nouns = Object.fromEntries(EVERY_KIND.map(kind => [kind, new Map()])) as {
    [K in Kind]: Map<string, Nouns[K]>;
  };
  readonly #changes = Object.fromEntries(EVERY_KIND.map(kind => [kind, new Changes()])) as Record<Kind, Changes>;
  readonly #versions = { sources: 0, events: 0 };
  readonly #states = new Map<string, SourceState>();
  readonly #coverages = new Map<string, Coverage>();
  readonly #sources = new Map<string, Source>();
  readonly #replicasByWorkload = new IndexBy();
  readonly #replicasByNode = new IndexBy();
  readonly #byName = Object.fromEntries(EVERY_KIND.map(kind => [kind, new IndexBy()])) as Record<Kind, IndexBy>;
  readonly #judging = new Judging(this, noun => this.#changes[noun.kind].add(noun.id));
  readonly #signal: Signal;
  #pace: NodeJS.Timeout | null = null;
  #frames = 0;
  #attended: ReadonlySet<Kind> | null = null;

  constructor(options: FleetOptions = {}) {
    this.#options = options;
    this.limits = { ...THRESHOLDS, ...options.thresholds };
    this.now = options.now ?? Date.now;
    this.#signal = new Signal({ everyMs: options.everyMs, before: () => this.#beforeFrame() });
  }

  /** Called after changes, at most at the frame rate. Returns the way to stop listening. */
  subscribe = (listener: () => void): (() => void) => this.#signal.subscribe(listener);

  /** Grows with every notification. */
  frame = (): number => this.#frames;

  /** A number that grows whenever something under the topic changed. */
  version(topic: Topic): number {
    return topic === 'sources' || topic === 'events' ? this.#versions[topic] : this.#changes[topic].version;
  }

  /**
   * Ids of a kind that came, changed or went since its version was that; null when this is too long ago to be known. A
   * workload changes with its replicas.
   */
  changedSince(kind: Kind, version: number): ReadonlySet<string> | null {
    return this.#changes[kind].since(version);
  }

  all<K extends Kind>(kind: K): ReadonlyMap<string, Nouns[K]> {
    return this.#nouns[kind];
  }

  get<K extends Kind>(kind: K, id: string): Nouns[K] | undefined {
    return this.#nouns[kind].get(id);
  }

  find(id: string): Noun | undefined {
    for (const kind of KINDS) {
      const noun = this.#nouns[kind].get(id);
      if (noun) return noun;
    }
    return undefined;
  }

  named<K extends Kind>(kind: K, name: string): Nouns[K][] {
    return this.#pick(kind, this.#byName[kind].get(name));
  }

  /** The few of a kind that are bad, warn, or are busy. */
  unsettled<K extends Kind>(kind: K): Nouns[K][] {
    return this.#pick(kind, this.#judging.unsettled(kind));
  }

  replicasOf(workload: string): Replica[] {
    return this.#pick('replica', this.#replicasByWorkload.get(workload));
  }

  replicasOn(node: string): Replica[] {
    return this.#pick('replica', this.#replicasByNode.get(node));
  }

  /** All that is not well about a noun, worst first; only the worst is its health and stands in its row. */
  verdicts(noun: Noun): Verdict[] {
    return this.#judging.verdicts(noun);
  }

  sources(): SourceState[] {
    return [...this.#states.values()];
  }

  source(name: string): Source | undefined {
    return this.#sources.get(name);
  }

  /** What is known of one kind at one source; undefined: not asked yet, or not something that it tells. */
  coverage(source: string, kind: Kind): Coverage | undefined {
    return this.#coverages.get(`${source} ${kind}`);
  }

  /** Names a source that is about to be watched: it is connecting from now on. */
  expect(name: string, kind: SourceKind): void {
    const since = this.now();
    this.#states.set(name, { name, kind, phase: 'connecting', since, observedAt: null, trouble: null, target: null });
    this.#tell('sources');
  }

  /** Starts a source and takes what it sees from now on. */
  watch(source: Source): void {
    const { name, kind } = source;
    this.#sources.set(name, source);
    if (!this.#states.has(name)) this.expect(name, kind);
    this.#pace ??= setInterval(() => this.#lookAgain(), LOOK_AGAIN_MS).unref();
    if (this.#attended) source.attend?.(this.#attended);
    source.start(this.sink(name, kind));
  }

  async stop(): Promise<void> {
    if (this.#pace) clearInterval(this.#pace);
    await Promise.allSettled([...this.#sources.values()].map(source => source.stop()));
    this.#signal.stop();
  }

  /** Judges what changed and tells listeners now instead of at the next frame. */
  flush(): void {
    this.#signal.flush();
  }

  /** Judges what changed and tells nobody: for who reads between two notifications, when some has no verdict yet. */
  judge(): void {
    if (this.#judging.isDue) this.#judging.judgeAll();
  }

  /** Takes back events that were kept before this program started, oldest first. */
  restore(events: readonly FeedEvent[]): void {
    this.feed.restore(events);
    this.#tell('events');
  }

  /** What the screen shows now: sources read costly kinds only while someone looks. */
  attend(kinds: ReadonlySet<Kind>): void {
    if (this.#attended && kinds.symmetricDifference(this.#attended).size === 0) return;
    this.#attended = kinds;
    for (const source of this.#sources.values()) source.attend?.(kinds);
  }

  /** The way in for one source. */
  sink(name: string, kind: SourceKind): Sink {
    return {
      state: ({ proof, ...change }) => this.#setState(name, change, proof ?? false),
      coverage: (of, coverage) => this.#cover(name, of, coverage),
      put: seen => {
        for (const noun of seen) this.#put(noun);
      },
      patch: (of, id, fields) => {
        const noun = this.#nouns[of].get(id);
        if (noun) this.#patch(noun, fields);
      },
      remove: (of, ids) => {
        for (const id of ids) this.#remove(of, id);
      },
      list: (of, scope) => this.#list(name, of, scope),
      event: happening => {
        const event = this.feed.add(happening);
        this.#options.onEvent?.(event);
        this.#tell('events');
      },
      log: line => this.#options.log?.(`${kind} ${name}: ${line}`),
    };
  }

  #cover(source: string, kind: Kind, coverage: Coverage): void {
    const key = `${source} ${kind}`;
    if (isDeepStrictEqual(this.#coverages.get(key), coverage)) return;
    this.#coverages.set(key, coverage);
    this.#tell('sources');
  }

  #setState(name: string, change: Partial<SourceState>, proof: boolean): void {
    const before = this.#states.get(name);
    if (!before) return;
    const moved = change.phase !== undefined && change.phase !== before.phase;
    const since = moved ? this.now() : before.since;
    this.#states.set(name, { ...before, ...change, since, observedAt: proof ? this.now() : before.observedAt });
    const after: SourceState = this.#states.get(name)!;
    // A proof of life that changes nothing else is no news: the age of what is live is not shown.
    if (!isDeepStrictEqual({ ...before, observedAt: null }, { ...after, observedAt: null })) this.#tell('sources');
    if (moved) this.#tellPhase(before, after);
  }

  /** The loss and the return of a source are events like any other. */
  #tellPhase(before: SourceState, after: SourceState): void {
    const lost = after.phase === 'stale' || after.phase === 'refused';
    const back = after.phase === 'live' && before.phase !== 'connecting';
    if (!lost && !back) return;
    this.sink(after.name, after.kind).event({
      key: `source/${after.name}/${after.phase}/${after.since}`,
      at: after.since,
      severity: lost ? 'bad' : 'info',
      source: after.name,
      about: null,
      subject: `source/${after.name}`,
      reason: lost ? after.phase : 'live',
      message: lost ? (after.trouble?.why ?? 'no answer') : 'answers again',
    });
  }

  #put(seen: Seen): void {
    const { kind, id } = seen;
    const nouns = this.#nouns[kind] as Map<string, Noun>;
    const before = nouns.get(id);
    if (before && isSame(before, seen)) {
      // Another object all the same: a list that is under way has seen it.
      const again = { ...before, observedAt: seen.observedAt };
      nouns.set(id, again);
      this.#judging.renew(before, again);
      return;
    }
    const noun = { ...seen, health: before?.health ?? 'unknown', reason: before?.reason ?? null } as Noun;
    nouns.set(id, noun);
    this.#index(before, noun);
    this.#touch(kind, id);
  }

  /** In place: a noun that was only patched while a list was under way was not seen by that list. */
  #patch(noun: Noun, fields: Partial<Noun>): void {
    Object.assign(noun, fields);
    this.#judging.add(noun);
    this.#touch(noun.kind, noun.id);
  }

  #remove(kind: Kind, id: string): void {
    const noun = this.#nouns[kind].get(id);
    if (!noun) return;
    this.#nouns[kind].delete(id);
    this.#index(noun, undefined);
    this.#touch(kind, id);
  }

  #list<K extends Kind>(source: string, kind: K, scope: (noun: Nouns[K]) => boolean = () => true) {
    const begun = new Map<string, Nouns[K]>(this.#nouns[kind]);
    return {
      put: (seen: Seen<K>[]) => {
        for (const noun of seen) this.#put(noun as Seen);
      },
      // A noun that was put since the list began is another object than at its beginning: it stays.
      end: () => {
        for (const [id, noun] of begun) {
          if (noun.source === source && scope(noun) && this.#nouns[kind].get(id) === noun) this.#remove(kind, id);
        }
        this.#cover(source, kind, { state: 'complete' });
      },
    };
  }

  #index(before: Noun | undefined, after: Noun | undefined): void {
    const id = (before ?? after)!.id;
    this.#byName[(before ?? after)!.kind].move(id, before?.name ?? null, after?.name ?? null);
    const old = before?.kind === 'replica' ? before : undefined;
    const young = after?.kind === 'replica' ? after : undefined;
    if (old || young) {
      this.#replicasByWorkload.move(id, old?.workload ?? null, young?.workload ?? null);
      this.#replicasByNode.move(id, old?.node ?? null, young?.node ?? null);
    }
    this.#judging.move(id, before, after);
  }

  #touch(kind: Kind, id: string): void {
    this.#changes[kind].add(id);
    this.#signal.changed();
  }

  #tell(topic: 'sources' | 'events'): void {
    this.#versions[topic]++;
    this.#signal.changed();
  }

  #lookAgain(): void {
    this.history.sample(this.#numbers());
    this.#judging.addOld();
    if (this.#judging.isDue) this.#signal.changed();
  }

  #beforeFrame(): void {
    this.#frames++;
    this.#judging.judgeAll();
  }

  *#numbers(): Iterable<[string, number | null]> {
    for (const node of this.#nouns.node.values()) yield [node.id, node.cpuUsedMillicores];
    for (const pool of this.#nouns.pool.values()) yield [pool.id, pool.connections];
  }

  #pick<K extends Kind>(kind: K, ids: Iterable<string>): Nouns[K][] {
    const found: Nouns[K][] = [];
    for (const id of ids) {
      const noun = this.#nouns[kind].get(id);
      if (noun) found.push(noun);
    }
    return found;
  }
}

/** How often verdicts are looked at again and a sample of the numbers is taken. */
const LOOK_AGAIN_MS = 15_000;
