import type { Screen } from '../src/screen/screen.ts';
import { fit, textWidth, wrap } from '../src/stage/width.ts';
import { paint, plain } from '../src/text/look.ts';
import { framed } from './frame.ts';

/** The commands that match what is typed, the chosen one under the cursor. */
export function paletteLines(screen: Screen, { width, height }: { width: number; height: number }): string[] {
  const { input } = screen;
  const index = input && 'index' in input ? input.index : 0;
  const found = screen.paletteMatches();
  const { bare } = screen.layout();
  const inner = bare ? width : width - 2;
  const room = Math.max(1, bare ? height : height - 2);
  const { ascii } = screen.options;
  // Names of nouns are longer than those of commands.
  const longest = Math.max(...found.slice(Math.max(0, index - room), index + room).map(({ name }) => textWidth(name)));
  const nameWidth = Math.min(Math.max(24, Math.min(longest, inner >> 1)), inner - 2);
  const entry = (name: string, help: string) =>
    fit(` ${fit(plain(name, ascii), nameWidth)} ${plain(help, ascii)}`, inner);
  const chosen = found[index];
  // What is chosen is told whole.
  const whole = chosen ? wrap(chosen.help, Math.max(1, inner - nameWidth - 3)).slice(0, room) : [];
  const top = Math.max(0, index + Math.max(1, whole.length) - room);
  const lines = found
    .slice(top, top + room)
    .flatMap((command, row) => {
      const { name, help, unfit } = command;
      if (row + top !== index) return paint(unfit ? 'dim' : null, entry(name, help));
      return (whole.length > 0 ? whole : ['']).map((part, at) => paint('cursor', entry(at === 0 ? name : '', part)));
    })
    .slice(0, room);
  const shown = lines.length > 0 ? lines : [paint('dim', ' nothing of that name')];
  if (bare) return shown.map(line => fit(line, width));
  return framed(shown, {
    width,
    height,
    title: input?.into === 'actions' ? ' Actions ' : ' Commands ',
    sum: String(found.length),
    focused: true,
    ascii,
  });
}
