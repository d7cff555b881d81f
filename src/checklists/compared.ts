import type { CheckVerdict, ItemResult } from '../model/checklist-run.ts';
import { dateTime } from '../text/format.ts';
import type { Standing } from './due.ts';
import type { ItemRecord } from './records.ts';

export const WORDS: Record<CheckVerdict, string> = {
  pass: 'pass',
  warn: 'warning',
  fail: 'fail',
  'cannot-tell': 'cannot tell',
};

/** So many are named. */
const NAMED = 5;

/** `before: Sat 28 Nov 08:01:12 by anna, warning, 3 in a row`; null: none was ever finished. */
export function beforeWords({ last, streak }: Standing): string | null {
  if (!last?.end) return null;
  return `before: ${dateTime(last.begunAt)} by ${last.worker.operator}, ${WORDS[last.end.verdict]}, ${streak} in a row`;
}

/**
 * What is otherwise with an item than in the last run that was finished: `was warning · new: a · no longer told: b`;
 * null: nothing, or there is nothing to compare.
 */
export function changeWords({ id, result }: ItemRecord, { last }: Standing): string | null {
  const earlier = last?.items.find(item => item.id === id)?.result;
  if (!earlier || !result) return null;
  const [now, before] = [targetsOf(result), targetsOf(earlier)];
  const words = [
    ...(earlier.verdict === result.verdict ? [] : [`was ${WORDS[earlier.verdict]}`]),
    ...named('new', now.difference(before)),
    ...named('no longer told', before.difference(now)),
  ];
  return words.length > 0 ? words.join(' · ') : null;
}

const targetsOf = ({ findings }: ItemResult) => new Set(findings.map(({ target }) => target));

function named(what: string, targets: ReadonlySet<string>): string[] {
  if (targets.size === 0) return [];
  const more = targets.size > NAMED ? ` and ${targets.size - NAMED} more` : '';
  return [`${what}: ${[...targets].slice(0, NAMED).join(', ')}${more}`];
}
