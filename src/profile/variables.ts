import { didYouMean } from '../text/nearest.ts';
import { isTree } from './merge.ts';

/** A name in a text for which the profile's `variables` have no value. */
export interface UnsetVariable {
  path: PropertyKey[];
  name: string;
  message: string;
}

/**
 * The tree with each `${name}` in its texts replaced, and those that have no value. A text that is `${name?}` and
 * nothing else may have none: its key is left out then.
 */
export function substitute(
  tree: unknown,
  variables: Readonly<Record<string, unknown>>,
): { tree: unknown; unset: UnsetVariable[] } {
  const unset: UnsetVariable[] = [];
  const walk = (value: unknown, path: PropertyKey[]): unknown => {
    if (Array.isArray(value)) return value.map((item, at) => walk(item, [...path, at]));
    if (isTree(value)) {
      const entries = Object.entries(value).filter(([, inner]) => !isLeftOut(inner, variables));
      return Object.fromEntries(entries.map(([key, inner]) => [key, walk(inner, [...path, key])]));
    }
    if (typeof value !== 'string') return value;
    return value.replace(/\$\{([\w-]+)\??\}/g, (whole, name: string) => {
      if (Object.hasOwn(variables, name)) return String(variables[name]);
      const hint = didYouMean(name, Object.keys(variables)) || `; set it with "variables: {${name}: …}"`;
      unset.push({ path, name, message: `no variable "${name}" is set${hint}` });
      return whole;
    });
  };
  return { tree: walk(tree, []), unset };
}

function isLeftOut(value: unknown, variables: Readonly<Record<string, unknown>>): boolean {
  const name = typeof value === 'string' ? /^\$\{([\w-]+)\?\}$/.exec(value)?.[1] : undefined;
  return name !== undefined && !Object.hasOwn(variables, name);
}
