import fc from 'fast-check';
import { type ShownCell, seen } from './emulator.ts';

/** Random screens, made of pieces so that what each cell must show is known without reading the frame back. */
export interface Piece {
  glyph: string;
  width: 1 | 2;
  style: Look;
}

export interface Look {
  fg: string;
  bg: string;
  flags: string[];
}

const NARROW = ['a', 'Z', '0', '7', ' ', ' ', '█', '─', '●', 'é', 'ñ', 'Ж', '░', '%'];
const MARKED = ['e\u0301', 'a\u0300\u0323', 'ก\u0e34\u0e48', 'ש\u05c1', '\u3042\u3099', ' \u0301'];
const WIDE = ['日', '本', '가', '（', '漢', '\u3000'];
/** Wide by today's table, narrow by that of Unicode 6. */
export const DISPUTED = ['🚀', '✅', '😀', '⚡', '🦀'];

const CODES: Record<string, string> = { bold: '1', dim: '2', italic: '3', underline: '4', inverse: '7', strike: '9' };

const colorOf = fc.oneof(
  { arbitrary: fc.constant(''), weight: 4 },
  { arbitrary: fc.nat(15).map(index => `p${index}`), weight: 3 },
  { arbitrary: fc.nat(255).map(index => `p${index}`), weight: 1 },
  { arbitrary: fc.nat(0xffffff).map(rgb => `#${rgb.toString(16).padStart(6, '0')}`), weight: 1 },
);
export const lookOf: fc.Arbitrary<Look> = fc.record({
  fg: colorOf,
  bg: fc.oneof({ arbitrary: fc.constant(''), weight: 3 }, { arbitrary: colorOf, weight: 1 }),
  flags: fc.oneof(
    { arbitrary: fc.constant<string[]>([]), weight: 3 },
    { arbitrary: fc.uniqueArray(fc.constantFrom(...Object.keys(CODES)), { maxLength: 3 }), weight: 1 },
  ),
});

const glyphOf = fc.oneof(
  { arbitrary: fc.constantFrom(...NARROW), weight: 12 },
  { arbitrary: fc.constantFrom(...MARKED), weight: 2 },
  { arbitrary: fc.constantFrom(...WIDE), weight: 3 },
  { arbitrary: fc.constantFrom(...DISPUTED), weight: 1 },
);
const isWide = (glyph: string) => WIDE.includes(glyph) || DISPUTED.includes(glyph) || glyph.startsWith('\u3042');

/** One row: runs of glyphs, each run in one look. */
export const rowOf = (columns: number): fc.Arbitrary<Piece[]> =>
  fc
    .array(fc.record({ glyphs: fc.array(glyphOf, { maxLength: 12 }), look: lookOf }), {
      maxLength: Math.ceil(columns / 4),
    })
    .map(runs =>
      runs.flatMap(({ glyphs, look }) =>
        glyphs.map((glyph): Piece => ({ glyph, width: isWide(glyph) ? 2 : 1, style: look })),
      ),
    );

/** The row as a frame has it, in the codes that Ink writes or in others that mean the same. */
export function toText(row: Piece[]): string {
  let text = '';
  let last: Look | null = null;
  for (const { glyph, style } of row) {
    if (style !== last) text += `\x1b[0m${sgr(style)}`;
    text += glyph;
    last = style;
  }
  return last ? `${text}\x1b[0m` : text;
}

function sgr({ fg, bg, flags }: Look): string {
  return [...flags.map(flag => CODES[flag]!), code(fg, 38), code(bg, 48)]
    .filter(Boolean)
    .map(part => `\x1b[${part}m`)
    .join('');
}

function code(color: string, extended: 38 | 48): string {
  if (color === '') return '';
  if (color.startsWith('#')) {
    const [r, g, b] = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16));
    return `${extended};2;${r};${g};${b}`;
  }
  const index = Number(color.slice(1));
  if (index < 8) return String(extended - 8 + index);
  return `${extended};5;${index}`;
}

/** What the cells of a terminal of this width must show: what does not fit is cut, half a character becomes a blank. */
export function toCells(row: Piece[], columns: number): ShownCell[] {
  const cells: ShownCell[] = [];
  for (const { glyph, width, style } of row) {
    const look = {
      fg: style.fg,
      bg: style.bg,
      flags: Object.keys(CODES)
        .filter(flag => style.flags.includes(flag))
        .join(' '),
    };
    if (cells.length + width > columns) {
      if (cells.length < columns) cells.push(seen({ chars: ' ', width: 1, ...look }));
      break;
    }
    cells.push(seen({ chars: glyph, width, ...look }));
    if (width === 2) cells.push({ chars: '', width: 0, ...look });
  }
  while (cells.length < columns) cells.push({ chars: ' ', width: 1, fg: '', bg: '', flags: '' });
  return cells;
}
