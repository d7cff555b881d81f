import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ReadStream } from 'node:tty';
import { type MouseEvent, takeMouse } from '../keys/mouse.ts';

export interface TerminalInput {
  /** What Ink reads: the keys without the mouse reports, which Ink drops silently (seen with 8.0). */
  stdin: ReadStream;
  /** Nothing is read any more, until `resume`: somebody else has the terminal. */
  pause(): void;
  resume(): void;
  /** Gives the terminal its own modes back. */
  close(): void;
}

/** For so long the begin of a mouse report waits for its rest before it counts as keys: Esc, above all. */
const REST_MS = 30;
/**
 * Esc as the kitty keyboard protocol has it, which Ink always reads (seen with 8.0): after a lone ESC it would wait as
 * long again for what may follow.
 */
const ESC = '\x1b[27u';

/**
 * Stands between the terminal and Ink, and tells mouse reports to `onMouse`. The terminal is raw from now until the end,
 * not only while a view listens: between two views, and before the first, it would echo keys into the screen.
 */
export function createTerminalInput(terminal: ReadStream, onMouse: (event: MouseEvent) => void): TerminalInput {
  const keys = new PassThrough();
  // Not the terminal's own: whoever gets it for a while wants its bytes.
  const decoder = new StringDecoder('utf8');
  let begun = '';
  let waiting: NodeJS.Timeout | undefined;
  const read = (chunk: Buffer | string) => {
    clearTimeout(waiting);
    const taken = takeMouse(begun + (typeof chunk === 'string' ? chunk : decoder.write(chunk)));
    begun = taken.begun;
    for (const event of taken.events) onMouse(event);
    if (taken.rest) keys.write(taken.rest);
    if (begun) waiting = setTimeout(give, REST_MS);
  };
  const give = () => {
    keys.write(begun === '\x1b' ? ESC : begun);
    begun = '';
  };
  const end = () => {
    clearTimeout(waiting);
    if (begun) give();
    keys.end();
  };
  terminal.setRawMode(true);
  terminal.on('data', read);
  terminal.on('end', end);
  const stdin = Object.assign(keys, {
    isTTY: true as const,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  }) as unknown as ReadStream;
  return {
    stdin,
    pause() {
      clearTimeout(waiting);
      begun = '';
      terminal.off('data', read);
      terminal.pause();
    },
    resume() {
      terminal.setRawMode(true);
      terminal.on('data', read);
      terminal.resume();
    },
    close() {
      clearTimeout(waiting);
      terminal.off('data', read);
      terminal.off('end', end);
      terminal.setRawMode(false);
      terminal.pause();
    },
  };
}
