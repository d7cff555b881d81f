import { FIELDS } from '../filter/fields.ts';
import type { Key, KeyMap, Part } from '../keys/table.ts';
import { type DocLine, fact, GAP, title } from './document.ts';

const PARTS: [Part, string][] = [
  ['list', 'In a list'],
  ['everywhere', 'Everywhere'],
];

/** The keys as a text, made from the table. */
export function help({ keys }: KeyMap): DocLine[] {
  return [
    ...PARTS.flatMap(([part, heading]) => [title(heading), ...keys.filter(key => key.part === part).map(keyLine), GAP]),
    title('Marks'),
    fact('●  o', 'well'),
    fact('▲  ^', 'warning', { tone: 'warn' }),
    fact('✖  x', 'bad', { tone: 'bad' }),
    fact('◍  b', 'busy: a rollout or a start is under way', { tone: 'busy' }),
    fact('○  -', 'switched off or drained on purpose', { tone: 'off' }),
    fact('◌  ?', 'unknown', { tone: 'unknown' }),
    fact('◐  ~', 'stale: as old as it says', { tone: 'warn' }),
    GAP,
    title('Filter'),
    { text: 'text  /regular expression/  !inverted  "two words"  field=value|other  field>value' },
    ...FIELDS.map(field => fact([field.name, ...field.aliases].join(' '), field.help)),
  ];
}

function keyLine({ keys, help }: Key): DocLine {
  return fact(keys.join('  '), help);
}
