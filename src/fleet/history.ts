/** The recent past of numbers: a bounded ring of samples for each id, for sparklines. */
export class History {
  readonly #series = new Map<string, number[]>();
  readonly #length: number;

  /** @param length samples kept for each id */
  constructor(length = 60) {
    this.#length = length;
  }

  /** Adds one sample for each; an id that is not named any more loses its past. */
  sample(values: Iterable<[id: string, value: number | null]>): void {
    const seen = new Set<string>();
    for (const [id, value] of values) {
      seen.add(id);
      if (value === null) continue;
      const series = this.#series.get(id) ?? [];
      series.push(value);
      if (series.length > this.#length) series.shift();
      this.#series.set(id, series);
    }
    for (const id of this.#series.keys()) {
      if (!seen.has(id)) this.#series.delete(id);
    }
  }

  of(id: string): readonly number[] {
    return this.#series.get(id) ?? [];
  }
}
