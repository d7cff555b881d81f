/**
 * Rows in order, kept so while single rows come, change and go: what has not changed is not compared again. The order
 * must be total: two rows that compare as equal are in each other's place.
 */
export class SortedRows<Row extends { id: string }> {
  readonly #compare: (a: Row, b: Row) => number;
  /** Made when it is first asked for: thousands of rows may be filtered for one look. */
  #known: Map<string, Row> | null = null;
  #rows: Row[];

  /** `sorted`: rows that stand in this order already. */
  constructor(compare: (a: Row, b: Row) => number, sorted: Row[] = []) {
    this.#compare = compare;
    this.#rows = sorted;
  }

  get all(): readonly Row[] {
    return this.#rows;
  }

  get(id: string): Row | undefined {
    return this.#byId.get(id);
  }

  /** Where the row of that id and place stands; -1 when there is none. */
  indexOf(row: Row): number {
    const place = this.#placeOf(row);
    return this.#rows[place]?.id === row.id ? place : -1;
  }

  /** Puts rows in, each instead of the one of its id: one comparison for what stays in its place. */
  put(rows: readonly Row[]): void {
    if (rows.length * MANY > this.#rows.length) this.#putMany(rows);
    else for (const row of rows) this.#putOne(row);
  }

  remove(ids: readonly string[]): void {
    const gone = ids.filter(id => this.#byId.has(id));
    if (gone.length * MANY <= this.#rows.length)
      for (const id of gone) this.#rows.splice(this.#placeOf(this.#byId.get(id)!), 1);
    for (const id of gone) this.#byId.delete(id);
    if (gone.length * MANY > this.#rows.length) this.#rows = this.#rows.filter(({ id }) => this.#byId.has(id));
  }

  get #byId(): Map<string, Row> {
    this.#known ??= new Map(this.#rows.map(row => [row.id, row]));
    return this.#known;
  }

  #putOne(row: Row): void {
    const old = this.#byId.get(row.id);
    if (old && this.#compare(old, row) === 0) {
      Object.assign(old, row);
      return;
    }
    if (old) this.#rows.splice(this.#placeOf(old), 1);
    this.#byId.set(row.id, row);
    this.#rows.splice(this.#placeOf(row), 0, row);
  }

  /** What stands in order already comes first and in order: a sort then compares little more than what is new. */
  #putMany(rows: readonly Row[]): void {
    const come = rows.filter(({ id }) => !this.#byId.has(id));
    for (const row of rows) this.#byId.set(row.id, row);
    this.#rows = [...this.#rows, ...come].map(({ id }) => this.#byId.get(id)!).sort(this.#compare);
  }

  /** The first place whose row does not come before. */
  #placeOf(row: Row): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#rows[middle]!, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** From an eighth of all rows on, putting them all in order costs less than finding the place of each. */
const MANY = 8;
