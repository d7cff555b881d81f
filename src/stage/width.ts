import { eastAsianWidth } from 'get-east-asian-width';

/**
 * How many columns text takes on the screen. One rule for the whole program, for whatever has passed `printable`:
 * combining marks 0, East Asian Wide and Fullwidth 2, all else 1, ambiguous ones too. Colour sequences (SGR) count
 * nothing and are kept whole.
 */

const PLAIN = /^[\x20-\x7e]*$/;
const MARK = /^[\p{Mn}\p{Me}]$/u;
/** What parse-row.ts leaves out of a frame: it steers, hides or reorders, and `printable` lets none of it in. */
const DROPPED = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$/u;
/** Wide in Unicode 6 already (xterm.js without its add-ons, old tmux and libc) and ever since; known to libc by 2022. */
const ALWAYS_WIDE =
  /^[[\u1100-\u115f\u2329\u232a\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{2b738}\u{2b740}-\u{2cea1}\u{2ceb0}-\u{2ebe0}\u{2f800}-\u{3134a}]--[\u2ffc-\u2fff\u31bb-\u31bf\u31e4\u31e5\u31ef\u4dc0-\u4dff]]$/v;

const SGR = /\x1b\[[\d;:]*m/y;
const ESC = 0x1b;

const NARROW = 1;
const WIDE = 2;
const DISPUTED = 3;
const ZERO = 4;
const NOTHING = 5;
/** The class of each code point; 0 where nobody asked yet. */
const known = new Uint8Array(0x110000);

function classOf(codePoint: number): number {
  const kind = known[codePoint] || classify(codePoint);
  known[codePoint] = kind;
  return kind;
}

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (DROPPED.test(character)) return NOTHING;
  if (MARK.test(character)) return ZERO;
  if (eastAsianWidth(codePoint) === 1) return NARROW;
  return ALWAYS_WIDE.test(character) ? WIDE : DISPUTED;
}

/** Columns of one code point. */
export function cellWidth(codePoint: number): 0 | 1 | 2 {
  if (codePoint >= 0x20 && codePoint < 0x7f) return 1;
  const kind = classOf(codePoint);
  return kind === NARROW ? 1 : kind <= DISPUTED ? 2 : 0;
}

/** Emoji and other late comers: 2 by today's rule, 1 on terminals with an older table. Whoever draws one must say where the next one stands. */
export function isDisputed(codePoint: number): boolean {
  return codePoint > 0xff && classOf(codePoint) === DISPUTED;
}

/** A character that has no place on a screen: control, format, invisible. */
export function isDropped(codePoint: number): boolean {
  return (codePoint < 0x20 || codePoint > 0x7e) && classOf(codePoint) === NOTHING;
}

/** Columns of a text that has passed `printable` and may carry our own SGR sequences. */
export function textWidth(text: string): number {
  return PLAIN.test(text) ? text.length : scan(text, 0, Number.POSITIVE_INFINITY).width;
}

export interface FitOptions {
  /** Where the text stands when it is shorter. */
  align?: 'left' | 'right' | 'center';
  /** What tells that something was cut; it takes its columns from the text. */
  ellipsis?: string;
}

/**
 * Text padded or cut to exactly `columns`. A wide character is never halved: a blank takes its place. When styled text
 * is cut, the sequences of the part that went stay, so that the style at its end is what it would have been.
 */
export function fit(text: string, columns: number, { align = 'left', ellipsis = '…' }: FitOptions = {}): string {
  const width = textWidth(text);
  if (width === columns) return text;
  if (width > columns) return cut(text, columns, ellipsis);
  const room = columns - width;
  const before = align === 'left' ? 0 : align === 'right' ? room : room >> 1;
  return ' '.repeat(before) + text + ' '.repeat(room - before);
}

function cut(text: string, columns: number, ellipsis: string): string {
  const mark = textWidth(ellipsis) <= columns ? ellipsis : '';
  const room = Math.max(0, columns - textWidth(mark));
  const { at, width } = scan(text, 0, room);
  const closing = text.includes('\x1b', at)
    ? (text
        .slice(at)
        .match(/\x1b\[[\d;:]*m/g)
        ?.join('') ?? '')
    : '';
  return text.slice(0, at) + mark + closing + ' '.repeat(room - width);
}

/**
 * Text as lines of at most `columns` (at least 1), broken at blanks, and within words that are longer than a line. Each
 * line of styled text is complete in itself: it takes up the style of the one before and ends with a reset.
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let from = 0;
  while (true) {
    const { at } = scan(text, from, columns);
    if (at === text.length) break;
    const blank = text[at] === ' ' ? at : text.lastIndexOf(' ', at - 1);
    if (blank > from) {
      lines.push(text.slice(from, blank));
      from = blank + 1;
    } else if (at > from) {
      lines.push(text.slice(from, at));
      from = at;
    } else {
      // one character that is wider than the line
      lines.push('…');
      from = scan(text, from, 2).at;
    }
  }
  lines.push(text.slice(from));
  return text.includes('\x1b') ? restyled(lines) : lines;
}

function restyled(lines: string[]): string[] {
  let open = '';
  return lines.map(line => {
    const start = open;
    for (const [sequence] of line.matchAll(/\x1b\[[\d;:]*m/g))
      open = /^\x1b\[0?m$/.test(sequence) ? '' : open + sequence;
    return start + line + (open ? '\x1b[0m' : '');
  });
}

/** Walks from `at` over as much as fits into `columns`, marks that stand on the last character included. */
function scan(text: string, at: number, columns: number): { at: number; width: number } {
  let width = 0;
  while (at < text.length) {
    const code = text.codePointAt(at)!;
    if (code === ESC) {
      SGR.lastIndex = at;
      at += SGR.exec(text)?.[0].length ?? 1;
      continue;
    }
    const columnsOfThis = cellWidth(code);
    if (width + columnsOfThis > columns) break;
    width += columnsOfThis;
    at += code > 0xffff ? 2 : 1;
  }
  return { at, width };
}
