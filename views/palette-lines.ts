import type { Screen } from '../src/screen/screen.ts';
import { fit } from '../src/stage/width.ts';
import { paint } from '../src/text/look.ts';
import { framed } from './frame.ts';

/** The commands that match what is typed, the chosen one under the cursor. */
export function paletteLines(screen: Screen, { width, height }: { width: number; height: number }): string[] {
  const index = screen.input?.into === 'palette' ? screen.input.index : 0;
  const found = screen.paletteMatches();
  const room = Math.max(1, height - 2);
  const top = Math.max(0, index - room + 1);
  const lines = found.slice(top, top + room).map(({ name, help }, row) => {
    const line = fit(` ${fit(name, 24)} ${help}`, width - 2);
    return row + top === index ? paint('cursor', line) : line;
  });
  const shown = lines.length > 0 ? lines : [paint('dim', ' no command of that name')];
  return framed(shown, {
    width,
    height,
    title: ' Commands ',
    sum: String(found.length),
    focused: true,
    ascii: screen.options.ascii,
  });
}
