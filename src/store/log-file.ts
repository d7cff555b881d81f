import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../model/printable.ts';
import { maskText } from '../model/secrets.ts';

/** One older file is kept beside the log, so both together are at most twice as large. */
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * A log file for this user alone, each line with its time, printable and without secrets. Logging never fails the
 * program: what cannot be written is lost.
 */
export function openLog(path: string, now: () => number = Date.now): (line: string) => void {
  return line => {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > MOST_BYTES) renameSync(path, `${path}.1`);
      appendFileSync(path, `${new Date(now()).toISOString()} ${printable(maskText(line))}\n`, { mode: 0o600 });
    } catch {
      // A full or read-only disk must not end the program; the screen shows what matters.
    }
  };
}
