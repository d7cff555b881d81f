import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { type MouseEvent, takeMouse } from '../keys/mouse.ts';

export interface TerminalInput {
  /** What Ink reads: the keys without the mouse reports, which Ink drops silently (seen with 8.0). */
  stdin: ReadStream;
  /** Gives the terminal its own modes back. */
  close(): void;
}

/**
 * Stands between the terminal and Ink, and tells mouse reports to `onMouse`. The terminal is raw from now until the end,
 * not only while a view listens: between two views, and before the first, it would echo keys into the screen.
 */
export function createTerminalInput(terminal: ReadStream, onMouse: (event: MouseEvent) => void): TerminalInput {
  const keys = new PassThrough();
  let begun = '';
  const read = (chunk: Buffer | string) => {
    const taken = takeMouse(begun + chunk.toString());
    begun = taken.begun;
    for (const event of taken.events) onMouse(event);
    if (taken.rest) keys.write(taken.rest);
  };
  const end = () => keys.end();
  terminal.setRawMode(true);
  terminal.setEncoding('utf8');
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
    close() {
      terminal.off('data', read);
      terminal.off('end', end);
      terminal.setRawMode(false);
      terminal.pause();
    },
  };
}
