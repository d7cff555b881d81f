import { textOnce } from './json.ts';

/**
 * The text of what an object says, whoever wrote it: clients send the fields in an order of their own, and leave out
 * those that are empty or zero, as Go does.
 */
export const canonical = textOnce<object>(object => JSON.stringify(tidy(object)) ?? '');

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.length ? value.map(tidy) : undefined;
  if (typeof value !== 'object' || value === null) return value || undefined;
  const entries = Object.entries(value)
    .map(([key, each]) => [key, tidy(each)] as const)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length ? Object.fromEntries(entries) : undefined;
}
