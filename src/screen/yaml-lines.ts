import { stringify } from 'yaml';
import { printable } from '../model/printable.ts';

/** An object as YAML, a printable line each. Apart from the rest because the library is loaded only when it is needed. */
export function yamlLines(object: unknown): string[] {
  return stringify(object, { lineWidth: 0 })
    .split('\n')
    .map(line => printable(line));
}
