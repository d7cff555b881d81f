import type { Kind } from '../../model/entity.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { Coverage, Sink } from '../source.ts';

/** Puts together what is known of a kind that is read in parts: several resources, several namespaces. */
export class Coverages {
  readonly #sink: Sink;
  readonly #parts = new Map<Kind, Map<string, Coverage>>();
  readonly #extras = new Map<Kind, Map<string, Coverage>>();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** One of the parts that the kind's objects come from. Returns how to tell what is known of it. */
  part(kind: Kind, name: string): (coverage: Coverage) => void {
    return this.#teller(this.#parts, kind, name);
  }

  /**
   * What may turn out to be another part: until that is known nobody can say that the kind is complete. Returns how to
   * tell that it is.
   */
  maybe(kind: Kind, name: string): () => void {
    const parts = this.#parts.get(kind) ?? new Map<string, Coverage>();
    this.#parts.set(kind, parts.set(name, { state: 'asking' }));
    return () => {
      if (parts.delete(name)) this.#sink.coverage(kind, this.#of(kind));
    };
  }

  /** Something that adds fields to the kind's objects, which are complete without it, but for those. */
  extra(kind: Kind, name: string): (coverage: Coverage) => void {
    return this.#teller(this.#extras, kind, name);
  }

  #teller(all: Map<Kind, Map<string, Coverage>>, kind: Kind, name: string): (coverage: Coverage) => void {
    const ofKind = all.get(kind) ?? new Map<string, Coverage>();
    all.set(kind, ofKind.set(name, { state: 'asking' }));
    return coverage => {
      ofKind.set(name, coverage);
      this.#sink.coverage(kind, this.#of(kind));
    };
  }

  #of(kind: Kind): Coverage {
    const parts = [...(this.#parts.get(kind)?.values() ?? [])];
    const extras = [...(this.#extras.get(kind)?.values() ?? [])];
    const asking = parts.find(({ state }) => state === 'asking');
    const failed = parts.find(({ state }) => state === 'failed');
    if (asking || failed) return (asking ?? failed)!;
    // The last part is the narrowest: what may not even be read there is what must be asked for.
    const last = parts.at(-1);
    if (last && parts.every(({ state }) => state !== 'complete')) return last;
    const except = [...parts, ...extras].flatMap(troubleOf);
    return except.length > 0 ? { state: 'complete', except } : { state: 'complete' };
  }
}

function troubleOf(coverage: Coverage): Trouble[] {
  return 'trouble' in coverage ? [coverage.trouble] : [];
}
