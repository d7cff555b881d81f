import { isDeepStrictEqual } from 'node:util';
import type { Proof } from '../model/deed.ts';
import { maskSecrets } from '../model/secrets.ts';

type Fields = Record<string, unknown>;

/** What makes the one out of the other, as a merge patch (RFC 7396): lists whole, null for what goes. */
export function mergePatch(before: unknown, after: unknown): Fields {
  const [from, to] = [fields(before), fields(after)];
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return Object.fromEntries(
    [...keys].flatMap(key => {
      if (isDeepStrictEqual(from[key], to[key])) return [];
      if (!Object.hasOwn(to, key)) return [[key, null]];
      const both = isFields(from[key]) && isFields(to[key]);
      return [[key, both ? mergePatch(from[key], to[key]) : to[key]]];
    }),
  );
}

/** What can be asked of the object once it has taken the patch: its single values, without secrets. */
export function proofsOf(path: string, patch: Fields): Proof[] {
  const told = maskSecrets(patch);
  return [...leaves(patch, [])]
    .filter(({ at, is }) => isDeepStrictEqual(is, valueAt(told, at)))
    .slice(0, MOST)
    .map(({ at, is }) => ({ path, at, is }));
}

const MOST = 10;

function* leaves(value: Fields, at: string[]): Generator<{ at: string[]; is: unknown }> {
  for (const [key, inner] of Object.entries(value)) {
    if (isFields(inner)) yield* leaves(inner, [...at, key]);
    // Servers add to lists what was left out of their items.
    else if (!Array.isArray(inner)) yield { at: [...at, key], is: inner };
  }
}

function valueAt(value: unknown, at: readonly string[]): unknown {
  return at.reduce<unknown>((inner, key) => fields(inner)[key], value);
}

function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
