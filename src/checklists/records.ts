import { hostname } from 'node:os';
import type {
  CheckVerdict,
  Decision,
  Figures,
  ItemResult,
  RunBegun,
  RunEntry,
  Worker,
} from '../model/checklist-run.ts';
import { worstVerdict } from './run.ts';

/** An item of a run, as it stands. */
export interface ItemRecord {
  id: string;
  title: string;
  /** null: its probes have not ended. */
  result: ItemResult | null;
  seenAt: number | null;
  /** What the operator said of this result; null: nothing yet. */
  decision: { decision: Exclude<Decision, 'fixed'>; operator: string; note: string | null; at: number } | null;
  /** What was done about it. */
  fixes: { what: string; operator: string; at: number }[];
}

/** A run of a checklist, put together from its entries. */
export interface RunRecord {
  id: string;
  checklist: string;
  demo: boolean;
  auto: boolean;
  begunAt: number;
  /** Who began it, and who was the last to work on it. */
  begunBy: string;
  worker: Worker;
  lastAt: number;
  left: boolean;
  items: ItemRecord[];
  end: { at: number; verdict: CheckVerdict } | null;
}

/** Runs in the order in which they were begun. Entries of a run whose beginning is not among them are passed over. */
export function runsOf(entries: Iterable<RunEntry>): RunRecord[] {
  const runs = new Map<string, RunRecord>();
  for (const entry of entries) {
    if (entry.step === 'begin') runs.set(entry.id, begun(entry));
    const run = runs.get(entry.id);
    if (run) take(run, entry);
  }
  return [...runs.values()];
}

function begun({ id, checklist, demo, auto, at, operator, items, sshClient, process }: RunBegun): RunRecord {
  return {
    id,
    checklist,
    demo,
    auto,
    begunAt: at,
    begunBy: operator,
    worker: { operator, sshClient, process },
    lastAt: at,
    left: false,
    items: items.map(item => ({ ...item, result: null, seenAt: null, decision: null, fixes: [] })),
    end: null,
  };
}

/** What another entry changes about a run. */
export function take(run: RunRecord, entry: RunEntry): void {
  run.lastAt = Math.max(run.lastAt, entry.at);
  const item = 'item' in entry ? run.items.find(({ id }) => id === entry.item) : undefined;
  switch (entry.step) {
    case 'resume': {
      const { operator, sshClient, process } = entry;
      run.worker = { operator, sshClient, process };
      run.left = false;
      return;
    }
    case 'item': {
      if (!item) return;
      const { verdict, reason, facts, findings, figures } = entry;
      Object.assign(item, { result: { verdict, reason, facts, findings, figures }, seenAt: entry.at, decision: null });
      return;
    }
    case 'decision': {
      const { decision, operator, note, at } = entry;
      if (decision === 'fixed') item?.fixes.push({ what: note ?? '', operator, at });
      else if (item) item.decision = { decision, operator, note, at };
      return;
    }
    case 'leave':
      run.left = true;
      return;
    case 'end':
      run.end = { at: entry.at, verdict: entry.verdict };
  }
}

/** What counts of an item: the operator's word, where there is one. */
export function verdictOfItem({ result, decision }: ItemRecord): CheckVerdict {
  if (decision?.decision === 'overridden') return 'pass';
  if (decision?.decision === 'skipped' || !result) return 'cannot-tell';
  return result.verdict;
}

export function verdictOfRun({ items }: Pick<RunRecord, 'items'>): CheckVerdict {
  return worstVerdict(items.map(verdictOfItem));
}

/** A program on another machine that was heard of so lately is still at it. */
const QUIET_MS = 30 * 60_000;

/** Whether somebody works on it now. @param now milliseconds since 1970 */
export function isAtWork({ end, left, worker, lastAt }: RunRecord, now: number): boolean {
  if (end || left) return false;
  if (worker.process.host !== hostname()) return now - lastAt < QUIET_MS;
  return isAlive(worker.process.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user: it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** So many runs say what is usual. */
const COMPARED = 7;

/**
 * What an item counted in earlier runs, the newest first: in those of earlier periods, else, on the first day, in those
 * of this one.
 */
export function pastOf(
  runs: readonly RunRecord[],
  run: Pick<RunRecord, 'id' | 'checklist' | 'begunAt'>,
  item: string,
  periodStart: number,
): { at: number; figures: Figures }[] {
  const counted = runs.flatMap(other => {
    const found = other.items.find(({ id }) => id === item);
    const isBefore = other.checklist === run.checklist && other.id !== run.id && other.begunAt <= run.begunAt;
    return isBefore && found?.result && found.seenAt !== null
      ? [{ at: found.seenAt, figures: found.result.figures }]
      : [];
  });
  const earlier = counted.filter(({ at }) => at < periodStart);
  return (earlier.length > 0 ? earlier : counted).slice(-COMPARED).reverse();
}
