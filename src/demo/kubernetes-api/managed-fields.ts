import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ManagedFields } from '../controller/kubernetes/objects.ts';
import { mergeKeyOf } from './patches.ts';

/** Steps to a field: `["f:spec","f:containers","k:{\"name\":\"a\"}","f:image"]`, as JSON, so that sets can hold it. */
export type Path = string;
type Tree = { [step: string]: Tree };
type Fields = Record<string, unknown>;

/** Who writes, and what stands in `managedFields` of it. */
export interface Writer {
  manager: string;
  operation: ManagedFields['operation'];
  subresource?: string;
  /** RFC 3339 */
  time: string;
}

/** The fields that an object sets, without those that name it: lists with a merge key element by element. */
export function fieldsIn(object: object): Set<Path> {
  const { apiVersion: _, kind: __, status: ___, metadata, ...rest } = object as Fields & { metadata?: Fields };
  const { labels, annotations, finalizers } = metadata ?? {};
  const paths = new Set<Path>();
  const own = { labels, annotations, finalizers };
  walk({ ...rest, metadata: own }, [], path => paths.add(JSON.stringify(path)));
  return paths;
}

/** What of `next` is new or other than before. */
export function changedIn(before: object, next: object): Set<Path> {
  const paths = [...fieldsIn(next)];
  return new Set(paths.filter(path => !isDeepStrictEqual(valueAt(before, path), valueAt(next, path))));
}

/** The entries after a writer has set fields: they are its own now, and nobody else's. */
export function taken(
  entries: ManagedFields[],
  apiVersion: string,
  fields: Set<Path>,
  writer: Writer,
): ManagedFields[] {
  if (fields.size === 0) return entries;
  const mine = entries.find(each => isOf(each, writer));
  const others = entries.filter(each => each !== mine).flatMap(each => without(each, fields));
  const { manager, operation, subresource, time } = writer;
  const all = operation === 'Apply' || !mine ? fields : fields.union(pathsOf(mine));
  const fieldsV1 = treeOf(all);
  const entry = { manager, operation, apiVersion, time, fieldsType: 'FieldsV1' as const, fieldsV1 };
  return [...others, { ...entry, ...(subresource && { subresource }) }];
}

export function pathsOf({ fieldsV1 }: ManagedFields): Set<Path> {
  const paths = new Set<Path>();
  const into = (tree: Tree, steps: string[]) => {
    const below = Object.entries(tree).filter(([step]) => step !== '.');
    if (below.length === 0) paths.add(JSON.stringify(steps));
    for (const [step, next] of below) into(next, [...steps, step]);
  };
  into(fieldsV1 as Tree, []);
  return paths;
}

export function isOf(entry: ManagedFields, { manager, operation, subresource }: Omit<Writer, 'time'>): boolean {
  return entry.manager === manager && entry.operation === operation && entry.subresource === subresource;
}

/** `.spec.template.spec.containers[name="a"].image`, as conflicts name a field. */
export function written(path: Path): string {
  return stepsOf(path)
    .map(step => {
      if (!step.startsWith('k:')) return `.${step.slice(2)}`;
      const pairs = Object.entries(JSON.parse(step.slice(2)) as Fields);
      return `[${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

export function valueAt(object: object, path: Path): unknown {
  return stepsOf(path).reduce<unknown>(below, object);
}

/** Takes a field out; with the last one that is known of a list's element, the element. */
export function removeAt(object: KubeObject, path: Path, kept: ReadonlySet<Path>): void {
  const steps = stepsOf(path);
  const isNeeded = (prefix: string[]) => {
    const start = JSON.stringify(prefix).slice(0, -1);
    return [...kept].some(each => each.startsWith(`${start},`) || each === `${start}]`);
  };
  const element = steps.findIndex((step, at) => step.startsWith('k:') && !isNeeded(steps.slice(0, at + 1)));
  const target = element < 0 ? steps : steps.slice(0, element + 1);
  const parent = target.slice(0, -1).reduce<unknown>(below, object);
  const last = target.at(-1) ?? '';
  if (Array.isArray(parent)) {
    const index = parent.indexOf(below(parent, last));
    if (index >= 0) parent.splice(index, 1);
  } else if (typeof parent === 'object' && parent !== null) delete (parent as Fields)[last.slice(2)];
}

function walk(value: unknown, path: string[], tell: (path: string[]) => void): void {
  if (value === undefined) return;
  const name = path.at(-1)?.slice(2) ?? '';
  const key = Array.isArray(value) ? mergeKeyOf(name, value) : undefined;
  if (Array.isArray(value) && key && value.length) {
    for (const each of value as Fields[]) walk(each, [...path, `k:${JSON.stringify({ [key]: each[key] })}`], tell);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length) {
    for (const [field, each] of Object.entries(value)) walk(each, [...path, `f:${field}`], tell);
  } else tell(path);
}

function below(value: unknown, step: string): unknown {
  if (step.startsWith('f:')) return (value as Fields | undefined | null)?.[step.slice(2)];
  if (!Array.isArray(value)) return undefined;
  const wanted = Object.entries(JSON.parse(step.slice(2)) as Fields);
  return value.find(each => wanted.every(([key, is]) => (each as Fields)[key] === is));
}

function without(entry: ManagedFields, fields: Set<Path>): ManagedFields[] {
  const left = pathsOf(entry).difference(fields);
  return left.size ? [{ ...entry, fieldsV1: treeOf(left) }] : [];
}

function treeOf(paths: Iterable<Path>): Tree {
  const root: Tree = {};
  for (const path of paths) {
    let tree = root;
    for (const step of stepsOf(path)) {
      tree[step] ??= step.startsWith('k:') ? { '.': {} } : {};
      tree = tree[step];
    }
  }
  return root;
}

function stepsOf(path: Path): string[] {
  return JSON.parse(path) as string[];
}
