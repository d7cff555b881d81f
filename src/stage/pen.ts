import type { Styles } from './sgr.ts';

const CSI = '\x1b[';

/**
 * Collects what one frame sends, with the cursor and the style that the terminal has at each moment, and finds the
 * shortest way to the next. It begins without knowing either: a frame stands on its own, whatever came between.
 */
export class Pen {
  text = '';
  /** How often the cursor had to be sent somewhere. */
  jumps = 0;
  /** null: not known. */
  style: number | null = null;
  #row: number | null = null;
  /** Not known after the last column (terminals differ in where the cursor then is) or a disputed character. */
  #column: number | null = null;
  readonly #styles: Styles;
  readonly #columns: number;

  constructor(styles: Styles, columns: number) {
    this.#styles = styles;
    this.#columns = columns;
  }

  moveTo(row: number, column: number): void {
    const move = this.moveFor(row, column);
    if (move === '') return;
    this.text += move;
    this.jumps++;
    this.#row = row;
    this.#column = column;
  }

  /** The shortest sequence to a cell; `''` when the cursor is there. */
  moveFor(row: number, column: number): string {
    if (row === this.#row && column === this.#column) return '';
    let best = column > 0 ? `${CSI}${row + 1};${column + 1}H` : row > 0 ? `${CSI}${row + 1}H` : `${CSI}H`;
    const offer = (sequence: string) => {
      if (sequence.length < best.length) best = sequence;
    };
    if (this.#row === null) return best;
    const down = row - this.#row;
    if (down === 0) {
      offer(column === 0 ? '\r' : `${CSI}${column + 1}G`);
      if (this.#column !== null) offer(sideways(column - this.#column));
    } else {
      // a line feed keeps its column or not, as the terminal's driver likes: only together with a carriage return
      if (down > 0) offer(`\r${'\n'.repeat(down)}${sideways(column)}`);
      if (this.#column === column) offer(`${CSI}${times(Math.abs(down))}${down > 0 ? 'B' : 'A'}`);
    }
    return best;
  }

  /** Whether the cursor's place is known and on this row. */
  columnOn(row: number): number | null {
    return this.#row === row ? this.#column : null;
  }

  setStyle(style: number): void {
    this.text += this.#styles.change(this.style, style);
    this.style = style;
  }

  /** Writes a glyph at the cursor. */
  write(glyph: string, width: number): void {
    this.text += glyph;
    if (this.#column !== null) {
      this.#column += width;
      if (this.#column >= this.#columns) this.#column = null;
    }
  }

  /** The terminal may have moved the cursor otherwise than it was thought. */
  loseColumn(): void {
    this.#column = null;
  }

  /** Erases from the cursor to the end of the row; the cursor stays. */
  eraseToEnd(): void {
    this.text += `${CSI}K`;
  }
}

function sideways(columns: number): string {
  if (columns === 0) return '';
  if (columns < 0 && columns > -4) return '\b'.repeat(-columns);
  return `${CSI}${times(Math.abs(columns))}${columns > 0 ? 'C' : 'D'}`;
}

function times(count: number): string {
  return count === 1 ? '' : String(count);
}
