import type { Batch, Deed, Outcome, Target } from '../model/deed.ts';
import type { Journal } from '../store/journal.ts';
import { clockTime } from '../text/format.ts';
import { isGone } from './cut-off.ts';

/** Several of which the program went away before all were done. */
export interface CutShort {
  batch: Batch;
  /** Those that were begun. */
  deeds: Deed[];
  /** Those that were not. */
  left: Target[];
}

const DAY_MS = 24 * 3_600_000;

/** The batches of the last day that were cut short, and neither gone on with nor let be; the newest last. */
export function cutShort(journal: Journal, now: number): CutShort[] {
  const since = now - DAY_MS;
  const entries = journal.kept('batch', { since });
  const batches = entries.flatMap(entry => ('batch' in entry ? [entry.batch] : []));
  const over = new Set([
    ...entries.flatMap(entry => ('ended' in entry ? [entry.id] : [])),
    ...batches.flatMap(({ resumes }) => resumes ?? []),
  ]);
  const open = batches.filter(({ id, process }) => !over.has(id) && isGone(process));
  if (open.length === 0) return [];
  const deeds = journal.deeds({ since, limit: MOST });
  return open.map(batch => {
    const begun = deeds.filter(({ intent }) => intent.batch === batch.id);
    const ids = new Set(begun.map(({ intent }) => intent.target.id));
    return { batch, deeds: begun, left: batch.targets.filter(({ id }) => !ids.has(id)) };
  });
}

const MOST = 10_000;
const OUTCOMES: readonly Outcome[] = ['done', 'refused', 'failed', 'unknown'];

/** "restart cut off at 14:02: 7 of 12 done, 1 unknown, checked now: done; 4 not begun" */
export function cutShortWords({ batch, deeds, left }: CutShort): string {
  const by = (outcome: Outcome, checked: boolean) =>
    deeds.filter(({ ending }) => ending?.outcome === outcome && ending.checked === checked).length;
  const seen = OUTCOMES.filter(outcome => outcome !== 'done' && by(outcome, false) > 0);
  const checked = OUTCOMES.filter(outcome => by(outcome, true) > 0);
  const later = checked.reduce((sum, outcome) => sum + by(outcome, true), 0);
  const found = checked.map(outcome => (later === 1 ? outcome : `${by(outcome, true)} ${outcome}`));
  const open = deeds.filter(({ ending }) => ending === null).length;
  const parts = [
    `${by('done', false)} of ${batch.targets.length} done`,
    ...seen.map(outcome => `${by(outcome, false)} ${outcome}`),
    ...(later > 0 ? [`${later} unknown, checked now: ${found.join(', ')}`] : []),
    ...(open > 0 ? [`${open} unknown, being looked at`] : []),
    ...(left.length > 0 ? [`${left.length} not begun`] : []),
  ];
  return `${batch.verb} cut off at ${clockTime(Math.max(batch.at, ...deeds.map(({ intent }) => intent.at)))}: ${parts.join(', ')}`;
}
