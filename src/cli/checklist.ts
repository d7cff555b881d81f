import { hostname } from 'node:os';
import type * as z from 'zod';
import { type Checklist, PERIODS, type Period } from '../checklists/checklist.ts';
import { beforeWords, changeWords, WORDS } from '../checklists/compared.ts';
import { standing } from '../checklists/due.ts';
import { checklistOf, TITLES } from '../checklists/lists.ts';
import { LiveRun } from '../checklists/live-run.ts';
import { markdownOf } from '../checklists/markdown.ts';
import { meansOf } from '../checklists/means.ts';
import { ChecklistsSchema } from '../checklists/options.ts';
import { isAtWork, type RunRecord, verdictOfRun } from '../checklists/records.ts';
import { teamRuns } from '../checklists/team-runs.ts';
import type { CheckVerdict, Finding } from '../model/checklist-run.ts';
import type { Health } from '../model/entity.ts';
import type { Journal } from '../store/journal.ts';
import { dateTime } from '../text/format.ts';
import { mark, plain } from '../text/look.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Actor } from './actor.ts';
import { type Options, UsageError } from './arguments.ts';
import { EXIT, type Io } from './io.ts';
import { API_VERSION, time } from './items.ts';
import type { ChecklistHistory, ChecklistRun } from './json-checklists.ts';
import type { Platform } from './platform.ts';
import type { Session } from './session.ts';
import type { Style } from './style.ts';

export const HISTORY = 'history';
const CODES: Record<CheckVerdict, number> = { pass: 0, warn: 1, fail: 2, 'cannot-tell': 3 };
const HEALTHS: Record<CheckVerdict, Health> = { pass: 'ok', warn: 'warn', fail: 'bad', 'cannot-tell': 'unknown' };

/** What `checklist WORD` means; null: the history. Throws a UsageError, also where the checklist has no items. */
export function checklistNamed(word: string, { profile }: Pick<Platform, 'profile'>): Checklist | null {
  if (word === HISTORY) return null;
  const name = PERIODS.find(period => period === word);
  if (!name) {
    const known = [...PERIODS, HISTORY];
    throw new UsageError(`there is no checklist "${word}"${didYouMean(word, known) || `; known: ${known.join(', ')}`}`);
  }
  const checklist = checklistOf(name, ChecklistsSchema.parse(profile.checklists ?? {}));
  if (checklist.items.length === 0) throw new UsageError(`the ${name} checklist has no items`);
  return checklist;
}

/** Runs the probes on a session that has settled, keeps the run, and tells it. The exit code is its verdict. */
export async function checklist(
  { fleet, gateway, trends, knowledge }: Session,
  list: Checklist,
  { platform, actor, options, style, io }: Surroundings & { actor: Actor },
): Promise<number> {
  const others = teamRuns(gateway.journal, { since: fleet.now() - 31 * DAY_MS });
  const busy = others.find(run => run.checklist === list.name && isAtWork(run, fleet.now()));
  if (busy) io.err(`quarterdeck: ${busy.worker.operator} is at this checklist since ${dateTime(busy.begunAt)}\n`);
  const settings = ChecklistsSchema.parse(platform.profile.checklists ?? {}).settings;
  const run = LiveRun.open({
    checklist: list,
    means: meansOf(fleet, settings, knowledge),
    journal: gateway.journal,
    worker: { ...actor, process: { pid: process.pid, host: hostname() } },
    demo: platform.demo,
    auto: options.auto,
  });
  const leave = () => run.leave();
  io.signal.addEventListener('abort', leave, { once: true });
  // Where no screen is ever open, these are all the past there is.
  trends.sample();
  // What was seen before it was left may be hours old.
  await run.look({ again: true });
  io.signal.removeEventListener('abort', leave);
  if (!options.auto && !io.signal.aborted) run.leave();
  tell(run, { platform, options, style, io });
  return CODES[verdictOfRun(run.record)];
}

const DAY_MS = 86_400_000;

interface Surroundings {
  platform: Platform;
  options: Options;
  style: Style;
  io: Io;
}

function tell(run: LiveRun, { platform, options, style, io }: Surroundings): void {
  if (options.json) io.out(`${JSON.stringify(runJson(run.record, platform.name), null, 2)}\n`);
  else if (options.markdown) io.out(markdownOf(run.record, platform.title, run.before));
  else
    io.out(
      `${textOf(run, platform, style)
        .map(line => plain(line, style.ascii))
        .join('\n')}\n`,
    );
}

