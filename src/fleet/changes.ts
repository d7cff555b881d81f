/** Changes that are remembered at least, for readers that look rarely. */
const KEPT = 4_096;

/** Which ids changed, in order: a reader that remembers how far it has read is told what came since. */
export class Changes {
  /** The last ones; those before them are only counted. */
  #ids: string[] = [];
  #forgotten = 0;

  /** Grows with each change. */
  get version(): number {
    return this.#forgotten + this.#ids.length;
  }

  add(id: string): void {
    this.#ids.push(id);
    if (this.#ids.length < 2 * KEPT) return;
    this.#ids = this.#ids.slice(KEPT);
    this.#forgotten += KEPT;
  }

  /** What came, changed or went after a version, each once; null when that is too long ago to be known. */
  since(version: number): ReadonlySet<string> | null {
    return version < this.#forgotten ? null : new Set(this.#ids.slice(version - this.#forgotten));
  }
}
