import type { IBufferCell } from '@xterm/headless';
import type { PtyProgram } from '../test/helpers/pty-program.ts';

const WIDTH = 8.4;
const HEIGHT = 18;
const PAPER = '#16181d';
const INK = '#d7dae0';
/** The 16 colours of the terminal's palette. */
const PALETTE = [
  ...['#16181d', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#abb2bf'],
  ...['#7a8190', '#ff7a85', '#b1e18b', '#ffd68a', '#7cc1ff', '#dd90f3', '#70d7e3', '#ffffff'],
];

/** The screen of a program as a picture with its colours. */
export function svgOf(program: PtyProgram, columns: number, rows: number): string {
  const width = Math.ceil(columns * WIDTH);
  const height = rows * HEIGHT + 8;
  const lines = Array.from({ length: rows }, (_, row) => lineOf(program.cells(row), row)).join('\n');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" fill="${PAPER}"/>`,
    `<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    lines,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function lineOf(cells: IBufferCell[], row: number): string {
  const parts: string[] = [];
  let from = 0;
  while (from < cells.length) {
    let to = from + 1;
    while (to < cells.length && styleOf(cells[to]!) === styleOf(cells[from]!)) to++;
    parts.push(runOf(cells.slice(from, to), from, row));
    from = to;
  }
  return parts.filter(Boolean).join('');
}

const styleOf = (cell: IBufferCell) =>
  `${colour(cell, 'Fg')} ${colour(cell, 'Bg')} ${cell.isInverse()} ${cell.isBold()}`;

function runOf(cells: IBufferCell[], column: number, row: number): string {
  const cell = cells[0]!;
  const [ink, paper] = cell.isInverse()
    ? [colour(cell, 'Bg') ?? PAPER, colour(cell, 'Fg') ?? INK]
    : [colour(cell, 'Fg') ?? INK, colour(cell, 'Bg')];
  const text = cells.map(each => (each.getWidth() === 0 ? '' : each.getChars() || ' ')).join('');
  const x = (column * WIDTH).toFixed(1);
  const y = row * HEIGHT + 4;
  const width = (cells.length * WIDTH).toFixed(1);
  const back = paper ? `<rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" fill="${paper}"/>` : '';
  if (text.trim() === '') return back;
  const bold = cell.isBold() ? ' font-weight="bold"' : '';
  return `${back}<text x="${x}" y="${y + 14}" textLength="${width}" fill="${ink}"${bold}>${escaped(text)}</text>`;
}

/** Only the 16 colours of the palette are used by the program. */
function colour(cell: IBufferCell, ground: 'Fg' | 'Bg'): string | null {
  const isDefault = ground === 'Fg' ? cell.isFgDefault() : cell.isBgDefault();
  const code = ground === 'Fg' ? cell.getFgColor() : cell.getBgColor();
  return isDefault ? null : (PALETTE[code] ?? null);
}

const escaped = (text: string) => text.replace(/[&<>]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);
