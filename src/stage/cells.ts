/** A grid of cells in plain number arrays: which glyph stands in each and in which style. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Row after row: a code point, the number of a cluster, or one of the constants below. */
  readonly glyphs: Int32Array;
  /** Numbers of a Styles table. */
  readonly styles: Int32Array;
}

export const BLANK = 0x20;
/** The second half of a wide character: it has the style of the first. */
export const CONTINUATION = -1;
/** Nobody knows what the terminal shows here. */
export const UNKNOWN = -2;

/** A grid of plain blanks. */
export function createGrid(columns: number, rows: number): Grid {
  const cells = columns * rows;
  return { columns, rows, glyphs: new Int32Array(cells).fill(BLANK), styles: new Int32Array(cells) };
}

const FIRST_CLUSTER = 0x110000;
/** Longer towers of marks lose their top: terminals have limits too (tmux keeps 32 bytes a cell). */
const LONGEST_CLUSTER = 12;

/** Glyphs as numbers: a single code point is its own; a character with combining marks gets one from this table. */
export class Glyphs {
  readonly #texts: string[] = [];
  readonly #ids = new Map<string, number>();

  /** Clusters known. They come from outside: who holds a grid must `clear` both before they become too many. */
  get size(): number {
    return this.#texts.length;
  }

  clear(): void {
    this.#texts.length = 0;
    this.#ids.clear();
  }

  /** The glyph with one more mark on it. */
  join(glyph: number, mark: number): number {
    const text = this.text(glyph) + String.fromCodePoint(mark);
    if (text.length > LONGEST_CLUSTER) return glyph;
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = FIRST_CLUSTER + this.#texts.push(text) - 1;
      this.#ids.set(text, id);
    }
    return id;
  }

  text(glyph: number): string {
    return glyph < FIRST_CLUSTER ? String.fromCodePoint(glyph) : (this.#texts[glyph - FIRST_CLUSTER] ?? ' ');
  }

  /** The character under the marks. */
  base(glyph: number): number {
    return glyph < FIRST_CLUSTER ? glyph : (this.text(glyph).codePointAt(0) ?? BLANK);
  }

  /** Bytes in UTF-8. */
  bytes(glyph: number): number {
    if (glyph < 0x80) return 1;
    if (glyph < 0x800) return 2;
    if (glyph < 0x10000) return 3;
    return glyph < FIRST_CLUSTER ? 4 : Buffer.byteLength(this.text(glyph));
  }
}
