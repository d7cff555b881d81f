import { FIELDS } from '../filter/fields.ts';
import { type Key, type KeyMap, type Part, TOPIC_TITLES, type Topic } from '../keys/table.ts';
import type { Health } from '../model/entity.ts';
import { fit, textWidth } from '../stage/width.ts';
import { mark, staleMark } from '../text/look.ts';
import { type DocLine, fact, GAP, title } from './document.ts';

export interface HelpOptions {
  ascii: boolean;
  part: Part;
  columns: number;
}

const MARKS: [Health, string][] = [
  ['ok', 'well'],
  ['warn', 'warning'],
  ['bad', 'bad'],
  ['busy', 'busy: a rollout or a start is under way'],
  ['off', 'switched off or drained on purpose'],
  ['unknown', 'unknown'],
];

/** In this order, most needed first; the keys of the part that one comes from stand before all. */
const TOPICS: Topic[] = ['look', 'act', 'list', 'go', 'program', 'log', 'checklist', 'text', 'chart'];

/** Columns of an entry that stands beside others. */
const CELL = 38;

/** The keys and the marks as a text, made from their tables. `part` is where one comes from, `columns` what fits. */
export function help({ keys }: KeyMap, { ascii, part, columns }: HelpOptions): DocLine[] {
  const first = TOPICS.filter(topic => topic === part && topic !== 'list');
  return [
    ...[...new Set([...first, ...TOPICS])].flatMap(topic => [
      title(TOPIC_TITLES[topic]),
      ...beside(keys.filter(key => key.topic === topic).map(keyLine), columns),
      GAP,
    ]),
    title('Marks'),
    ...MARKS.map(([health, words]) => fact(mark(health, ascii), words, { tone: health })),
    fact(staleMark(ascii), 'stale: as old as it says', { tone: 'warn' }),
    GAP,
    title('Filter'),
    { text: 'text  /regex/  !not  "two words"  field=value|other  field>value' },
    ...FIELDS.map(field => fact([field.name, ...field.aliases].join(' '), field.help)),
  ];
}

/** Short entries that follow each other, as many to a line as fit. */
function beside(entries: DocLine[], columns: number): DocLine[] {
  const lines: DocLine[][] = [];
  for (const entry of entries) {
    const line = lines.at(-1) ?? [];
    const joins = line.length > 0 && (line.length + 1) * CELL <= columns && [...line, entry].every(isShort);
    if (joins) line.push(entry);
    else lines.push([entry]);
  }
  return lines.map(line => {
    const [first, second] = line;
    return first && !second
      ? first
      : {
          text: line
            .map(({ text }) => fit(text, CELL))
            .join('')
            .trimEnd(),
        };
  });
}

const isShort = ({ text }: DocLine) => textWidth(text) < CELL;

function keyLine({ keys, help }: Key): DocLine {
  return fact(keys.join('  '), help);
}
