import type { Row, Start } from '../src/screen/start.ts';
import type { Picture } from '../src/stage/picture.ts';
import { fit, wrap } from '../src/stage/width.ts';
import { paint, plain } from '../src/text/look.ts';
import { placed } from './placed.ts';

/** The saved profiles and what was found on this machine, to choose from. */
export function startPicture(start: Start, ascii: boolean): Picture {
  const { columns, rows } = start.size;
  const foot = footLines(start, columns).slice(0, Math.max(1, Math.floor(rows / 2)));
  const height = Math.max(0, rows - foot.length);
  const body = inSight(startLines(start, columns), height);
  const part = (top: number, lines: string[]) =>
    placed(
      { left: 0, top, width: columns, height: lines.length },
      lines.map(line => plain(line, ascii)),
      ascii,
    );
  return [part(0, body), part(height, foot)];
}

interface Body {
  lines: string[];
  /** Index of the line under the cursor; -1 for none. */
  cursor: number;
}

function inSight({ lines, cursor }: Body, height: number): string[] {
  // One line more shows that there is more.
  const end = Math.min(cursor + (height > 1 ? 2 : 1), lines.length);
  const top = Math.max(0, end - height);
  return lines.slice(top, top + height);
}

function startLines(start: Start, columns: number): Body {
  const { rows } = start;
  const lineOf = (row: Row) => {
    const text = fit(rowText(start, row), columns);
    return row === rows[start.cursor] ? paint('cursor', text) : text;
  };
  const part = (type: Row['type']) => rows.filter(row => row.type === type).map(lineOf);
  const profiles = part('profile');
  const choices = part('choice');
  const head = (text: string) => [fit(`  ${text}`, columns), ''];
  const lines = [
    fit(` ${paint('title', 'Quarterdeck')}`, columns),
    '',
    ...(profiles.length > 0 ? [...head('Saved profiles. What shall be watched?'), ...profiles, ''] : []),
    ...head(foundText(start, choices.length, profiles.length)),
    ...choices,
    ...(choices.length > 0 ? [''] : []),
    ...part('demo'),
    '',
    ...start.passed
      .flatMap(sentence => wrap(sentence, Math.max(10, columns - 4)))
      .map(line => paint('dim', fit(`  ${line}`, columns))),
  ];
  const under = rows[start.cursor];
  return { lines, cursor: under ? lines.indexOf(lineOf(under)) : -1 };
}

function foundText({ looking }: Start, choices: number, profiles: number): string {
  if (looking) return 'looking for what this machine can reach …';
  if (choices === 0) return 'Nothing to watch was found on this machine.';
  return profiles > 0 ? 'Or what was found on this machine:' : 'Found on this machine. What shall be watched?';
}

function rowText(start: Start, row: Row): string {
  if (row.type === 'demo') return '      the embedded platform: a living demonstration, nothing real is touched';
  if (row.type === 'profile') return `      ${row.name}`;
  return `  [${start.isChosen(row) ? 'x' : ' '}] ${row.title}${row.note ? `  ${row.note}` : ''}`;
}

function footLines({ message }: Start, columns: number): string[] {
  const text = message ?? ['↵ open', 'q quit', 'space choose', 'w write a profile'].join('   ');
  const lines = message ? wrap(text, Math.max(10, columns - 2)) : [text];
  return lines.map(line => fit(` ${line}`, columns));
}
