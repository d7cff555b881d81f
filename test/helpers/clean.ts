import { expect } from 'vitest';
import { printable } from '../../src/model/printable.ts';

/** Every text is printable, every number finite, and nothing is left undefined. */
export function expectClean(value: unknown): void {
  expect(unclean(value)).toEqual([]);
}

/** Where it is not so. One assertion on all of them: an assertion on each value takes ten times as long. */
function unclean(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return printable(value) === value ? [] : [`${path} is not printable`];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (value === undefined) return [`${path} is undefined`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unclean(inner, `${path}.${key}`));
}
