import type { Crash } from '../images.ts';

/** From the start of such a container to its end. */
const SHORT_MS = 300;

/** Whether it goes on when it is told to end, until it is killed for that. */
export function isStubborn(words: readonly string[] = []): boolean {
  return /\btrap (''|"") TERM\b/.test(words.at(-1) ?? '');
}

/**
 * What a command does, as far as it can be read from its words: `true`, `false` and shell lines that end in `exit N`,
 * without a condition, end at once; null: it runs for ever.
 */
export function endOf(words: readonly string[] = []): Crash | null {
  const line = words.at(-1)?.trim() ?? '';
  const exit = /[|]{2}|&&/.test(line) ? undefined : /(?:^|[;\s])exit (\d+)$/.exec(line)?.[1];
  const exitCode = line === 'true' ? 0 : line === 'false' ? 1 : exit === undefined ? null : Number(exit);
  if (exitCode === null) return null;
  return { exitCode, afterMs: SHORT_MS, lastLine: /\becho (.+?) >&2/.exec(line)?.[1] ?? '' };
}
