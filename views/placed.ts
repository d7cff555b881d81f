import type { Rect } from '../src/screen/layout.ts';
import type { Placed } from '../src/stage/picture.ts';

/** Lines that are already cut to the width of their rectangle, put where it is. The sign of a cut is ours wherever it stands. */
export function placed(rect: Rect, lines: readonly string[], ascii: boolean): Placed {
  return { ...rect, lines: ascii ? lines.map(line => line.replaceAll('…', '~')) : lines };
}
