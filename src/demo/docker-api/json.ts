/** A text made of an object, once for each version of it: the swarm's objects are replaced, never changed. */
export function textOnce<T extends object>(make: (object: T) => string): (object: T) => string {
  const texts = new WeakMap<T, string>();
  return object => {
    let text = texts.get(object);
    if (text === undefined) {
      text = make(object);
      texts.set(object, text);
    }
    return text;
  };
}

export const jsonOf = textOnce<object>(object => JSON.stringify(object));

/** A list in the order in which the managers hold it: by id. */
export function listOf<T extends { ID: string }>(objects: T[], render: (object: T) => string = jsonOf): string {
  const sorted = objects.toSorted((a, b) => (a.ID < b.ID ? -1 : 1));
  return `[${sorted.map(render).join(',')}]`;
}
