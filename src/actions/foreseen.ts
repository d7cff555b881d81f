import { isDeepStrictEqual } from 'node:util';
import { STRATEGIC } from './kubernetes.ts';
import { at } from './prove.ts';
import type { Edit } from './verb.ts';

/** What an object is, and what it is to become. */
export interface Foreseen {
  /** Where the system's API keeps it. */
  path: string;
  before: unknown;
  after: unknown;
}

/**
 * What a write makes of its object, as far as its body tells; the system, where it can be asked, knows better. null: it
 * goes, or something else is made.
 */
export function foreseen({ path, seen, passing, write }: Edit): Foreseen | null {
  const { method, path: to, body, type = '' } = write(seen);
  if (passing || seen === null) return null;
  if (method === 'POST' && to.startsWith(`${path}/update?`)) {
    // The engine takes what it has kept, whatever is sent.
    const Spec = to.includes('rollback=previous') ? at(seen, ['PreviousSpec']) : body;
    return { path, before: seen, after: { ...(seen as object), Spec } };
  }
  if (method !== 'PATCH') return null;
  const byName = type === STRATEGIC || type.startsWith('application/apply-patch');
  return { path, before: seen, after: merged(seen, body, byName) };
}

type Fields = Record<string, unknown>;

/** A merge patch (RFC 7396); with `byName` the things of a list are told apart by their names. */
function merged(base: unknown, patch: unknown, byName: boolean): unknown {
  if (byName && isNamed(patch)) {
    const kept = isNamed(base) ? base : [];
    const changed = kept.map(each => {
      const own = patch.find(({ name }) => name === each.name);
      return own ? merged(each, own, byName) : each;
    });
    return [...changed, ...patch.filter(({ name }) => !kept.some(each => each.name === name))];
  }
  if (!isFields(patch)) return patch;
  const result: Fields = isFields(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value, byName);
  }
  return result;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is (Fields & { name: string })[] {
  return Array.isArray(value) && value.length > 0 && value.every(each => typeof at(each, ['name']) === 'string');
}

/** A value that differs, by what leads to it; null: it is not there. */
export interface Difference {
  from: unknown;
  to: unknown;
}

/** Where a part of an object differs before and after; `*` in its path stands for each thing of a list, by its name. */
export function differences({ before, after }: Foreseen, path: readonly string[]): Difference[] {
  const [was, is] = [valuesAt(before, path), valuesAt(after, path)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map(key => ({ from: was.get(key) ?? null, to: is.get(key) ?? null }))
    .filter(({ from, to }) => !isDeepStrictEqual(from, to));
}

function valuesAt(value: unknown, [key, ...rest]: readonly string[], name = ''): Map<string, unknown> {
  if (key === undefined) return new Map([[name, value]]);
  if (key !== '*') return valuesAt(at(value, [key]), rest, name);
  const all = Array.isArray(value) ? value : [];
  return new Map(
    all.flatMap((each, index) => [...valuesAt(each, rest, `${name} ${String(at(each, ['name']) ?? index)}`)]),
  );
}
