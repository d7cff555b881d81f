import { BLANK, CONTINUATION, type Glyphs, type Grid } from './cells.ts';
import { parseRow } from './parse-row.ts';
import type { Picture } from './picture.ts';
import { PLAIN, type Styles } from './sgr.ts';

/** One line of a picture, and from which column up to which it lies. */
interface Layer {
  from: number;
  to: number;
  line: string;
}

/** The layers of each row of a screen of that size, the lowest first. */
export function layersOf(picture: Picture, { columns, rows }: Pick<Grid, 'columns' | 'rows'>): Layer[][] {
  const layers = Array.from({ length: rows }, (): Layer[] => []);
  for (const { left, top, width, height, lines } of picture) {
    const to = Math.min(columns, left + width);
    const end = Math.min(rows - top, height, lines.length);
    for (let at = 0; at < end && left < to; at++) layers[top + at]!.push({ from: left, to, line: lines[at]! });
  }
  return layers;
}

/** What tells a row from every other. */
export function nameOfRow(layers: readonly Layer[]): string {
  let name = '';
  for (const { from, to, line } of layers) name += `${from} ${to} ${line.length} ${line}`;
  return name;
}

/** Reads the layers of a row into its cells. Of a wide character of which half is covered a blank is left. */
export function composeRow(layers: readonly Layer[], grid: Grid, row: number, styles: Styles, glyphs: Glyphs): void {
  const start = row * grid.columns;
  grid.glyphs.fill(BLANK, start, start + grid.columns);
  grid.styles.fill(PLAIN, start, start + grid.columns);
  for (const { from, to, line } of layers) {
    if (from > 0) halve(grid, start + from, start + from - 1, styles);
    if (to < grid.columns) halve(grid, start + to, start + to, styles);
    parseRow(line, grid, start + from, start + to, styles, glyphs);
  }
}

/** Where a wide character reaches over an edge, what is left of it becomes a blank. */
function halve(grid: Grid, edge: number, left: number, styles: Styles): void {
  if (grid.glyphs[edge] !== CONTINUATION) return;
  grid.glyphs[left] = BLANK;
  grid.styles[left] = styles.blank(grid.styles[left]!);
}
