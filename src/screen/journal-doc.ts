import type { Gateway } from '../actions/gateway.ts';
import type { Deed } from '../model/deed.ts';
import { dateTime } from '../text/format.ts';
import { type Doc, newDoc } from './doc.ts';
import type { DocLine } from './document.ts';

/** How many of the last deeds are shown. */
const SHOWN = 200;

/** What was done, newest first: when, by whom, what, how it ended; with the command and the reason under it. */
export function journalDoc(gateway: Gateway): Doc {
  return newDoc('Journal', null, () => {
    const deeds = gateway.journal.deeds({ limit: SHOWN }).reverse();
    if (deeds.length === 0) return [{ text: 'Nothing was done yet.', tone: 'dim' }];
    return deeds.flatMap(linesOf);
  });
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
