const texts = new WeakMap<object, string>();

/**
 * The text of what an object says, whoever wrote it: clients send the fields in an order of their own, and leave out
 * those that are empty or zero, as Go does.
 */
export function canonical(object: object): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(tidy(object)) ?? '';
    texts.set(object, text);
  }
  return text;
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.length ? value.map(tidy) : undefined;
  if (typeof value !== 'object' || value === null) return value || undefined;
  const entries = Object.entries(value)
    .map(([key, each]) => [key, tidy(each)] as const)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length ? Object.fromEntries(entries) : undefined;
}
