import { printable } from '../model/printable.ts';
import type { Limit } from '../sources/cephfs/directory.ts';
import { bytes } from '../text/format.ts';
import { shellWord } from '../text/shell.ts';
import type { Subject } from './verb.ts';

/** A command as an operator would type it, wherever the mount is. */
export function commandAt({ client }: Pick<Subject, 'client'>, argv: readonly string[]): string {
  return printable([...(client.flags ?? []), ...argv].map(shellWord).join(' '));
}

/** A quota in words, exact where rounding would hide something. */
export function quotaText(limit: Limit, value: number | null): string {
  if (value === null) return 'none';
  if (limit === 'files') return String(value);
  const rounded = bytes(value);
  return isWhole(value) ? rounded : `${rounded} (${value} bytes)`;
}

/** Three digits of some unit say it all. */
function isWhole(value: number): boolean {
  let rest = value;
  while (rest >= 1024 && rest % 1024 === 0) rest /= 1024;
  return rest < 1000;
}
