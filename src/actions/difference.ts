import { isDeepStrictEqual } from 'node:util';
import { printable } from '../model/printable.ts';
import { maskSecrets } from '../model/secrets.ts';

/** What differs first between two JSON values, in words without secrets: `replicas 3 → 4`; null when nothing does. */
export function difference(before: unknown, after: unknown): string | null {
  return first(maskSecrets(before), maskSecrets(after), '') ?? (isDeepStrictEqual(before, after) ? null : 'a secret');
}

function first(before: unknown, after: unknown, at: string): string | null {
  if (isDeepStrictEqual(before, after)) return null;
  if (!isObject(before) || !isObject(after)) return `${at} ${shown(before)} → ${shown(after)}`.trim();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const found = first(before[key], after[key], at === '' ? key : `${at}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : printable(JSON.stringify(value), 60);
}
