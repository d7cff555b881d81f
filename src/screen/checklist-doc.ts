import type { Book, Sitting } from '../checklists/book.ts';
import type { Period } from '../checklists/checklist.ts';
import { changeWords, WORDS } from '../checklists/compared.ts';
import type { Standing } from '../checklists/due.ts';
import { TITLES } from '../checklists/lists.ts';
import type { ItemRecord, RunRecord } from '../checklists/records.ts';
import type { CheckVerdict, Finding } from '../model/checklist-run.ts';
import type { Health } from '../model/entity.ts';
import { dateTime } from '../text/format.ts';
import { mark } from '../text/look.ts';
import { type DocLine, GAP } from './document.ts';

const HEALTHS: Record<CheckVerdict, Health> = { pass: 'ok', warn: 'warn', fail: 'bad', 'cannot-tell': 'unknown' };

export interface Jumps {
  toItem(id: string): void;
  toNoun(id: string): void;
}

/** The checklists to choose from, each with how it stands. */
export function choiceLines(book: Book, open: (period: Period) => void): DocLine[] {
  return book.periods.flatMap(period => {
    const { state, last, open: begun, atWork, streak } = book.standing(period);
    const ended = last?.end
      ? `last ${dateTime(last.begunAt)} by ${last.worker.operator}: ${WORDS[last.end.verdict]}`
      : 'never finished';
    const row = streak > 1 ? `, ${streak} in a row` : '';
    const who =
      begun &&
      (atWork ? `${begun.worker.operator} is at it` : `left by ${begun.worker.operator}, Enter goes on with it`);
    return [
      { text: `${TITLES[period]}  ${state}`, tone: TONES[state], run: () => open(period) },
      { text: `    ${ended}${row}`, tone: 'dim' as const },
      ...(who ? [{ text: `    ${who} since ${dateTime(begun.begunAt)}`, tone: 'busy' as const }] : []),
      GAP,
    ];
  });
}

const TONES = { done: 'ok', due: 'warn', overdue: 'bad' } as const;

/** A run, item by item: the verdict with its numbers, what has changed since the run before, what is not well, what was said and done about it. */
export function runLines({ live, record, before }: Sitting, ascii: boolean, jumps: Jumps): DocLine[] {
  const run = record();
  return [
    { text: headOf(run, live !== null, before), tone: live || run.end ? 'dim' : 'busy' },
    GAP,
    ...run.items.flatMap((item, index) =>
      itemLines(item, index, { ascii, jumps, before, isLooking: live?.isLooking(item.id) ?? false }),
    ),
  ];
}

function headOf(run: RunRecord, isOurs: boolean, { last, streak }: Standing): string {
  const done = run.items.filter(({ decision }) => decision !== null).length;
  const who = isOurs ? run.worker.operator : `${run.worker.operator} is at it since ${dateTime(run.begunAt)}`;
  const row = streak > 1 ? `, ${streak} in a row` : '';
  const before = last?.end ? ` · before: ${last.worker.operator}, ${WORDS[last.end.verdict]}${row}` : '';
  const end = run.end ? ` · finished: ${WORDS[run.end.verdict]}` : '';
  return `${who} · ${done} of ${run.items.length} done${end}${before}`;
}

interface Surroundings {
  ascii: boolean;
  jumps: Jumps;
  before: Standing;
  isLooking: boolean;
}

function itemLines(item: ItemRecord, index: number, { ascii, jumps, before, isLooking }: Surroundings): DocLine[] {
  const { id, title, result, decision, fixes } = item;
  const health = isLooking ? 'busy' : result ? HEALTHS[result.verdict] : 'unknown';
  const sign = mark(health, ascii);
  const words = isLooking ? 'looking …' : result?.facts || (result?.reason ?? 'not looked at yet');
  const change = isLooking ? null : changeWords(item, before);
  const said = decision
    ? [`${decision.decision} by ${decision.operator}${decision.note === null ? '' : `: "${decision.note}"`}`]
    : [];
  const run = () => jumps.toItem(id);
  return [
    {
      text: `${sign} ${index + 1} ${title}${decision ? ` · ${decision.decision}` : ''}`,
      tone: health === 'ok' ? 'title' : health,
      item: id,
      run,
    },
    { text: `    ${words}`, item: id, run, indent: 4 },
    ...(change === null
      ? []
      : [{ text: `    since the run before: ${change}`, tone: 'dim' as const, item: id, run, indent: 4 }]),
    ...(isLooking ? [] : (result?.findings ?? []).flatMap(finding => findingLines(finding, id, ascii, jumps))),
    ...[...fixes.map(({ what, operator }) => `done by ${operator}: ${what}`), ...said].map(
      (text): DocLine => ({ text: `    ${text}`, tone: 'ok', item: id, indent: 4 }),
    ),
    { ...GAP, item: id },
  ];
}

/** Evidence belongs to its finding: the same keys count there. */
function findingLines(
  { target, about, health, reason, evidence }: Finding,
  item: string,
  ascii: boolean,
  jumps: Jumps,
): DocLine[] {
  const rest = { item, ...(about !== null && { link: about, run: () => jumps.toNoun(about) }) };
  return [
    { text: `  ${mark(health, ascii)} ${target}: ${reason}`, tone: health, indent: 4, ...rest },
    ...evidence.map((line): DocLine => ({ text: `      ${line}`, tone: 'dim', indent: 6, ...rest })),
  ];
}
