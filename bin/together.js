import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * Of what several parts share that are loaded later, esbuild makes a file for each combination of them: a hundred small
 * files, and to find and read one takes half a millisecond. So each such part is made to import every root of a group
 * with which it shares anything: what these roots load then is one file, and the part loads no more than it does anyway,
 * for it is asked for when they are there.
 *
 * @param {import('esbuild').Metafile} metafile of a build of the same entry points
 * @param {string[][]} groups roots, relative to the working directory; of each group the whole becomes one file
 * @returns {import('esbuild').Plugin}
 */
export function together({ inputs }, groups) {
  const others = Object.values(inputs).flatMap(({ imports }) =>
    imports.filter(({ kind }) => kind === 'dynamic-import'),
  );
  const later = new Set(others.filter(({ external }) => !external).map(({ path }) => path));
  const additions = new Map();
  const taken = new Set();
  for (const roots of groups) {
    const loaded = loadedWith(inputs, roots);
    const own = loaded.difference(taken);
    // A root that is loaded later itself comes with the others of its group.
    for (const path of later.difference(loaded).union(later.intersection(new Set(roots)))) {
      if (loadedWith(inputs, [path]).isDisjointFrom(own)) continue;
      const added = roots.filter(root => root !== path).map(root => resolve(root));
      additions.set(resolve(path), [...(additions.get(resolve(path)) ?? []), ...added]);
    }
    for (const path of own) taken.add(path);
  }
  return {
    name: 'together',
    setup({ onLoad }) {
      onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        const roots = additions.get(path);
        if (!roots) return undefined;
        const contents = `${await readFile(path, 'utf8')}\n${roots.map(root => `import ${JSON.stringify(root)};`).join('')}`;
        return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' };
      });
    },
  };
}

/** What is loaded with these files, they themselves included. */
function loadedWith(inputs, roots) {
  const loaded = new Set();
  const waiting = [...roots];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path) || !inputs[path]) continue;
    loaded.add(path);
    for (const { path: next, kind } of inputs[path].imports) if (kind !== 'dynamic-import') waiting.push(next);
  }
  return loaded;
}
