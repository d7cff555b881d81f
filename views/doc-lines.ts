import type { Doc } from '../src/screen/doc.ts';
import type { DocLine } from '../src/screen/document.ts';
import { fit } from '../src/stage/width.ts';
import { paint, plain } from '../src/text/look.ts';
import { framed } from './frame.ts';

/** A text in a frame, or under its title where there is no room for one, with a cursor line; it scrolls so that the cursor is in sight. */
export function docLines(
  doc: Doc,
  lines: DocLine[],
  { width, height, bare, ascii }: { width: number; height: number; bare: boolean; ascii: boolean },
): string[] {
  const room = Math.max(1, height - (bare ? 1 : 2));
  doc.line = Math.max(0, Math.min(doc.line, lines.length - 1));
  doc.top = Math.max(0, Math.min(doc.top, doc.line, Math.max(0, lines.length - room)), doc.line - room + 1);
  const shown = lines
    .slice(doc.top, doc.top + room)
    .map((line, index) => docLine(line, bare ? width : width - 2, index + doc.top === doc.line, ascii));
  if (bare) return [paint('focus', fit(doc.title, width)), ...shown].slice(0, height);
  const place = lines.length > room ? `${doc.line + 1} of ${lines.length}` : '';
  return framed(shown, { width, height, title: ` ${doc.title} `, sum: place, focused: true, ascii });
}

function docLine({ text, tone, link }: DocLine, width: number, here: boolean, ascii: boolean): string {
  const arrow = link ? (ascii ? '> ' : '▸ ') : '  ';
  const line = paint(tone, fit(`${arrow}${plain(text, ascii)}`, width));
  return here ? paint('cursor', line) : line;
}
