type Tree = Record<string, unknown>;

/** `over` laid over `base`: mappings key by key, everything else replaced; `null` takes away what the base has. */
export function merge(base: Tree, over: Tree): Tree {
  const merged: Tree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return merged;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
