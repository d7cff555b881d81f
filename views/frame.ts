import { fit, textWidth } from '../src/stage/width.ts';
import { paint, plain, type Tone } from '../src/text/look.ts';

export interface FrameOptions {
  width: number;
  height: number;
  title: string;
  /** At the right end of the upper edge. */
  sum: string;
  sumTone?: Tone | null;
  /** At the right end of the lower edge. */
  more?: string;
  focused: boolean;
  ascii: boolean;
}

/** Lines with a frame around them, exactly `height` lines of exactly `width` columns. */
export function framed(lines: string[], { width, height, sumTone, focused, ascii, ...told }: FrameOptions): string[] {
  const [title, sum, more] = [told.title, told.sum, told.more ?? ''].map(text => plain(text, ascii)) as [
    string,
    string,
    string,
  ];
  if (width < 4 || height < 3) return Array.from({ length: height }, (_, row) => fit(lines[row] ?? '', width));
  const { horizontal, vertical, corners } = frameCharacters(focused, ascii);
  const tone: Tone = focused ? 'focus' : 'dim';
  const inner = width - 2;
  const sumRoom = Math.max(0, inner - textWidth(title) - 3);
  const sumText = sum && sumRoom > 4 ? ` ${fit(sum, Math.min(textWidth(sum), sumRoom - 2))} ` : '';
  const titleText = fit(title, Math.min(inner, textWidth(title)));
  const gap = Math.max(0, inner - textWidth(titleText) - textWidth(sumText));
  const upper = [
    paint(tone, corners[0]),
    paint(focused ? 'focus' : 'title', titleText),
    paint(tone, horizontal.repeat(gap)),
    paint(sumTone, sumText),
    paint(tone, corners[1]),
  ].join('');
  const edge = paint(tone, vertical);
  const body = Array.from({ length: height - 2 }, (_, row) => `${edge}${fit(lines[row] ?? '', inner)}${edge}`);
  const rest = more && textWidth(more) + 4 < inner ? ` ${more} ${horizontal}` : '';
  const lower = `${corners[2]}${horizontal.repeat(inner - textWidth(rest))}${rest}${corners[3]}`;
  return [upper, ...body, paint(tone, lower)];
}

interface FrameCharacters {
  horizontal: string;
  vertical: string;
  corners: [string, string, string, string];
}

/** The frame of a pane: heavy where the keys go. */
function frameCharacters(focused: boolean, ascii: boolean): FrameCharacters {
  if (ascii) return { horizontal: focused ? '=' : '-', vertical: '|', corners: ['+', '+', '+', '+'] };
  return focused
    ? { horizontal: '━', vertical: '┃', corners: ['┏', '┓', '┗', '┛'] }
    : { horizontal: '─', vertical: '│', corners: ['┌', '┐', '└', '┘'] };
}
