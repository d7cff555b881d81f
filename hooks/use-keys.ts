import { useInput, usePaste } from 'ink';
import { keysOf } from '../src/keys/parse.ts';

/** Who takes keys by name, and text that is pasted. */
export interface KeyTaker {
  press(key: string): void;
  paste?(text: string): void;
}

/** Gives every key on, one at a time, however many came in one read; `pressed` is told before each. */
export function useKeys(taker: KeyTaker, pressed: () => void): void {
  useInput((input, key) => {
    for (const name of keysOf(input, key)) {
      pressed();
      taker.press(name);
    }
  });
  usePaste(text => {
    pressed();
    taker.paste?.(text);
  });
}
