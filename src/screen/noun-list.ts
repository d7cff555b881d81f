import type { FieldContext, Subject } from '../filter/fields.ts';
import { type Filter, narrows, parseFilter } from '../filter/filter.ts';
import type { Kind, Noun } from '../model/entity.ts';
import { byHealth } from '../model/health/verdict.ts';
import type { ColumnContext } from './columns/column.ts';
import type { Line, List } from './list.ts';
import type { PaneState } from './pane.ts';
import { type Place, type RowOrder, rowOrder } from './row-order.ts';
import { SortedRows } from './sorted-rows.ts';
import { isCurrent, isTold, linesUnder } from './under.ts';

export interface NounListOptions {
  kind: Kind;
  /** Of the list's pane what says which rows there are and in which order. */
  pane: Pick<PaneState, 'within' | 'sort'>;
  context(): ColumnContext;
  fields: FieldContext;
}

/** Which of its rows a list shows. */
export interface Sieve {
  filter: string;
  /** Only what stands in it; null: all. */
  namespace: string | null;
}

interface Row extends Place {
  noun: Noun;
  under: readonly Line[];
}

/**
 * The nouns of a kind as a pane lists them. All are kept in order, whatever a filter hides, so that another filter only
 * tests them; and only what changed in the fleet is tested and put in its place again. A row that a filter or a related
 * column may judge by more than itself (another noun's name, the time) follows within a second.
 */
export class NounList implements List {
  readonly #options: NounListOptions;
  readonly #order: RowOrder;
  readonly #members: SortedRows<Row>;
  /** Those that are shown: the members themselves where nothing is hidden. */
  #shown: SortedRows<Row>;
  #sieve: Sieve = { filter: '', namespace: null };
  #filter: Filter;
  /** Of the fleet's kind when it was read last. */
  #version = -1;
  #allReadAt = 0;
  /** The line on which each row begins, and after them the height. null: not counted since the last change. */
  #begins: Uint32Array | null = null;

  constructor(options: NounListOptions) {
    this.#options = options;
    this.#order = rowOrder(options.kind, options.pane.sort);
    this.#filter = parseFilter('', options.fields);
    this.#members = new SortedRows<Row>(this.#order.compare);
    this.#shown = this.#members;
    this.refresh();
  }

  /** Shows what passes from now on. */
  sift({ filter, namespace }: Sieve): void {
    const before = this.#sieve;
    if (filter === before.filter && namespace === before.namespace) return;
    this.#sieve = { filter, namespace };
    this.#filter = parseFilter(filter, this.#options.fields);
    this.#test(namespace === before.namespace && narrows(before.filter, filter) ? this.#shown : this.#members);
  }

  get height(): number {
    return this.#beginnings()[this.shown] ?? 0;
  }

  get shown(): number {
    return this.#shown.all.length;
  }

  get all(): number {
    return this.#members.all.length;
  }

  get filterError(): string | null {
    return this.#filter.error;
  }

