import { writeSync } from 'node:fs';

const TRIES = 20;
const PAUSE_MS = 10;

/**
 * Writes to a file descriptor before it returns, for handlers after which nothing runs. A terminal that takes nothing
 * for 200 ms is given up; throws what the system says (EIO and EPIPE on a terminal that is gone).
 */
export function writeNow(fd: number, text: string): void {
  let rest = Buffer.from(text);
  for (let tries = 0; rest.length > 0; tries++) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || tries >= TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
