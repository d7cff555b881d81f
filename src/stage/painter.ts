import { BLANK, createGrid, Glyphs, type Grid, UNKNOWN } from './cells.ts';
import { composeRow, layersOf, nameOfRow } from './compose.ts';
import { RowDiff } from './diff.ts';
import { Pen } from './pen.ts';
import type { Picture } from './picture.ts';
import { type Colors, PLAIN, Styles } from './sgr.ts';

/** Begin and end of a synchronized update (DEC private mode 2026): the terminal shows it as one, where it knows it. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';
const MOST_CLUSTERS = 20_000;

/** Knows, cell by cell, what the terminal shows, and says in the fewest bytes what makes it show the next frame. */
export class Painter {
  readonly #styles: Styles;
  readonly #glyphs = new Glyphs();
  readonly #diff: RowDiff;
  #shown: Grid;
  #next: Grid;
  /** Of each row as shown what tells it from others, where that is known. */
  #rows: string[] = [];

  constructor(columns: number, rows: number, colors: Colors) {
    this.#styles = new Styles(colors);
    this.#diff = new RowDiff(this.#styles, this.#glyphs);
    this.#shown = createGrid(columns, rows);
    this.#next = createGrid(columns, rows);
  }

  get columns(): number {
    return this.#shown.columns;
  }

  get rows(): number {
    return this.#shown.rows;
  }

  /** Of another size, the terminal shows nobody knows what. */
  resize(columns: number, rows: number): void {
    this.#shown = createGrid(columns, rows);
    this.#next = createGrid(columns, rows);
    this.forget();
  }

  /** Nothing is known of what the terminal shows: the next frame is written whole. */
  forget(): void {
    this.#shown.glyphs.fill(UNKNOWN);
    this.#rows = [];
  }

  /** The terminal was erased. */
  blank(): void {
    this.#shown.glyphs.fill(BLANK);
    this.#shown.styles.fill(PLAIN);
    this.#rows = [];
  }

  /** What to send so that the terminal shows this picture; `''` when it does. What lies beyond the screen is cut. */
  paint(picture: Picture): string {
    if (this.#glyphs.size > MOST_CLUSTERS) {
      this.#glyphs.clear();
      this.forget();
    }
    const pen = new Pen(this.#styles, this.columns);
    for (const [row, layers] of layersOf(picture, this.#next).entries()) {
      const name = nameOfRow(layers);
      if (name === this.#rows[row]) continue;
      composeRow(layers, this.#next, row, this.#styles, this.#glyphs);
      this.#diff.draw(pen, this.#shown, this.#next, row);
      this.#keep(row);
      this.#rows[row] = name;
    }
    return pen.jumps > 1 ? BEGIN + pen.text + END : pen.text;
  }

  #keep(row: number): void {
    const start = row * this.columns;
    const end = start + this.columns;
    this.#shown.glyphs.set(this.#next.glyphs.subarray(start, end), start);
    this.#shown.styles.set(this.#next.styles.subarray(start, end), start);
  }
}
