import { type CutShort, cutShortWords } from '../actions/cut-short.ts';
import type { Gateway } from '../actions/gateway.ts';
import type { Deed } from '../model/deed.ts';
import type { TeamState } from '../model/team.ts';
import { dateTime } from '../text/format.ts';
import { teamWords } from '../text/team-words.ts';
import { type Doc, newDoc } from './doc.ts';
import { type DocLine, GAP } from './document.ts';

/** How many of the last deeds are shown. */
const SHOWN = 200;

/**
 * What was done, by everybody in the team, newest first: when, by whom, what, how it ended; with the command and the
 * reason under it. Above it, whether that is all.
 */
export function journalDoc(gateway: Gateway, goOn: (cut: CutShort) => void): Doc {
  return newDoc('Journal', null, () => {
    const deeds = gateway.journal.team({ limit: SHOWN }).reverse();
    if (deeds.length === 0) return [...head(gateway.team), { text: 'Nothing was done yet.', tone: 'dim' }];
    const offers = gateway.cutShort().flatMap(cut => offer(cut, gateway, goOn));
    return [...head(gateway.team), ...offers, ...deeds.flatMap(linesOf)];
  });
}

/** What was cut short stands first: to go on with it, or to let it be. */
function offer(cut: CutShort, gateway: Gateway, goOn: (cut: CutShort) => void): DocLine[] {
  const { batch, left } = cut;
  if (left.length === 0) return [];
  return [
    { text: cutShortWords(cut), tone: 'warn' },
    { text: `    Enter here goes on: ${left.map(({ name }) => name).join(', ')}`, run: () => goOn(cut) },
    { text: '    Enter here lets it be', run: () => gateway.letBe(batch) },
    { text: '' },
  ];
}

function head(team: TeamState | null): DocLine[] {
  const words = team && teamWords(team);
  const lines: DocLine[] = [
    ...(words ? [{ text: words, tone: team.phase === 'connecting' ? 'dim' : 'warn' } as const] : []),
    ...(team?.forks ?? []).map(text => ({ text: `team store: ${text}`, tone: 'bad' }) as const),
  ];
  return lines.length > 0 ? [...lines, GAP] : [];
}

const TONES = { done: 'ok', refused: 'warn', failed: 'bad', unknown: 'unknown' } as const;

function linesOf({ intent, ending }: Deed): DocLine[] {
  const { at, operator, process, verb, target, changes, command, reason } = intent;
  const change = changes.map(({ from, to }) => `${from} → ${to}`).join(', ');
  const head = `${dateTime(at)}  ${operator}@${process.host}  ${verb} ${target.name}${change ? ` ${change}` : ''}`;
  const end = ending ? `${ending.outcome}: ${ending.words}` : 'not ended, as far as is known';
  return [
    { text: head, link: target.id },
    { text: `    ${end}`, tone: ending ? TONES[ending.outcome] : 'busy' },
    { text: `    ${command}`, tone: 'dim' },
    ...(reason ? [{ text: `    reason: ${reason}`, tone: 'dim' } as const] : []),
  ];
}