/** A run as JSON has it. */
export function runJson(run: RunRecord, platform: string): z.output<typeof ChecklistRun> {
  return {
    apiVersion: API_VERSION,
    kind: 'ChecklistRun',
    ...(run.demo && { demo: true as const }),
    checklist: run.checklist,
    id: run.id,
    platform,
    operator: run.worker.operator,
    begunAt: new Date(run.begunAt).toISOString(),
    endedAt: time(run.end?.at ?? null),
    verdict: run.end?.verdict ?? verdictOfRun(run),
    items: run.items.map(({ id, title, result, decision, fixes }) => ({
      id,
      title,
      verdict: result?.verdict ?? 'cannot-tell',
      reason: result?.reason ?? 'not looked at',
      findings:
        result?.findings.map(({ target, health, reason, about, evidence }) => ({
          target,
          health,
          reason,
          about,
          evidence,
        })) ?? [],
      decision: decision?.decision ?? null,
      note: decision?.note ?? null,
      fixes: fixes.map(({ what }) => what),
    })),
  };
}

function textOf({ record: run, before }: LiveRun, { title, demo }: Platform, { paint, ascii }: Style): string[] {
  const words = beforeWords(before);
  const verdict = verdictOfRun(run);
  const sign = (health: Health) => paint(health === 'ok' ? null : health, mark(health, ascii));
  return [
    ...(demo ? [paint('demo', 'demo: the embedded platform, nothing here is real')] : []),
    `${paint('title', `${TITLES[run.checklist as Period]} of ${title}`)}  ${sign(HEALTHS[verdict])} ${WORDS[verdict]}  ${dateTime(run.begunAt)}`,
    ...(words === null ? [] : [words]),
    '',
    ...run.items.flatMap(item => {
      const { title, result } = item;
      const change = changeWords(item, before);
      return [
        `${sign(HEALTHS[result?.verdict ?? 'cannot-tell'])} ${title}`,
        `    ${result?.facts || (result?.reason ?? 'not looked at')}`,
        ...(change === null ? [] : [`    since the run before: ${change}`]),
        ...(result?.findings ?? []).flatMap(finding => findingText(finding, sign)),
      ];
    }),
  ];
}

function findingText({ target, health, reason, evidence }: Finding, sign: (health: Health) => string): string[] {
  return [`  ${sign(health)} ${target}: ${reason}`, ...evidence.map(line => `        ${line}`)];
}

/** What was run, by whom, and how it ended; the oldest first. */
export function checklistHistory(journal: Journal, { platform, options, style, io }: Surroundings): number {
  const now = io.now();
  const all = teamRuns(journal);
  const since = options.sinceSeconds === null ? 0 : now - options.sinceSeconds * 1000;
  const runs = all.filter(({ begunAt }) => begunAt >= since);
  const { profile } = platform;
  const kept = ChecklistsSchema.parse(profile.checklists ?? {});
  const states = PERIODS.filter(period => checklistOf(period, kept).items.length > 0).map(period => {
    const { state, streak } = standing(period, all, now);
    return { checklist: period, state, streak };
  });
  if (options.json) {
    const output: z.output<typeof ChecklistHistory> = {
      apiVersion: API_VERSION,
      kind: 'ChecklistHistory',
      checklists: states,
      items: runs.map(run => runJson(run, platform.name)),
    };
    io.out(`${JSON.stringify(output, null, 2)}\n`);
    return EXIT.well;
  }
  for (const run of runs) io.out(`${plain(historyLine(run, style, now), style.ascii)}\n`);
  if (runs.length === 0) io.err('quarterdeck: no checklist was run in that time\n');
  for (const { checklist, state, streak } of states) io.out(`${checklist}: ${state}, ${streak} in a row\n`);
  return EXIT.well;
}

function historyLine(run: RunRecord, { paint, ascii }: Style, now: number): string {
  const verdict = run.end?.verdict ?? verdictOfRun(run);
  const health = HEALTHS[verdict];
  const open = run.end ? '' : isAtWork(run, now) ? ', under way' : ', not finished';
  const bad = run.items.filter(({ result }) => result && result.verdict !== 'pass').map(({ title }) => title);
  const what = `${paint(health === 'ok' ? null : health, `${mark(health, ascii)} ${WORDS[verdict]}`)}${open}`;
  return `${dateTime(run.begunAt)}  ${run.checklist}  ${run.worker.operator}${run.auto ? ' (auto)' : ''}  ${what}${bad.length > 0 ? `: ${bad.join(', ')}` : ''}`;
}
