import type { Labels } from '../controller/swarm/objects.ts';
import { EngineError } from './engine-error.ts';

export type Filters = Record<string, string[]>;

/** `filters` of a query, in both of its forms: lists, and the older maps of true. Throws for one that is not known. */
export function filtersOf(query: URLSearchParams, known: string[]): Filters {
  const text = query.get('filters');
  if (!text) return {};
  let parsed: Record<string, string[] | Record<string, boolean>>;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new EngineError(400, (error as Error).message);
  }
  const filters: Filters = {};
  for (const [key, values] of Object.entries(parsed)) {
    if (!known.includes(key)) throw new EngineError(400, `invalid filter '${key}'`);
    filters[key] = Array.isArray(values) ? values : Object.keys(values);
  }
  return filters;
}

/** No filter of that name, or one of its values meets. */
export function meets(wanted: string[] | undefined, test: (value: string) => boolean): boolean {
  return !wanted?.length || wanted.some(test);
}

/** All of the labels: `key`, or `key=value`. */
export function hasLabels(labels: Labels, wanted: string[] = []): boolean {
  return wanted.every(each => {
    const at = each.indexOf('=');
    return at < 0 ? each in labels : labels[each.slice(0, at)] === each.slice(at + 1);
  });
}
