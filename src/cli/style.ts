import { paint as sgr, type Tone } from '../text/look.ts';
import type { Options } from './arguments.ts';
import type { Io } from './io.ts';

/** How a text for people is drawn. */
export interface Style {
  ascii: boolean;
  /** Width of the terminal; null: as wide as it is. */
  columns: number | null;
  paint(tone: Tone | null, text: string): string;
}

export function styleOf({ color, ascii }: Pick<Options, 'color' | 'ascii'>, io: Io): Style {
  const isColored = color && io.columns !== null && io.colorDepth > 1 && !io.env.NO_COLOR;
  return { ascii, columns: io.columns, paint: (tone, text) => (isColored ? sgr(tone, text) : text) };
}
