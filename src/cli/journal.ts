import type { Deed } from '../model/deed.ts';
import type { Journal } from '../store/journal.ts';
import { dateTime } from '../text/format.ts';
import type { Options } from './arguments.ts';
import { EXIT, type Io } from './io.ts';
import { API_VERSION, time } from './items.ts';
import type { Style } from './style.ts';

const TONES = { done: 'ok', refused: 'warn', failed: 'bad', unknown: 'unknown' } as const;

/**
 * `journal`: what was done, oldest first, a line each (an object a line with --json). With --verify it says whether the
 * chain is whole, and ends with 2 when it is not.
 */
export function journal(of: Journal, options: Options, style: Style, io: Io): number {
  if (options.verify) return verify(of, options, io);
  const since = options.sinceSeconds === null ? 0 : io.now() - options.sinceSeconds * 1000;
  const deeds = of.deeds({ since });
  if (options.json) for (const deed of deeds) io.out(`${JSON.stringify(deedItem(deed))}\n`);
  else for (const deed of deeds) io.out(`${lines(deed, style).join('\n')}\n`);
  if (deeds.length === 0 && !options.json) io.err('quarterdeck: nothing was done in that time\n');
  return EXIT.well;
}

function verify(of: Journal, { json }: Options, io: Io): number {
  const { records, broken } = of.verify();
  if (json) io.out(`${JSON.stringify({ apiVersion: API_VERSION, kind: 'JournalCheck', records, broken })}\n`);
  else if (broken) io.out(`record ${broken.record} of the journal: ${broken.why}\n`);
  else io.out(`${records} records, each follows on the one before it\n`);
  return broken ? EXIT.bad : EXIT.well;
}

/** A deed as JSON has it. */
export function deedItem({ intent, ending }: Deed) {
  const { id, at, operator, sshClient, demo, system, identity, verb, input, target, command, risk, changes } = intent;
  return {
    apiVersion: API_VERSION,
    kind: 'Deed',
    ...(demo && { demo: true as const }),
    id,
    at: time(at),
    operator,
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

function lines({ intent, ending }: Deed, { paint }: Style): string[] {
  const { at, operator, verb, target, changes, command, reason } = intent;
  const change = changes.map(({ what, from, to }) => `${what} ${from} → ${to}`).join(', ');
  const end = ending
    ? paint(TONES[ending.outcome], `${ending.outcome}: ${ending.words}`)
    : paint('unknown', 'how it ended is not known');
  return [
    `${dateTime(at)}  ${operator}  ${verb} ${target.id}${change ? `  ${change}` : ''}`,
    `    ${end}`,
    `    ${paint('dim', command)}`,
    ...(reason ? [`    reason: ${reason}`] : []),
  ];
}
