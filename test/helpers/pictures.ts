import { CONTINUATION, createGrid, Glyphs } from '../../src/stage/cells.ts';
import { composeRow, layersOf } from '../../src/stage/compose.ts';
import type { Picture } from '../../src/stage/picture.ts';
import { Styles } from '../../src/stage/sgr.ts';

/** Rows that take the whole width of any screen. */
export const wholeRows = (rows: readonly string[]): Picture => [
  { left: 0, top: 0, width: Number.MAX_SAFE_INTEGER, height: rows.length, lines: rows },
];

/** What a screen of that size shows of a picture: text alone, the blanks at the end of rows cut. */
export function textOf(picture: Picture, columns: number, rows: number): string[] {
  const grid = createGrid(columns, rows);
  const glyphs = new Glyphs();
  return layersOf(picture, grid).map((layers, row) => {
    composeRow(layers, grid, row, new Styles('none'), glyphs);
    const cells = [...grid.glyphs.subarray(row * columns, (row + 1) * columns)];
    return cells
      .map(glyph => (glyph === CONTINUATION ? '' : glyphs.text(glyph)))
      .join('')
      .trimEnd();
  });
}
