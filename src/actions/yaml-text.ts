import { parse, stringify } from 'yaml';

// Apart from the rest because the library is loaded only when it is needed.

export function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

/** Throws what the library says of a text that is no YAML. */
export function objectIn(text: string): unknown {
  return parse(text);
}
