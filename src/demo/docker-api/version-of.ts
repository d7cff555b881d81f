import { EngineError } from './engine-error.ts';

/** The version that a writer has seen. Throws an EngineError. */
export function versionOf(query: URLSearchParams, kind: string): number {
  const text = query.get('version') ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  throw new EngineError(400, `invalid ${kind} version '${text}': strconv.ParseUint: parsing "${text}": invalid syntax`);
}
