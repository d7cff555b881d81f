import { KINDS, type Kind, type Nouns, type Seen } from '../../src/model/entity.ts';
import type { Happening } from '../../src/model/event.ts';
import type { Coverage, Listing, Sink, SourceState } from '../../src/sources/source.ts';

/** A sink that keeps all that it is told, and applies it as the fleet does. */
export class RecordingSink implements Sink {
  /** What state() was called with, oldest first. */
  readonly states: Parameters<Sink['state']>[0][] = [];
  readonly coverages = new Map<Kind, Coverage>();
  readonly events: Happening[] = [];
  readonly lines: string[] = [];
  /** The last phase, trouble and target, and how many proofs of life there were. */
  phase: SourceState['phase'] | null = null;
  trouble: SourceState['trouble'] = null;
  target: string | null = null;
  proofs = 0;
  /** Complete lists that have ended, by kind. */
  readonly listsEnded = new Map<Kind, number>();
  readonly #seen = new Map<Kind, Map<string, Seen>>(KINDS.map(kind => [kind, new Map()]));

  all<K extends Kind>(kind: K): Seen<K>[] {
    return [...this.#of(kind).values()];
  }

  get<K extends Kind>(kind: K, id: string): Seen<K> | undefined {
    return this.#of(kind).get(id);
  }

  /** The one with this name; undefined when there is none. */
  named<K extends Kind>(kind: K, name: string): Seen<K> | undefined {
    return this.all(kind).find(noun => noun.name === name);
  }

  state(change: Parameters<Sink['state']>[0]): void {
    this.states.push(change);
    if (change.phase) this.phase = change.phase;
    if (change.trouble !== undefined) this.trouble = change.trouble;
    if (change.target !== undefined) this.target = change.target;
    if (change.proof) this.proofs++;
  }

  coverage(kind: Kind, coverage: Coverage): void {
    this.coverages.set(kind, coverage);
  }

  put(seen: Seen[]): void {
    for (const noun of seen) this.#seen.get(noun.kind)?.set(noun.id, noun);
  }

  patch<K extends Kind>(
    kind: K,
    id: string,
    fields: Partial<Omit<Nouns[K], 'id' | 'kind' | 'health' | 'reason'>>,
  ): void {
    const noun = this.#of(kind).get(id);
    if (noun) this.#of(kind).set(id, { ...noun, ...fields });
  }

  remove(kind: Kind, ids: string[]): void {
    for (const id of ids) this.#seen.get(kind)?.delete(id);
  }

  list<K extends Kind>(kind: K, scope: (noun: Nouns[K]) => boolean = () => true): Listing<K> {
    const before = new Map(this.#of(kind));
    return {
      put: seen => this.put(seen as Seen[]),
      end: () => {
        for (const [id, noun] of before)
          if (this.#of(kind).get(id) === noun && scope(noun as unknown as Nouns[K])) this.remove(kind, [id]);
        this.coverages.set(kind, { state: 'complete' });
        this.listsEnded.set(kind, (this.listsEnded.get(kind) ?? 0) + 1);
      },
    };
  }

  event(happening: Happening): void {
    this.events.push(happening);
  }

  // A field, so that it can be handed on without its object, as the fleet's can.
  readonly log = (line: string): void => {
    this.lines.push(line);
  };

  #of<K extends Kind>(kind: K): Map<string, Seen<K>> {
    return this.#seen.get(kind) as unknown as Map<string, Seen<K>>;
  }
}
