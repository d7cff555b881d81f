import { ApiError, badRequest } from './status.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** The types of PATCH that change what is there; server-side apply is another matter. */
export const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

/** What an object becomes by a patch of that type; the object itself stays. Throws an ApiError. */
export function patched(object: unknown, type: string, patch: unknown): unknown {
  // Not structuredClone: what the object shares between two places must become two.
  const copy = JSON.parse(JSON.stringify(object)) as Json;
  if (type === 'application/json-patch+json') return jsonPatch(copy, patch as JsonPatch[]);
  return merge(copy, patch as Json, type === 'application/strategic-merge-patch+json');
}

interface JsonPatch {
  op: 'add' | 'remove' | 'replace' | 'test' | 'move' | 'copy';
  path: string;
  from?: string;
  value?: Json;
}

/** RFC 6902 */
function jsonPatch(root: Json, operations: JsonPatch[]): Json {
  if (!Array.isArray(operations)) throw badRequest('error decoding patch: a JSON patch is a list');
  for (const { op, path, from, value } of operations) {
    const { parent, key } = locate(root, path);
    if (op === 'test') {
      if (JSON.stringify(at(parent, key)) !== JSON.stringify(value)) throw rejected();
    } else if (op === 'remove') take(parent, key);
    else if (op === 'add') put(parent, key, value ?? null, true);
    else if (op === 'replace') put(parent, key, value ?? null, false);
    else {
      const source = locate(root, from ?? '');
      const moved =
        op === 'move'
          ? take(source.parent, source.key)
          : JSON.parse(JSON.stringify(at(source.parent, source.key) ?? null));
      put(parent, key, moved ?? null, true);
    }
  }
  return root;
}

function locate(root: Json, path: string): { parent: JsonObject | Json[]; key: string } {
  const steps = path
    .split('/')
    .slice(1)
    .map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  const key = steps.pop();
  let parent: Json | undefined = root;
  for (const step of steps) parent = at(parent as JsonObject, step);
  if (key === undefined || typeof parent !== 'object' || parent === null) throw rejected();
  return { parent, key };
}

function at(parent: JsonObject | Json[], key: string): Json | undefined {
  return Array.isArray(parent) ? parent[Number(key)] : parent?.[key];
}

function put(parent: JsonObject | Json[], key: string, value: Json, isNew: boolean): void {
  if (!Array.isArray(parent)) parent[key] = value;
  else if (key === '-') parent.push(value);
  else parent.splice(Number(key), isNew ? 0 : 1, value);
}

function take(parent: JsonObject | Json[], key: string): Json | undefined {
  const value = at(parent, key);
  if (value === undefined) throw rejected();
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return value;
}

/** By which field the elements of a list are the same, in a strategic merge; lists that are not named are replaced. */
const MERGE_KEYS: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  conditions: 'type',
  ownerReferences: 'uid',
  imagePullSecrets: 'name',
};

/** The field by which a list's elements are told apart; undefined: the list is one value. */
export function mergeKeyOf(list: string, elements: readonly unknown[]): string | undefined {
  if (list !== 'ports') return MERGE_KEYS[list];
  // Of a container's ports, or of a service's.
  return elements.some(each => typeof each === 'object' && each !== null && 'containerPort' in each)
    ? 'containerPort'
    : 'port';
}

/** RFC 7386, or with `strategic` Kubernetes' own kind with its `$patch` and `$setElementOrder` marks. */
function merge(target: Json, patch: Json, strategic: boolean): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? target : {};
  for (const [key, value] of Object.entries(patch)) {
    const list = /^\$deleteFromPrimitiveList\/(.+)$/.exec(key)?.[1];
    const before = result[key];
    if (strategic && list) {
      const gone = new Set(value as Json[]);
      const kept = result[list];
      if (Array.isArray(kept)) result[list] = kept.filter(each => !gone.has(each));
    } else if (strategic && key.startsWith('$')) continue;
    else if (value === null) delete result[key];
    else if (strategic && isObject(value) && value.$patch === 'replace') {
      const { $patch: _, ...rest } = value;
      result[key] = rest;
    } else if (strategic && isObject(value) && value.$patch === 'delete') delete result[key];
    else if (strategic && Array.isArray(value) && Array.isArray(before) && mergeKeyOf(key, value)) {
      result[key] = mergeList(before, value, mergeKeyOf(key, value) ?? '');
    } else result[key] = merge(before ?? null, value, strategic);
  }
  return result;
}

function mergeList(before: Json[], patch: Json[], key: string): Json[] {
  const result = [...before];
  for (const element of patch) {
    if (!isObject(element)) continue;
    const { $patch: mark, ...rest } = element;
    const index = result.findIndex(each => isObject(each) && each[key] === element[key]);
    if (mark === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index < 0) result.push(rest);
    else result[index] = merge(result[index] ?? null, rest, true);
  }
  return result;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rejected(): ApiError {
  const message = 'the server rejected our request due to an error in our request';
  return new ApiError({ code: 422, reason: 'Invalid', message, details: {} });
}
