import type * as z from 'zod';
import { isTree } from './merge.ts';

type Schema = z.core.$ZodType;

/** The schema of what stands at this path of a tree, all its forms; null where nothing may stand. */
export function schemaAt(schema: Schema, path: readonly PropertyKey[], tree: unknown): Schema | null {
  let here: Schema | null = bare(schema);
  path.forEach((step, depth) => {
    const inner = here && below(formOf(here, valueAt(tree, path.slice(0, depth))), step);
    here = inner && bare(inner);
  });
  return here;
}

/** Of several forms the one that the value means; else the schema itself. */
export function formOf(schema: Schema, value: unknown): Schema {
  return formsOf(schema).find(form => isMeant(form, value)) ?? schema;
}

/** The keys that a mapping of this schema may have; of several forms those of all. */
export function keysOf(schema: Schema | null): string[] {
  const def = schema && defOf(schema);
  if (def?.type === 'object') return Object.keys(def.shape);
  return def?.type === 'union' ? [...new Set(def.options.flatMap(option => keysOf(bare(option))))] : [];
}

/** The forms that a value may have; one, where there is no choice. */
export function formsOf(schema: Schema | null): readonly Schema[] {
  const def = schema && defOf(schema);
  return def?.type === 'union' ? def.options.map(bare) : schema ? [schema] : [];
}

export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isTree(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
  }, tree);
}

const defOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def;

function below(schema: Schema, step: PropertyKey): Schema | null {
  const def = defOf(schema);
  if (def.type === 'object') return def.shape[String(step)] ?? null;
  if (def.type === 'record') return def.valueType;
  return def.type === 'array' ? def.element : null;
}

/** Without what says "may be missing" or "becomes something else". */
function bare(schema: Schema): Schema {
  const def = defOf(schema);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return bare(def.innerType);
    case 'pipe':
      return bare(def.in);
    default:
      return schema;
  }
}

/** Whether a form knows every key of the value, and allows the fixed words among its values. */
function isMeant(form: Schema, value: unknown): boolean {
  const def = defOf(form);
  if (def.type !== 'object' || !isTree(value)) return false;
  const fixed = Object.entries(def.shape).filter(([, inner]) => defOf(inner).type === 'literal');
  if (fixed.length > 0) return fixed.every(([key, inner]) => inner._zod.values?.has(value[key] as string));
  return Object.keys(value).some(key => Object.hasOwn(def.shape, key));
}
