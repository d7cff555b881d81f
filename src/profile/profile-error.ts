import type { Position } from './yaml-position.ts';

/** A profile that cannot be used, with all its mistakes. The message names file, line and key, a line each. */
export class ProfileError extends Error {
  override name = 'ProfileError';
  readonly faults: readonly (Position & { key: string; message: string })[];

  constructor(file: string, faults: ProfileError['faults']) {
    super(faults.map(({ line, key, message }) => `${file}:${line}: ${key ? `${key} ` : ''}${message}`).join('\n'));
    this.faults = faults;
  }
}
