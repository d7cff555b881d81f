import { BLANK, CONTINUATION, type Glyphs, type Grid } from './cells.ts';
import { PLAIN, type Styles } from './sgr.ts';
import { cellWidth, isDropped } from './width.ts';

const ESC = 0x1b;
/** SGR, with its parameters; any other control sequence; a control string up to its end; any other escape. */
const ESCAPE = /\x1b(?:\[([\d;]*)m|\[[0-?]*[ -/]*[@-~]?|[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|[ -/]*[0-~]?)/y;

/**
 * Reads a line into the cells of a grid from `start` up to `end`, which are of one row. SGR sequences become styles;
 * every other escape sequence and every control, format or invisible character is dropped, so that no text can drive the
 * terminal. What does not fit is cut, and half of a wide character at the edge becomes a blank.
 */
export function parseRow(text: string, grid: Grid, start: number, end: number, styles: Styles, glyphs: Glyphs): void {
  const cells = grid.glyphs;
  const styleOf = grid.styles;
  let style = PLAIN;
  let blank = PLAIN;
  let cell = start;
  /** Where the last character began, for its marks. */
  let lead = -1;
  let leadStyle = PLAIN;

  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x20 && unit < 0x7f) {
      if (cell >= end) break;
      cells[cell] = unit;
      styleOf[cell] = unit === BLANK ? blank : style;
      lead = cell++;
      leadStyle = style;
      at++;
    } else if (unit === ESC) {
      ESCAPE.lastIndex = at;
      const [sequence, parameters] = ESCAPE.exec(text) ?? [text[at]!];
      at += sequence.length;
      if (parameters !== undefined) {
        style = styles.apply(style, parameters);
        blank = styles.blank(style);
      }
    } else {
      const code = text.codePointAt(at)!;
      at += code > 0xffff ? 2 : 1;
      if (isDropped(code)) continue;
      const width = cellWidth(code);
      if (width === 0) {
        if (lead < 0) continue;
        cells[lead] = glyphs.join(cells[lead]!, code);
        styleOf[lead] = leadStyle;
        continue;
      }
      if (cell + width > end) {
        if (cell < end) {
          cells[cell] = BLANK;
          styleOf[cell++] = blank;
        }
        break;
      }
      cells[cell] = code;
      styleOf[cell] = style;
      lead = cell++;
      leadStyle = style;
      if (width === 2) {
        cells[cell] = CONTINUATION;
        styleOf[cell++] = style;
      }
    }
  }
  cells.fill(BLANK, cell, end);
  styleOf.fill(PLAIN, cell, end);
}
