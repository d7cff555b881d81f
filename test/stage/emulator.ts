import { Terminal } from '@xterm/headless';
import { eastAsianWidth } from 'get-east-asian-width';

/** A cell as an emulated terminal shows it. Colours: `p3` of the palette, `#ff8800`, `''` the default. */
export interface ShownCell {
  chars: string;
  width: number;
  fg: string;
  bg: string;
  flags: string;
}

/**
 * `modern`: the width table of the Unicode version that Node knows (xterm's core has only Unicode 6 and takes others
 * from add-ons; this stands in for them). `6`: xterm's own, where emoji are narrow: a terminal that disagrees with us.
 */
export type Table = 'modern' | '6';

export interface Emulator {
  readonly terminal: Terminal;
  write(data: string): Promise<void>;
  /** The rows of the screen, cell by cell. */
  cells(): ShownCell[][];
  /** The rows of the screen as text, trailing blanks cut. */
  lines(): string[];
}

export function emulate(columns: number, rows: number, table: Table = 'modern'): Emulator {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  if (table === 'modern') {
    terminal.unicode.register({ version: 'modern', wcwidth, charProperties });
    terminal.unicode.activeVersion = 'modern';
  }
  const read = () => {
    const buffer = terminal.buffer.active;
    return Array.from({ length: terminal.rows }, (_, y) => buffer.getLine(buffer.viewportY + y)!);
  };
  return {
    terminal,
    write: data => new Promise(resolve => terminal.write(data, resolve)),
    lines: () => read().map(line => line.translateToString().trimEnd()),
    cells: () =>
      read().map(line =>
        Array.from({ length: terminal.cols }, (_, x) => {
          const cell = line.getCell(x)!;
          const flags = [
            cell.isBold() && 'bold',
            cell.isDim() && 'dim',
            cell.isItalic() && 'italic',
            cell.isUnderline() && 'underline',
            cell.isInverse() && 'inverse',
            cell.isStrikethrough() && 'strike',
          ].filter(Boolean);
          return seen({
            chars: cell.getChars() || (cell.getWidth() === 0 ? '' : ' '),
            width: cell.getWidth(),
            fg: cell.isFgDefault() ? '' : color(cell.isFgRGB(), cell.getFgColor()),
            bg: cell.isBgDefault() ? '' : color(cell.isBgRGB(), cell.getBgColor()),
            flags: flags.join(' '),
          });
        }),
      ),
  };
}

/** What can be seen of a cell: the colour of ink, bold and so on do not show on a blank. */
export function seen(cell: ShownCell): ShownCell {
  if (cell.chars !== ' ' || /underline|inverse|strike/.test(cell.flags)) return cell;
  return { ...cell, fg: '', flags: '' };
}

function color(isRgb: boolean, value: number): string {
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : `p${value}`;
}

function wcwidth(codePoint: number): 0 | 1 | 2 {
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return 0;
  if (/^[\p{Mn}\p{Me}]$/u.test(String.fromCodePoint(codePoint))) return 0;
  return eastAsianWidth(codePoint);
}

/** xterm's bit field (UnicodeService): join with the cell before in bit 0, width in the two above. */
function charProperties(codePoint: number, preceding: number): number {
  const width = wcwidth(codePoint);
  const joins = width === 0 && preceding !== 0;
  const before = (preceding >> 1) & 3;
  return ((joins ? before : width) << 1) | (joins ? 1 : 0);
}
