import { useInput, usePaste } from 'ink';
import { keysOf } from '../src/keys/parse.ts';
import type { Screen } from '../src/screen/screen.ts';

/** Gives every key to the screen, one at a time, however many came in one read. */
export function useKeys(screen: Screen, pressed: () => void): void {
  useInput((input, key) => {
    for (const name of keysOf(input, key)) {
      pressed();
      screen.press(name);
    }
  });
  usePaste(text => {
    pressed();
    screen.paste(text);
  });
}
