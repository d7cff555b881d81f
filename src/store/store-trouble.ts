import { printable } from '../model/printable.ts';
import type { Trouble } from '../model/trouble.ts';

/** Why something could not be kept, and what to do. */
export function storeTrouble(what: string, path: string, error: unknown): Trouble {
  const why = error instanceof Error ? error.message : String(error);
  return { what, on: printable(path), why: printable(why), fix: fixOf(why) };
}

function fixOf(why: string): string | null {
  if (/not a database|malformed/.test(why)) return 'move the file away: a new one is made';
  if (/EACCES|EPERM|EROFS|ENOTDIR|EEXIST|readonly|unable to open/.test(why))
    return 'make its folder writable, or set XDG_STATE_HOME';
  if (/full/.test(why)) return 'make room on that disk';
  return null;
}
