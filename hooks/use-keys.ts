import { useInput, usePaste } from 'ink';
import { keysOf } from '../src/keys/parse.ts';
import type { Screen } from '../src/screen/screen.ts';

/** Gives every key to the screen, one at a time, however many came in one read. */
export function useKeys(screen: Screen, pressed: () => void): void {
  useInput((input, key) => {
    for (const event of keysOf(input, key)) {
      pressed();
      if (typeof event === 'string') screen.press(event);
      else if (event.type === 'click') screen.click(event.column, event.row);
      else screen.wheel(event.column, event.row, event.by);
    }
  });
  usePaste(text => {
    pressed();
    screen.paste(text);
  });
}
