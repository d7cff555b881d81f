import { isDeepStrictEqual } from 'node:util';

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

function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
