import type { Labels } from '../controller/swarm/objects.ts';
import { EngineError } from './engine-error.ts';

export type Filters = Record<string, string[]>;

/**
 * `filters` of a query, in both of its forms: lists, and the older maps of true. Throws an EngineError.
 *
 * @param known the filters of this list; null: whatever it is, one that nobody knows is ignored
 */
export function filtersOf(query: URLSearchParams, known: readonly string[] | null): Filters {
  const text = query.get('filters');
  if (!text) return {};
  const filters: Filters = {};
  for (const [key, values] of Object.entries(parsed(text))) {
    if (known && !known.includes(key)) throw new EngineError(400, `invalid filter '${key}'`);
    filters[key] = Array.isArray(values) ? values.map(String) : Object.keys(values ?? {});
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

/** `true`, `1` and the like of a query. */
export function isSet(query: URLSearchParams, name: string): boolean {
  return !['', '0', 'no', 'false', 'none'].includes((query.get(name) ?? '').trim().toLowerCase());
}

function parsed(text: string): Record<string, unknown[] | object | null> {
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // said below, in the engine's words
  }
  throw new EngineError(400, 'invalid filter');
}
