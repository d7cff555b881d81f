import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Painter } from '../../src/stage/painter.ts';
import type { Picture } from '../../src/stage/picture.ts';
import { textOf, wholeRows } from '../helpers/pictures.ts';
import { emulate, type ShownCell, seen } from './emulator.ts';
import { type Piece, rowOf, toCells, toText } from './screens.ts';

const COLUMNS = 40;
const ROWS = 8;
const BLANK: ShownCell = { chars: ' ', width: 1, fg: '', bg: '', flags: '' };

interface Part {
  left: number;
  top: number;
  width: number;
  rows: Piece[][];
}

const partOf: fc.Arbitrary<Part> = fc.record({
  left: fc.nat(COLUMNS - 1),
  top: fc.nat(ROWS - 1),
  width: fc.integer({ min: 1, max: COLUMNS + 5 }),
  rows: fc.array(rowOf(24), { minLength: 1, maxLength: ROWS + 1 }),
});

const pictureOf = (parts: Part[]): Picture =>
  parts.map(({ rows, ...place }) => ({ ...place, height: rows.length, lines: rows.map(toText) }));

/** What must be seen: each part over those before it, and a blank where half of a wide character is covered. */
function wantedOf(parts: Part[]): ShownCell[][] {
  const screen = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => BLANK));
  for (const { left, top, width, rows } of parts) {
    const columns = Math.min(width, COLUMNS - left);
    for (const [at, row] of rows.slice(0, ROWS - top).entries()) {
      const line = screen[top + at]!;
      const under = [...line];
      line.splice(left, columns, ...toCells(row, columns));
      const halves: [edge: number, rest: number][] = [
        [left, left - 1],
        [left + columns, left + columns],
      ];
      for (const [edge, rest] of halves) {
        if (under[edge]?.width === 0) line[rest] = seen({ ...under[rest]!, chars: ' ', width: 1 });
      }
    }
  }
  return screen;
}

it('shows each rectangle over those before it, cell by cell, whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(partOf, { maxLength: 5 }), { minLength: 1, maxLength: 4 }), async pictures => {
      const emulator = emulate(COLUMNS, ROWS);
      await emulator.write('\x1b[?1049h\x1b[?7l\x1b[2J');
      const painter = new Painter(COLUMNS, ROWS, 'full');
      for (const parts of pictures) {
        await emulator.write(painter.paint(pictureOf(parts)));
        expect(emulator.cells()).toEqual(wantedOf(parts));
        expect(painter.paint(pictureOf(parts)), 'an equal picture').toBe('');
      }
      emulator.terminal.dispose();
    }),
    { numRuns: 300 },
  );
});

it('takes a line for what it is where one lies over another', () => {
  const under = wholeRows(['0123456789']);
  const over = (left: number, line: string) => [...under, { left, top: 0, width: 3, height: 1, lines: [line] }];
  expect(textOf(over(2, 'abc'), 12, 2)).toEqual(['01abc56789', '']);
  expect(textOf(over(2, 'a'), 12, 2)).toEqual(['01a  56789', '']);
  expect(textOf(over(9, 'abcdef'), 12, 2)).toEqual(['012345678abc', '']);
  expect(textOf(over(20, 'abc'), 12, 2)).toEqual(['0123456789', '']);
});
