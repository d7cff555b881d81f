import { FIELDS } from '../filter/fields.ts';
import { type Key, type KeyMap, PART_TITLES } from '../keys/table.ts';
import type { Health } from '../model/entity.ts';
import { mark, staleMark } from '../text/look.ts';
import { type DocLine, fact, GAP, title } from './document.ts';

const MARKS: [Health, string][] = [
  ['ok', 'well'],
  ['warn', 'warning'],
  ['bad', 'bad'],
  ['busy', 'busy: a rollout or a start is under way'],
  ['off', 'switched off or drained on purpose'],
  ['unknown', 'unknown'],
];

/** The keys and the marks as a text, made from their tables. */
export function help({ keys }: KeyMap, ascii: boolean): DocLine[] {
  return [
    ...(['list', 'text', 'log', 'everywhere'] as const).flatMap(part => [
      title(PART_TITLES[part]),
      ...keys.filter(key => key.part === part).map(keyLine),
      GAP,
    ]),
    title('Marks'),
    ...MARKS.map(([health, words]) => fact(mark(health, ascii), words, { tone: health })),
    fact(staleMark(ascii), 'stale: as old as it says', { tone: 'warn' }),
    GAP,
    title('Filter'),
    { text: 'text  /regular expression/  !inverted  "two words"  field=value|other  field>value' },
    ...FIELDS.map(field => fact([field.name, ...field.aliases].join(' '), field.help)),
  ];
}

function keyLine({ keys, help }: Key): DocLine {
  return fact(keys.join('  '), help);
}
