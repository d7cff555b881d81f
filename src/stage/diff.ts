import { BLANK, CONTINUATION, type Glyphs, type Grid } from './cells.ts';
import type { Pen } from './pen.ts';
import { PLAIN, type Styles } from './sgr.ts';
import { isDisputed } from './width.ts';

/** The most columns that are written again to save a cursor move: no move is longer. */
const LONGEST_BRIDGE = 10;
/** `CSI K`. */
const ERASE_BYTES = 3;

/** Draws what differs between one row of what the terminal shows and the same row of the next picture. */
export class RowDiff {
  readonly #styles: Styles;
  readonly #glyphs: Glyphs;

  constructor(styles: Styles, glyphs: Glyphs) {
    this.#styles = styles;
    this.#glyphs = glyphs;
  }

  /** `shown` and `next` are of one size. */
  draw(pen: Pen, shown: Grid, next: Grid, row: number): void {
    const start = row * next.columns;
    const end = start + next.columns;
    const tail = blankTail(next, start, end);
    for (let cell = start; cell < end; cell++) {
      if (!differs(shown, next, cell) || next.glyphs[cell] === CONTINUATION) continue;
      this.#approach(pen, next, row, cell);
      if (cell >= tail && lastChange(shown, next, end) - cell >= ERASE_BYTES) {
        this.#setStyle(pen, BLANK, PLAIN);
        pen.eraseToEnd();
        return;
      }
      this.#put(pen, next, row, cell);
    }
  }

  /** Brings the cursor to a cell: over the unchanged ones between, where writing them again is not longer. */
  #approach(pen: Pen, next: Grid, row: number, cell: number): void {
    const column = cell - row * next.columns;
    const from = pen.columnOn(row);
    const gap = from === null ? 0 : column - from;
    if (gap > 0 && gap <= LONGEST_BRIDGE) {
      const move = pen.moveFor(row, column).length + this.#styleBytes(pen.style, next, cell);
      if (this.#bridgeBytes(pen.style, next, cell - gap, cell) <= move) {
        for (let between = cell - gap; between < cell; between++) this.#put(pen, next, row, between);
        return;
      }
    }
    pen.moveTo(row, column);
  }

  /** What it takes to write the cells from `from` up to the ink of `to`. */
  #bridgeBytes(style: number | null, next: Grid, from: number, to: number): number {
    let bytes = 0;
    let now = style;
    for (let cell = from; cell < to; cell++) {
      const glyph = next.glyphs[cell]!;
      if (glyph === CONTINUATION) continue;
      const change = this.#styleBytes(now, next, cell);
      if (change > 0) now = next.styles[cell]!;
      bytes += change + this.#glyphs.bytes(glyph);
    }
    return bytes + this.#styleBytes(now, next, to);
  }

  /** Writes one cell, and the second half of a wide one with it. */
  #put(pen: Pen, next: Grid, row: number, cell: number): void {
    const glyph = next.glyphs[cell]!;
    if (glyph === CONTINUATION) return;
    const column = cell - row * next.columns;
    pen.moveTo(row, column);
    this.#setStyle(pen, glyph, next.styles[cell]!);
    if (column + 1 === next.columns || next.glyphs[cell + 1] !== CONTINUATION) pen.write(this.#glyphs.text(glyph), 1);
    else if (isDisputed(this.#glyphs.base(glyph))) this.#putDisputed(pen, glyph, row, column);
    else pen.write(this.#glyphs.text(glyph), 2);
  }

  /** A terminal that holds it to be narrow must not show in its second half what was there before. */
  #putDisputed(pen: Pen, glyph: number, row: number, column: number): void {
    pen.write('  ', 2);
    pen.loseColumn();
    pen.moveTo(row, column);
    pen.write(this.#glyphs.text(glyph), 2);
    pen.loseColumn();
  }

  #setStyle(pen: Pen, glyph: number, wanted: number): void {
    if (!this.#looksRight(pen.style, glyph, wanted)) pen.setStyle(wanted);
  }

  #styleBytes(style: number | null, next: Grid, cell: number): number {
    const wanted = next.styles[cell]!;
    return this.#looksRight(style, next.glyphs[cell]!, wanted) ? 0 : this.#styles.change(style, wanted).length;
  }

  /** A blank does not show the colour of ink: it may be written, or erased, in any style that looks the same on it. */
  #looksRight(style: number | null, glyph: number, wanted: number): boolean {
    return style === wanted || (glyph === BLANK && style !== null && this.#styles.blank(style) === wanted);
  }
}

function differs(shown: Grid, next: Grid, cell: number): boolean {
  return shown.glyphs[cell] !== next.glyphs[cell] || shown.styles[cell] !== next.styles[cell];
}

function lastChange(shown: Grid, next: Grid, end: number): number {
  let cell = end - 1;
  while (cell >= 0 && !differs(shown, next, cell)) cell--;
  return cell;
}

/** Where the plain blanks at the end of a row begin. */
function blankTail(grid: Grid, start: number, end: number): number {
  let cell = end;
  while (cell > start && grid.glyphs[cell - 1] === BLANK && grid.styles[cell - 1] === PLAIN) cell--;
  return cell;
}
