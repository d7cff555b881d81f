import { isOver, parseThreshold, type Threshold } from './threshold.ts';

export interface Limits {
  warn?: string | undefined;
  fail?: string | undefined;
}

export interface Limit {
  health: 'bad' | 'warn';
  threshold: Threshold;
  /** As it was written. */
  text: string;
}

/** The thresholds of a probe, the worst first. @param usual what fails where none is given */
export function limitsOf({ warn, fail }: Limits, usual?: string): Limit[] {
  const both: [Limit['health'], string | undefined][] = [
    ['bad', warn === undefined && fail === undefined ? usual : fail],
    ['warn', warn],
  ];
  return both.flatMap(([health, text]) => {
    const threshold = text === undefined ? null : parseThreshold(text);
    return threshold && text !== undefined ? [{ health, threshold, text }] : [];
  });
}

/** The worst limit that a value is over; `unknown` where there is no value; null: it is well. */
export function over(
  limits: readonly Limit[],
  value: number | null,
): { health: 'bad' | 'warn' | 'unknown'; text: string } | null {
  const answers = limits.map(limit => ({ ...limit, is: isOver(limit.threshold, value) }));
  const worst = answers.find(({ is }) => is);
  if (worst) return worst;
  const untold = answers.find(({ is }) => is === null);
  return untold ? { health: 'unknown', text: untold.text } : null;
}

/** `7 days: fail at < 14`. */
export function withWords(value: string, { health, text }: { health: string; text: string }): string {
  if (health === 'unknown') return `${value}: it is not known whether ${text}`;
  return `${value}: ${text}`;
}
