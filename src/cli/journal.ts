import { type CutShort, cutShort, cutShortWords } from '../actions/cut-short.ts';
import type { TeamState } from '../model/team.ts';
import type { Journal, TeamDeed } from '../store/journal.ts';
import { dateTime } from '../text/format.ts';
import { shellWord } from '../text/shell.ts';
import { teamWords } from '../text/team-words.ts';
import type { Options } from './arguments.ts';
import { EXIT, type Io } from './io.ts';
import { API_VERSION, time } from './items.ts';
import type { Style } from './style.ts';

const TONES = { done: 'ok', refused: 'warn', failed: 'bad', unknown: 'unknown' } as const;

/**
 * `journal`: what was done by everybody in the team, oldest first, a line each (an object a line with --json). Ends with 3
 * where colleagues may have done more.
 */
export function journal(of: Journal, team: TeamState | null, options: Options, style: Style, io: Io): number {
  const since = options.sinceSeconds === null ? 0 : io.now() - options.sinceSeconds * 1000;
  const deeds = of.team({ since });
  if (options.json) for (const deed of deeds) io.out(`${JSON.stringify(deedItem(deed))}\n`);
  else for (const deed of deeds) io.out(`${lines(deed, style).join('\n')}\n`);
  if (!options.json)
    for (const cut of cutShort(of, io.now())) io.out(`${style.paint('warn', cutShortWords(cut))}${goOn(cut)}\n`);
  if (deeds.length === 0 && !options.json) io.err('quarterdeck: nothing was done in that time\n');
  const words = team && teamWords(team);
  if (words) io.err(`quarterdeck: ${words}\n`);
  for (const fork of team?.forks ?? []) io.err(`quarterdeck: team store: ${fork}\n`);
  return words ? EXIT.notLive : EXIT.well;
}

/** A deed as JSON has it. */
export function deedItem({ intent, ending, own }: TeamDeed) {
  const { id, at, operator, sshClient, demo, system, identity, verb, input, target, command, risk, changes } = intent;
  return {
    apiVersion: API_VERSION,
    kind: 'Deed',
    ...(demo && { demo: true as const }),
    id,
    at: time(at),
    operator,
    host: intent.process.host,
    own,
    sshClient,
    system,
    identity,
    verb,
    input,
    target: target.id,
    targetUid: target.uid,
    targetVersion: target.version,
    command,
    risk,
    changes,
    reason: intent.reason,
    batch: intent.batch,
    outcome: ending?.outcome ?? null,
    words: ending?.words ?? null,
    endedAt: time(ending?.at ?? null),
    checkedLater: ending?.checked ?? false,
    inverse: intent.inverse,
  };
}

function lines({ intent, ending }: TeamDeed, { paint }: Style): string[] {
  const { at, operator, process, verb, target, changes, command, reason } = intent;
  const change = changes.map(({ what, from, to }) => `${what} ${from} → ${to}`).join(', ');
  const end = ending
    ? paint(TONES[ending.outcome], `${ending.outcome}: ${ending.words}`)
    : paint('unknown', 'how it ended is not known');
  return [
    `${dateTime(at)}  ${operator}@${process.host}  ${verb} ${target.id}${change ? `  ${change}` : ''}`,
    `    ${end}`,
    `    ${paint('dim', command)}`,
    ...(reason ? [`    reason: ${reason}`] : []),
  ];
}

/** The command that does the rest. */
function goOn({ batch, left }: CutShort): string {
  if (left.length === 0) return '';
  const set = Object.entries(batch.input).map(([name, value]) => ` --set ${shellWord(`${name}=${value}`)}`);
  return `\n    to go on: quarterdeck act ${batch.verb} ${left.map(({ id }) => shellWord(id)).join(' ')}${set.join('')}`;
}
