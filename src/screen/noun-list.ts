import type { FieldContext, Subject } from '../filter/fields.ts';
import { type Filter, parseFilter } from '../filter/filter.ts';
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
  /** Of the list's pane what says which rows stand in which order. */
  pane: Pick<PaneState, 'within' | 'filter' | 'sort'>;
  /** Only what stands in it; null: all. */
  namespace: string | null;
  context(): ColumnContext;
  fields: FieldContext;
}

interface Row extends Place {
  noun: Noun;
  under: readonly Line[];
}

/**
 * The nouns of a kind as a pane lists them. Only what changed in the fleet is filtered and put in its place again. A row
 * that a filter or a related column may judge by more than itself (another noun's name, the time) follows within a second.
 */
export class NounList implements List {
  readonly #options: NounListOptions;
  readonly #filter: Filter;
  readonly #order: RowOrder;
  readonly #rows: SortedRows<Row>;
  /** Members that the filter or the namespace hides. */
  readonly #hidden = new Set<string>();
  /** Of the fleet's kind when it was read last. */
  #version = -1;
  #allReadAt = 0;
  /** The line on which each row begins, and after them the height. null: not counted since the last change. */
  #begins: Uint32Array | null = null;

  constructor(options: NounListOptions) {
    const { kind, pane, fields } = options;
    this.#options = options;
    this.#filter = parseFilter(pane.filter, fields);
    this.#order = rowOrder(kind, pane.sort);
    this.#rows = new SortedRows<Row>(this.#order.compare);
    this.refresh();
  }

  get height(): number {
    return this.#beginnings()[this.shown] ?? 0;
  }

  get shown(): number {
    return this.#rows.all.length;
  }

  get all(): number {
    return this.shown + this.#hidden.size;
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
      const { id, noun, under } = this.#rows.all[at]!;
      lines.push({ type: 'noun', id, noun, depth: 0 }, ...under);
    }
    return lines.slice(skip, end);
  }

  lineOf(id: string): number {
    const index = this.#rows.indexOf(id);
    if (index >= 0) return this.#beginnings()[index] ?? -1;
    const workload = this.#options.context().fleet.get('replica', id)?.workload ?? '';
    const under = this.#rows.get(workload)?.under.findIndex(line => line.type === 'noun' && line.id === id) ?? -1;
    return under < 0 ? -1 : this.lineOf(workload) + 1 + under;
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
    const nouns = this.#rows.all.map(({ noun }) => noun);
    return nouns.length === 0 ? undefined : nouns.reduce((a, b) => (byHealth(b.health, a.health) < 0 ? b : a));
  }

  /** Takes in what changed since the last time. */
  refresh(): void {
    const { kind, pane, context } = this.#options;
    const { fleet, now } = context();
    const isOld = Math.abs(now - this.#allReadAt) >= ALL_READ_MS;
    const all = this.#version < 0 || (isOld && (this.#order.relates || pane.filter !== ''));
    const version = fleet.version(kind);
    if (version === this.#version && !all) return;
    const changed = all ? null : fleet.changedSince(kind, this.#version);
    if (!changed) this.#allReadAt = now;
    this.#version = version;
    this.#take(changed ?? this.#everything());
  }

  #everything(): Iterable<string> {
    const { kind, pane, context } = this.#options;
    const { fleet } = context();
    const there = pane.within ? fleet.replicasOf(pane.within.id).map(({ id }) => id) : fleet.all(kind).keys();
    return new Set([...there, ...this.#rows.all.map(({ id }) => id), ...this.#hidden]);
  }

  #take(ids: Iterable<string>): void {
    const { kind, context } = this.#options;
    const { fleet } = context();
    const shown: Row[] = [];
    const gone: string[] = [];
    for (const id of ids) {
      const noun = fleet.get(kind, id);
      const isWanted = noun !== undefined && this.#isMember(noun) ? this.#passes(noun) : null;
      if (isWanted === false) this.#hidden.add(id);
      else this.#hidden.delete(id);
      if (noun && isWanted) shown.push(this.#rowOf(noun));
      else gone.push(id);
    }
    this.#rows.remove(gone);
    this.#rows.put(shown);
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
    if (!isIn(noun, this.#options.namespace)) return false;
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
    for (const { under } of this.#rows.all) {
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
