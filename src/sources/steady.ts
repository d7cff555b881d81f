const KEPT = 5;

/**
 * What an endpoint usually takes to answer, in milliseconds: the median of its last five answers, kept as told while
 * the new one differs by less than 20 ms or a third of it. One hiccup is no news, and what has not changed is not drawn.
 */
export class SteadyLatency {
  readonly #last: number[] = [];
  #told: number | null = null;

  add(ms: number): number {
    this.#last.push(ms);
    if (this.#last.length > KEPT) this.#last.shift();
    const sorted = this.#last.toSorted((a, b) => a - b);
    const median = Math.max(1, Math.round(sorted[Math.floor(sorted.length / 2)] ?? ms));
    if (this.#told === null || Math.abs(median - this.#told) >= Math.max(20, this.#told / 3)) this.#told = median;
    return this.#told;
  }

  /** What `add` gave last; null before. */
  get told(): number | null {
    return this.#told;
  }

  /** After a loss the answers before it say nothing any more. */
  reset(): void {
    this.#last.length = 0;
    this.#told = null;
  }
}
