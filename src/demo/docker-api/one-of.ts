import { EngineError } from './engine-error.ts';

/** Throws as the engine does for a filter whose value is none of those that there are: 500. */
export function oneOf(filter: string, values: string[] = [], known: readonly string[]): void {
  const stranger = values.find(each => !known.includes(each));
  if (stranger !== undefined) throw new EngineError(500, `Invalid ${filter} filter: '${stranger}'`);
}
