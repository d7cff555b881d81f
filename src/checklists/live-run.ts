import { randomUUID } from 'node:crypto';
import type { RunEntry, Worker } from '../model/checklist-run.ts';
import { printable } from '../model/printable.ts';
import { maskText } from '../model/secrets.ts';
import type { Journal } from '../store/journal.ts';
import type { Checklist, Item, Means } from './checklist.ts';
import { periodStart, type Standing, standing } from './due.ts';
import { type ItemRecord, isAtWork, pastOf, type RunRecord, runsOf, take, verdictOfRun } from './records.ts';
import { runItem } from './run.ts';
import { teamRuns } from './team-runs.ts';

export interface LiveRunOptions {
  checklist: Checklist;
  means: Omit<Means, 'past' | 'signal'>;
  journal: Journal;
  worker: Worker;
  demo: boolean;
  /** Nobody answers: it ends when all probes have. */
  auto: boolean;
  changed?(): void;
}

/** Runs of so long ago are still compared with, and can be gone on with. */
const REMEMBERED_MS = 70 * 86_400_000;

type Change<E> = E extends RunEntry ? Omit<E, 'id' | 'at'> : never;

/**
 * A run of a checklist under way: it runs the probes, takes the operator's word, and keeps each step in the journal
 * before it counts. Throws a TroubleError where that cannot be kept.
 */
export class LiveRun {
  readonly record: RunRecord;
  readonly checklist: Checklist;
  /** How the checklist stood when this was opened: with what it is compared. */
  readonly before: Standing;
  readonly #on: LiveRunOptions;
  readonly #runs: readonly RunRecord[];
  readonly #life = new AbortController();
  readonly #looking = new Set<string>();

  private constructor(options: LiveRunOptions, runs: readonly RunRecord[], record: RunRecord) {
    this.#on = options;
    this.#runs = runs;
    this.checklist = options.checklist;
    this.before = standing(options.checklist.name, runs, options.means.fleet.now());
    this.record = record;
  }

  /** Goes on with the one of this period that was left or cut off; else, and where nobody answers, begins a new one. */
  static open(options: LiveRunOptions): LiveRun {
    const { journal, checklist, worker, auto } = options;
    const now = options.means.fleet.now();
    const runs = teamRuns(journal, { since: now - REMEMBERED_MS });
    const left = runs.findLast(
      run =>
        !auto &&
        !run.auto &&
        run.checklist === checklist.name &&
        run.begunAt >= periodStart(checklist.name, now) &&
        run.end === null &&
        !isAtWork(run, now),
    );
    if (left) {
      const run = new LiveRun(options, runs, withItems(left, checklist));
      run.#keep({ step: 'resume', ...worker });
      return run;
    }
    const entry: RunEntry = {
      step: 'begin',
      id: randomUUID(),
      at: now,
      ...worker,
      checklist: checklist.name,
      demo: options.demo,
      auto: options.auto,
      items: checklist.items.map(({ id, title }) => ({ id, title })),
    };
    journal.keep('checklist', entry);
    const [record] = runsOf([entry]);
    return new LiveRun(options, runs, record as RunRecord);
  }

  /** Whether the probes of an item are at work. */
  isLooking(item: string): boolean {
    return this.#looking.has(item);
  }

  /** Runs the probes of what has no result yet, or of all. Resolves when all have ended. */
  async look({ again = false } = {}): Promise<void> {
    const wanted = this.checklist.items.filter(({ id }) => again || !this.#item(id)?.result);
    await Promise.all(wanted.map(item => this.lookAt(item.id)));
    if (this.#on.auto) this.#end();
  }

  /** Runs the probes of one item, again where they have run; what was said of its result before counts no more. */
  async lookAt(id: string): Promise<void> {
    const item = this.checklist.items.find(item => item.id === id);
    if (!item || this.#looking.has(id) || this.record.end) return;
    this.#looking.add(id);
    this.#changed();
    try {
      const result = await runItem(item, this.#meansFor(item));
      this.#looking.delete(id);
      this.#keep({ step: 'item', item: id, ...result });
    } catch (error) {
      // Left in the middle: it is looked at when somebody goes on.
      if (!this.#life.signal.aborted) throw error;
    } finally {
      this.#looking.delete(id);
      this.#changed();
    }
  }

  /** It is so, and that is fine or known. The run ends when all items are decided. */
  confirm(item: string): void {
    this.#decide(item, 'confirmed', null);
  }

  /** It counts as well, for this reason. */
  override(item: string, note: string): void {
    this.#decide(item, 'overridden', note);
  }

  /** It is not looked at this time, for this reason. */
  skip(item: string, note: string): void {
    this.#decide(item, 'skipped', note);
  }

  /** Something was done about it: it stays open, and has to be looked at again. */
  fixed(item: string, what: string): void {
    this.#decide(item, 'fixed', what);
  }

  /** Stops looking; somebody can go on with it. */
  leave(): void {
    this.#life.abort();
    if (!this.record.end) this.#keep({ step: 'leave' });
  }

  #decide(item: string, decision: 'confirmed' | 'overridden' | 'skipped' | 'fixed', note: string | null): void {
    if (this.record.end) return;
    const clean = note === null ? null : printable(maskText(note), 500);
    this.#keep({ step: 'decision', item, decision, operator: this.#on.worker.operator, note: clean });
    if (this.record.items.every(({ decision }) => decision !== null)) this.#end();
  }

  #end(): void {
    if (!this.record.end) this.#keep({ step: 'end', verdict: verdictOfRun(this.record) });
  }

  #keep(change: Change<RunEntry>): void {
    const entry = { ...change, id: this.record.id, at: this.#on.means.fleet.now() } as RunEntry;
    this.#on.journal.keep('checklist', entry);
    take(this.record, entry);
    this.#changed();
  }

  #meansFor(item: Item): Means {
    const { means, checklist } = this.#on;
    const start = periodStart(checklist.name, this.record.begunAt);
    return {
      ...means,
      past: pastOf(this.#runs, this.record, item.id, start),
      signal: this.#life.signal,
    };
  }

  #item(id: string): ItemRecord | undefined {
    return this.record.items.find(item => item.id === id);
  }

  #changed(): void {
    this.#on.changed?.();
  }
}

/** The items as the profile has them now, with what was found of them. */
function withItems(record: RunRecord, { items }: Checklist): RunRecord {
  const known = new Map(record.items.map(item => [item.id, item]));
  return {
    ...record,
    items: items.map(
      ({ id, title }) => known.get(id) ?? { id, title, result: null, seenAt: null, decision: null, fixes: [] },
    ),
  };
}
