import { hasDied, hasEnded, isCurrent, type Task } from './task.ts';

/** Ends of tasks that nobody ordered, in one place of a service and with one specification. */
export interface Deaths {
  /** All that are known of: the engine's history (5 a slot) and what was seen since. */
  total: number;
  /** The newest one. */
  last: Task;
  /** The engine forgot some before they were seen: there were more. */
  atLeast: boolean;
  /** When, those of the last 10 minutes. */
  times: number[];
  /** How long the newest three lived, milliseconds. */
  lives: number[];
}

interface Entry extends Deaths {
  /** Ids that the engine still lists. */
  known: Set<string>;
}

const WINDOW_MS = 10 * 60_000;
/** So many in the window are a loop. */
const LOOP = 3;
const LEAST_LIFE_MS = 10_000;
const LONGEST_TRIAL_MS = 60_000;

/**
 * Counts how often tasks die, beyond the few that the engine remembers. A changed specification begins a new count, as
 * a new pod does.
 */
export class CrashLedger {
  #entries = new Map<string, Entry>();
  /** Ids of tasks whose end, in whatever state, is not their own doing. */
  #excused = new Set<string>();

  /**
   * Takes a complete list of tasks.
   *
   * @param isJob a job's task that completes has not died
   * @param of the ids of the services whose tasks these are; null: of all
   * @returns deaths that were not known before, the oldest first
   */
  take(tasks: readonly Task[], isJob: (service: string) => boolean, of: ReadonlySet<string> | null = null): Task[] {
    // Given up while they still ran, as the orchestrator does when their node is lost: once it is back, they say "failed".
    this.excuse(tasks.filter(task => !isCurrent(task) && !hasEnded(task)).map(({ id }) => id));
    const own = tasks.filter(({ id }) => !this.#excused.has(id));
    if (!of) this.#excused = new Set(tasks.flatMap(({ id }) => (this.#excused.has(id) ? id : [])));
    const entries = new Map([...this.#entries].filter(([, { last }]) => of !== null && !of.has(last.service)));
    const fresh: Task[] = [];
    for (const [key, dead] of groupDead(own, isJob)) {
      const before = this.#entries.get(key);
      const unknown = dead.filter(task => !before?.known.has(task.id));
      const entry: Entry = before ?? {
        total: 0,
        last: dead[0]!,
        atLeast: false,
        times: [],
        lives: [],
        known: new Set(),
      };
      // Everything listed is new though others were known: those in between may have come and gone unseen.
      if (before && unknown.length === dead.length && before.known.size > 0 && dead.length >= 4) entry.atLeast = true;
      for (const task of unknown) record(entry, task);
      entry.known = new Set(dead.map(task => task.id));
      entries.set(key, entry);
      fresh.push(...unknown);
    }
    // Between two deaths a restarting place can be listed without any: its count lives on with its task.
    for (const task of tasks) {
      const key = keyOf(task);
      const before = this.#entries.get(key);
      if (before && !entries.has(key)) entries.set(key, before);
    }
    this.#entries = entries;
    return fresh.sort((a, b) => endOf(a) - endOf(b));
  }

  /** Tasks that went down with their node: that they end is no crash, even where it is told later as one. */
  excuse(ids: Iterable<string>): void {
    for (const id of ids) this.#excused.add(id);
  }

  of(task: Task): Deaths | null {
    return this.#entries.get(keyOf(task)) ?? null;
  }
}

/** How many of them fell into the last 10 minutes, and since when. */
export function recent({ times }: Deaths, now: number): { count: number; since: number } {
  const inWindow = times.filter(at => at > now - WINDOW_MS);
  return { count: inWindow.length, since: inWindow[0] ?? now };
}

/** Dies again and again: at least 3 times in 10 minutes. */
export function isLoop(deaths: Deaths, now: number): boolean {
  return recent(deaths, now).count >= LOOP;
}

/**
 * How long a task in a crash loop must run before it is believed to stay: twice as long as the last ones lived, 10 to
 * 60 seconds. Else a loop would be well whenever it is looked at between two crashes.
 */
export function trialMs({ lives }: Deaths): number {
  return Math.min(LONGEST_TRIAL_MS, Math.max(LEAST_LIFE_MS, 2 * Math.max(...lives)));
}

/** "failed 14 times in 10 min: task: non-zero exit (1)". Several places of one service are told together. */
export function story(of: readonly Deaths[], now: number): string | null {
  const all = of.map(deaths => ({ deaths, ...recent(deaths, now) })).filter(({ count }) => count > 0);
  const newest = all.reduce<Task | null>(
    (last, { deaths }) => (last === null || endOf(deaths.last) > endOf(last) ? deaths.last : last),
    null,
  );
  if (newest === null) return null;
  const times = all.reduce((sum, { count }) => sum + count, 0);
  if (times === 1) return lastWords(newest);
  const atLeast = all.some(({ deaths }) => deaths.atLeast) ? 'at least ' : '';
  const often = `${atLeast}${times} times in ${span(now - Math.min(...all.map(({ since }) => since)))}`;
  return newest.state === 'complete'
    ? `ended ${often}, exit code ${newest.exitCode ?? 0}`
    : `failed ${often}: ${lastWords(newest)}`;
}

/** Why a task ended, in the engine's words where it has any. */
export function lastWords(task: Task): string {
  if (task.error) return task.error;
  if (task.state === 'complete') return `ended by itself, exit code ${task.exitCode ?? 0}`;
  return task.exitCode === null ? task.state : `${task.state}, exit code ${task.exitCode}`;
}

function groupDead(tasks: readonly Task[], isJob: (service: string) => boolean): Map<string, Task[]> {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) {
    if (!hasDied(task) || (task.state === 'complete' && isJob(task.service))) continue;
    const key = keyOf(task);
    const group = groups.get(key);
    if (group) group.push(task);
    else groups.set(key, [task]);
  }
  for (const group of groups.values()) group.sort((a, b) => endOf(a) - endOf(b));
  return groups;
}

function record(entry: Entry, task: Task): void {
  const at = endOf(task);
  entry.total++;
  entry.last = task;
  entry.times = [...entry.times.filter(time => time > at - WINDOW_MS), at];
  entry.lives = [...entry.lives, task.createdAt === null ? 0 : at - task.createdAt].slice(-LOOP);
}

function keyOf({ service, place, spec }: Task): string {
  return `${service} ${place} ${spec}`;
}

function endOf({ at, createdAt }: Task): number {
  return at ?? createdAt ?? 0;
}

function span(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
