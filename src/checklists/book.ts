import { once } from 'node:events';
import type { Fleet } from '../fleet/fleet.ts';
import { hasTold } from '../fleet/told.ts';
import type { Worker } from '../model/checklist-run.ts';
import type { Kind } from '../model/entity.ts';
import type { Journal } from '../store/journal.ts';
import { type Checklist, PERIODS, type Period } from './checklist.ts';
import { type Standing, standing } from './due.ts';
import { checklistOf, hasItems } from './lists.ts';
import type { LiveRun } from './live-run.ts';
import { type Knowledge, meansOf } from './means.ts';
import type { ChecklistsInput, Settings } from './options.ts';
import { type RunRecord, runsOf } from './records.ts';
import type { teamRuns } from './team-runs.ts';

export interface BookOptions {
  fleet: Fleet;
  /** Asked for at each use: it is opened after the first frame. */
  journal(): Journal;
  /** As the profile has them. */
  checklists: ChecklistsInput;
  worker: Worker;
  demo: boolean;
  /** How the platform is called in a report. */
  platform: string;
  knowledge?: Knowledge;
}

/** A run that is worked on here, or, with `live` null, one that somebody else is at. */
export interface Sitting {
  checklist: Checklist;
  settings: Settings;
  live: LiveRun | null;
  /** How the checklist stood when it was opened. */
  before: Standing;
  record(): RunRecord;
}

/** Months are counted too. */
const REMEMBERED_MS = 70 * 86_400_000;
/** What is due is looked up again after this, and what somebody else does. */
const KEPT_MS = 10 * 60_000;
const WATCHED_MS = 2_000;
/** So long sources that have not answered yet are waited for. */
const PATIENCE_MS = 15_000;

/** The checklists of a platform for one who sits at the screen: what is due, and what is under way. */
export class Book {
  readonly platform: string;
  readonly #on: BookOptions;
  readonly #sittings = new Map<Period, Sitting>();
  readonly #ending = new AbortController();
  #known: { at: number; standings: Map<Period, Standing> } | null = null;

  /** What colleagues keep is checked by what is loaded only where there are any. */
  #runsOf: typeof teamRuns = (journal, query) => runsOf(journal.kept('checklist', query));

  constructor(options: BookOptions) {
    this.#on = options;
    this.platform = options.platform;
  }

  /** The journal is open now, and the team's, where there is one. */
  async begin(): Promise<void> {
    const { journal, knowledge } = this.#on;
    if (knowledge?.team() || journal().keptByOthers('checklist').length > 0) {
      this.#runsOf = (await import('./team-runs.ts')).teamRuns;
    }
    if (!this.#ending.signal.aborted) this.refresh();
  }

  /** Those that have items. */
  get periods(): Period[] {
    return PERIODS.filter(period => hasItems(period, this.#on.checklists));
  }

  /** Read from the journal every few minutes at most. */
  standing(period: Period): Standing {
    const now = this.#on.fleet.now();
    if (!this.#known || now - this.#known.at > KEPT_MS) this.refresh();
    return this.#known?.standings.get(period) ?? standing(period, [], now);
  }

  /** `due` or `overdue`, of the worst; null: all are done. */
  get due(): 'due' | 'overdue' | null {
    const states = this.periods.map(period => this.standing(period).state);
    return states.find(state => state === 'overdue') ?? states.find(state => state === 'due') ?? null;
  }

  /** Looks up anew what was run. */
  refresh(): void {
    const { fleet, journal } = this.#on;
    const now = fleet.now();
    const runs = this.#runsOf(journal(), { since: now - REMEMBERED_MS });
    this.#known = { at: now, standings: new Map(PERIODS.map(period => [period, standing(period, runs, now)])) };
  }

  /**
   * Opens a checklist: the run that is worked on here, one that was left or cut off in this period, or a new one, and
   * runs its probes; where somebody else is at it, what they do is watched. Rejects with why it cannot be kept.
   */
  async open(period: Period, changed: () => void): Promise<Sitting> {
    const held = this.#sittings.get(period);
    if (held?.live && !held.live.record.end) return held;
    const [{ ChecklistsSchema }, { LiveRun }] = await Promise.all([import('./options.ts'), import('./live-run.ts')]);
    const options = ChecklistsSchema.parse(this.#on.checklists);
    const { settings } = options;
    const checklist = checklistOf(period, options);
    this.refresh();
    const before = this.standing(period);
    const { open, atWork } = before;
    if (open && atWork) return { checklist, settings, live: null, before, record: this.#watched(open) };
    const { fleet, worker, demo, knowledge } = this.#on;
    const live = LiveRun.open({
      checklist,
      means: meansOf(fleet, settings, knowledge),
      journal: this.#on.journal(),
      worker,
      demo,
      auto: false,
      changed: () => {
        // Going on with one is a step of its own, before it is here.
        if (this.#sittings.get(period)?.live?.record.end) this.refresh();
        changed();
      },
    });
    const sitting: Sitting = { checklist, settings, live, before: live.before, record: () => live.record };
    this.#sittings.set(period, sitting);
    return sitting;
  }

  /** Resolves when every source has answered or said no, or after some seconds. */
  async ready({ items }: Checklist): Promise<void> {
    const { fleet } = this.#on;
    const kinds = items.flatMap(({ probes }) => probes.flatMap(({ needs }) => needs));
    const end = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => isQuiet(fleet, kinds) && resolve();
    const unsubscribe = fleet.subscribe(look);
    look();
    await Promise.race([promise, end.aborted || once(end, 'abort')]);
    unsubscribe();
  }

  /** What is under way is left, so that somebody can go on with it. */
  close(): void {
    this.#ending.abort();
    for (const { live } of this.#sittings.values()) {
      try {
        live?.leave();
      } catch {
        // A run whose program has gone can be gone on with as well.
      }
    }
  }

  #watched(begun: RunRecord): () => RunRecord {
    const { fleet, journal } = this.#on;
    let known = { at: fleet.now(), record: begun };
    return () => {
      if (fleet.now() - known.at >= WATCHED_MS) {
        const [record = begun] = this.#runsOf(journal(), { id: begun.id });
        known = { at: fleet.now(), record };
      }
      return known.record;
    };
  }
}

function isQuiet(fleet: Fleet, kinds: readonly Kind[]): boolean {
  return fleet.sources().every(({ name, phase }) => phase !== 'connecting' && hasTold(fleet, name, kinds));
}
