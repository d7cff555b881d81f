import type { Finding } from '../model/checklist-run.ts';
import type { Health } from '../model/entity.ts';
import { dateTime } from '../text/format.ts';
import type { Period } from './checklist.ts';
import { beforeWords, changeWords, WORDS } from './compared.ts';
import type { Standing } from './due.ts';
import { TITLES } from './lists.ts';
import { type ItemRecord, type RunRecord, verdictOfItem, verdictOfRun } from './records.ts';

/**
 * A run as a report for a ticket: each item, what has changed since the run before, then what is not well, with what was
 * said and done about it.
 *
 * @param before how the checklist stood when the run was opened
 */
export function markdownOf(run: RunRecord, platform: string, before: Standing): string {
  const { items, begunAt, worker, end, demo } = run;
  const verdict = end?.verdict ?? verdictOfRun(run);
  const bad = items.filter(({ result }) => result && result.verdict !== 'pass');
  return [
    `# ${TITLES[run.checklist as Period] ?? run.checklist} of ${escaped(platform)}: ${WORDS[verdict]}`,
    '',
    ...(demo ? ['**Demo: the embedded platform, nothing here is real.**', ''] : []),
    `${dateTime(begunAt)}, by ${escaped(worker.operator)}${end ? '' : ' (not finished)'}`,
    '',
    '| | item | verdict | |',
    '| --- | --- | --- | --- |',
    ...items.map(row),
    '',
    ...sinceBefore(run, before),
    ...bad.flatMap(section),
  ].join('\n');
}

function row(item: ItemRecord, index: number): string {
  const words = item.result ? WORDS[item.result.verdict] : 'not looked at';
  return `| ${index + 1} | ${escaped(item.title)} | ${words}${decided(item)} | ${escaped(item.result?.reason ?? '')} |`;
}

function sinceBefore({ items }: RunRecord, before: Standing): string[] {
  const words = beforeWords(before);
  if (words === null) return [];
  const changes = items.flatMap(item => {
    const change = changeWords(item, before);
    return change === null ? [] : [`- ${escaped(item.title)}: ${escaped(change)}`];
  });
  return [escaped(words), '', ...(changes.length > 0 ? changes : ['- the same was found']), ''];
}

function decided({ decision }: ItemRecord): string {
  if (!decision) return '';
  const note = decision.note === null ? '' : `: "${escaped(decision.note)}"`;
  return `, ${decision.decision} by ${escaped(decision.operator)}${note}`;
}

const MARKS: Partial<Record<Health, string>> = { bad: 'bad', warn: 'warning', unknown: 'unknown' };

function section(item: ItemRecord): string[] {
  const { title, result, fixes } = item;
  return [
    `## ${escaped(title)}: ${WORDS[verdictOfItem(item)]}`,
    '',
    ...(result?.findings ?? []).flatMap(findingLines),
    ...fixes.map(({ what, operator }) => `- done by ${escaped(operator)}: ${escaped(what)}`),
    '',
  ];
}

function findingLines({ target, health, reason, evidence }: Finding): string[] {
  return [
    `- **${escaped(target)}** (${MARKS[health] ?? health}): ${escaped(reason)}`,
    // Indented code: whatever a log says stays text.
    ...(evidence.length > 0 ? ['', ...evidence.map(line => `      ${line}`), ''] : []),
  ];
}

/** Text from outside must not become a link, a table or markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*[\]<|~]|(?<!\w)_|_(?!\w)/g, '\\$&').replace(/\n/g, ' ');
}
