/** Ids grouped under a key, kept while nouns come, change and go. Of most keys there is one: that costs no set. */
export class IndexBy {
  readonly #groups = new Map<string, string | Set<string>>();

  get(key: string): Iterable<string> {
    const group = this.#groups.get(key);
    return typeof group === 'string' ? [group] : (group ?? NONE);
  }

  /** Moves an id from one key to another; `null` is no key. */
  move(id: string, from: string | null, to: string | null): void {
    if (from === to) return;
    if (from !== null) this.#remove(id, from);
    if (to !== null) this.#add(id, to);
  }

  #add(id: string, key: string): void {
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, id);
    else if (typeof group !== 'string') group.add(id);
    else if (group !== id) this.#groups.set(key, new Set([group, id]));
  }

  #remove(id: string, key: string): void {
    const group = this.#groups.get(key);
    if (group === id) this.#groups.delete(key);
    else if (typeof group === 'object' && group.delete(id) && group.size === 0) this.#groups.delete(key);
  }
}

const NONE: readonly string[] = [];
