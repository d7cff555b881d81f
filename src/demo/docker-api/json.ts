const texts = new WeakMap<object, string>();

/** An object's JSON, made once for each version of it: the swarm's objects are replaced, never changed. */
export function jsonOf(object: object): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    texts.set(object, text);
  }
  return text;
}

/** A list in the order in which the managers hold it: by id. */
export function listOf<T extends { ID: string }>(objects: T[], render: (object: T) => string = jsonOf): string {
  const sorted = objects.toSorted((a, b) => (a.ID < b.ID ? -1 : 1));
  return `[${sorted.map(render).join(',')}]`;
}
