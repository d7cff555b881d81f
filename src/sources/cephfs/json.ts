/** Reading JSON whose fields come and go with the releases of the program that wrote it. What is not there is null. */

export type Json = unknown;

/** What stands at the end of a path of keys; null when any of them is not there. */
export function at(json: Json, ...keys: string[]): Json {
  let value = json;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, Json>)[key];
  }
  return value ?? null;
}

/** Finite numbers, also those that were written as text. */
export function numberAt(json: Json, ...keys: string[]): number | null {
  const value = at(json, ...keys);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}

export function textAt(json: Json, ...keys: string[]): string | null {
  const value = at(json, ...keys);
  return typeof value === 'string' ? value : null;
}

export function listAt(json: Json, ...keys: string[]): Json[] | null {
  const value = at(json, ...keys);
  return Array.isArray(value) ? value : null;
}

export function entriesAt(json: Json, ...keys: string[]): [string, Json][] {
  const value = at(json, ...keys);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
