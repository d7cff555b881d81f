/** One line of the table. */
export interface Figure {
  name: string;
  value: number;
  unit: 'ms' | 'bytes' | 'MB' | 'MiB' | '×' | '%' | 'lines' | 'calls';
}

/** `fraction` 0 to 1; the nearest rank. Throws a RangeError when there are no values. */
export function percentile(values: readonly number[], fraction: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  const found = ordered[Math.max(0, Math.ceil(fraction * ordered.length) - 1)];
  if (found === undefined) throw new RangeError('there are no values');
  return found;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);
