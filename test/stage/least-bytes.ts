import type { ShownCell } from './emulator.ts';

/**
 * Bytes of the minimal diff of two screens of one size: the changed cells themselves, for each run of them the shortest
 * way there, and for each change of style one code.
 */
export function leastBytes(before: ShownCell[][], after: ShownCell[][]): number {
  let bytes = 0;
  let style = '';
  for (const [y, row] of after.entries()) {
    let reached = -1;
    for (const [x, cell] of row.entries()) {
      const old = before[y]![x]!;
      if (looksAlike(old, cell)) continue;
      if (x !== reached) bytes += reached < 0 ? `\x1b[${y + 1};${x + 1}H`.length : `\x1b[${x - reached}C`.length;
      const wanted = `${cell.fg} ${cell.bg} ${cell.flags}`;
      if (wanted !== style) bytes += '\x1b[31m'.length;
      style = wanted;
      bytes += Buffer.byteLength(cell.chars);
      reached = x + 1;
    }
  }
  return bytes;
}

const looksAlike = (a: ShownCell, b: ShownCell) =>
  a.chars === b.chars && a.fg === b.fg && a.bg === b.bg && a.flags === b.flags;
