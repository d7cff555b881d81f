import { type CutShort, cutShortWords } from '../actions/cut-short.ts';
import type { Gateway } from '../actions/gateway.ts';
import type { Deed } from '../model/deed.ts';
import { dateTime } from '../text/format.ts';
import { type Doc, newDoc } from './doc.ts';
import type { DocLine } from './document.ts';

/** How many of the last deeds are shown. */
const SHOWN = 200;

/** What was done, newest first: when, by whom, what, how it ended; with the command and the reason under it. */
export function journalDoc(gateway: Gateway, goOn: (cut: CutShort) => void): Doc {
  return newDoc('Journal', null, () => {
    const deeds = gateway.journal.deeds({ limit: SHOWN }).reverse();
    if (deeds.length === 0) return [{ text: 'Nothing was done yet.', tone: 'dim' }];
    return [...gateway.cutShort().flatMap(cut => offer(cut, gateway, goOn)), ...deeds.flatMap(linesOf)];
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

const TONES = { done: 'ok', refused: 'warn', failed: 'bad', unknown: 'unknown' } as const;

function linesOf({ intent, ending }: Deed): DocLine[] {
  const { at, operator, verb, target, changes, command, reason } = intent;
  const change = changes.map(({ from, to }) => `${from} → ${to}`).join(', ');
  const head = `${dateTime(at)}  ${operator}  ${verb} ${target.name}${change ? ` ${change}` : ''}`;
  const end = ending ? `${ending.outcome}: ${ending.words}` : 'not ended, as far as is known';
  return [
    { text: head, link: target.id },
    { text: `    ${end}`, tone: ending ? TONES[ending.outcome] : 'busy' },
    { text: `    ${command}`, tone: 'dim' },
    ...(reason ? [{ text: `    reason: ${reason}`, tone: 'dim' } as const] : []),
  ];
}