  slice(from: number, to: number): Line[] {
    const first = Math.max(0, this.rowsBefore(from + 1) - 1);
    const skip = from - (this.#beginnings()[first] ?? 0);
    const end = skip + to - from;
    const lines: Line[] = [];
    for (let at = first; lines.length < end && at < this.shown; at++) {
      const { id, noun, under } = this.#shown.all[at]!;
      lines.push({ type: 'noun', id, noun, depth: 0 }, ...under);
    }
    return lines.slice(skip, end);
  }

  lineOf(id: string): number {
    const row = this.#members.get(id);
    const index = row ? this.#shown.indexOf(row) : -1;
    if (index >= 0) return this.#beginnings()[index] ?? -1;
    const workload = this.#options.context().fleet.get('replica', id)?.workload ?? '';
    const under = this.#members.get(workload)?.under.findIndex(line => line.type === 'noun' && line.id === id) ?? -1;
    const line = under < 0 ? -1 : this.lineOf(workload);
    return line < 0 ? -1 : line + 1 + under;
  }

  rowsBefore(line: number): number {
    const begins = this.#beginnings();
    let low = 0;
    let high = this.shown;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (begins[middle]! < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  worst(): Noun | undefined {
    const nouns = this.#shown.all.map(({ noun }) => noun);
    return nouns.length === 0 ? undefined : nouns.reduce((a, b) => (byHealth(b.health, a.health) < 0 ? b : a));
  }

  /** Takes in what changed since the last time. */
  refresh(): void {
    const { kind, context } = this.#options;
    const { fleet, now } = context();
    const isOld = Math.abs(now - this.#allReadAt) >= ALL_READ_MS;
    const reads = this.#version < 0 || (isOld && this.#order.relates);
    const version = fleet.version(kind);
    if (version !== this.#version || reads) {
      const changed = reads ? null : fleet.changedSince(kind, this.#version);
      this.#version = version;
      this.#take(changed ?? this.#everything());
    }
    if (isOld && this.#sieve.filter !== '') this.#test(this.#members);
    if (isOld) this.#allReadAt = now;
  }

  #everything(): Iterable<string> {
    const { kind, pane, context } = this.#options;
    const { fleet } = context();
    const there = pane.within ? fleet.replicasOf(pane.within.id).map(({ id }) => id) : fleet.all(kind).keys();
    return new Set([...there, ...this.#members.all.map(({ id }) => id)]);
  }

  #take(ids: Iterable<string>): void {
    const { kind, context } = this.#options;
    const { fleet } = context();
    const come: Row[] = [];
    const gone: string[] = [];
    for (const id of ids) {
      const noun = fleet.get(kind, id);
      if (noun && this.#isMember(noun)) come.push(this.#rowOf(noun));
      else gone.push(id);
    }
    if (this.#shown !== this.#members) {
      const [passed, hidden] = parted(come, ({ noun }) => this.#passes(noun));
      this.#shown.remove([...gone, ...hidden.map(({ id }) => id)]);
      this.#shown.put(passed);
    }
    this.#members.remove(gone);
    this.#members.put(come);
    this.#begins = null;
  }

  /** Shows of these rows the ones that pass. */
  #test({ all }: SortedRows<Row>): void {
    const { filter, namespace } = this.#sieve;
    const hides = filter !== '' || namespace !== null;
    this.#shown = hides
      ? new SortedRows(
          this.#order.compare,
          all.filter(({ noun }) => this.#passes(noun)),
        )
      : this.#members;
    this.#begins = null;
  }

  #rowOf(noun: Noun): Row {
    const { context, pane } = this.#options;
    const { id, name } = noun;
    const around = context();
    const under = linesUnder(noun, { replicas: pane.sort === null, fleet: around.fleet, trends: around.trends });
    return { id, name, key: this.#order.keyOf(noun, around), noun, under };
  }

  #isMember(noun: Noun): boolean {
    const { within } = this.#options.pane;
    return noun.kind !== 'replica' || (isCurrent(noun) && (within === null || noun.workload === within.id));
  }

  /** A workload is also found by its replicas: the pod that is not well brings its workload with it. */
  #passes(noun: Noun): boolean {
    if (!isIn(noun, this.#sieve.namespace)) return false;
    if (this.#filter.test(noun as Subject)) return true;
    if (noun.kind !== 'workload') return false;
    const replicas = this.#options.context().fleet.replicasOf(noun.id);
    return replicas.some(replica => isTold(replica) && this.#filter.test(replica));
  }

  /** An addition for each row, and that only once for many changes. */
  #beginnings(): Uint32Array {
    if (this.#begins) return this.#begins;
    const begins = new Uint32Array(this.shown + 1);
    let line = 0;
    let index = 0;
    for (const { under } of this.#shown.all) {
      begins[index++] = line;
      line += 1 + under.length;
    }
    begins[this.shown] = line;
    this.#begins = begins;
    return begins;
  }
}

/** How soon a row follows what it is not told of: a node's name, the time. */
const ALL_READ_MS = 1_000;

function isIn(noun: Noun, namespace: string | null): boolean {
  if (namespace === null || !('namespace' in noun)) return true;
  return noun.namespace === namespace || ('system' in noun && noun.system === 'swarm');
}

function parted<T>(all: readonly T[], test: (each: T) => boolean): [passed: T[], others: T[]] {
  const parts: [T[], T[]] = [[], []];
  for (const each of all) parts[test(each) ? 0 : 1].push(each);
  return parts;
}
