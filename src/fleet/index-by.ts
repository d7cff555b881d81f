/** Ids grouped under a key, kept while nouns come, change and go. */
export class IndexBy {
  readonly #groups = new Map<string, Set<string>>();

  get(key: string): ReadonlySet<string> {
    return this.#groups.get(key) ?? NONE;
  }

  /** Moves an id from one key to another; `null` is no key. */
  move(id: string, from: string | null, to: string | null): void {
    if (from === to) return;
    if (from !== null) {
      const group = this.#groups.get(from);
      group?.delete(id);
      if (group?.size === 0) this.#groups.delete(from);
    }
    if (to !== null) {
      const group = this.#groups.get(to);
      if (group) group.add(id);
      else this.#groups.set(to, new Set([id]));
    }
  }
}

const NONE: ReadonlySet<string> = new Set();
