import type { Position } from './yaml-position.ts';

interface Mistake extends Partial<Position> {
  key: string;
  message: string;
}

/**
 * A profile that cannot be used, with all its mistakes. The message names file, line and key, a line each; no line
 * where there is no text.
 */
export class ProfileError extends Error {
  override name = 'ProfileError';
  readonly faults: readonly Mistake[];

  constructor(file: string, faults: ProfileError['faults']) {
    const place = (line: number | undefined) => (line === undefined ? file : `${file}:${line}`);
    super(faults.map(({ line, key, message }) => `${place(line)}: ${key ? `${key} ` : ''}${message}`).join('\n'));
    this.faults = faults;
  }
}
