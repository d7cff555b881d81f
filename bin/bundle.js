import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

/**
 * Bundles programs as they are shipped: one chunk for what is shared, one for what is loaded later.
 *
 * @param {Record<string, string>} entryPoints file for each name
 * @param {string} outdir
 */
export function bundle(entryPoints, outdir) {
  return build({
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    jsx: 'automatic',
    minify: true,
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    plugins: [yogaWithoutFetch],
    external: ['cpu-features', 'pg-native', '*.node', 'react-devtools-core'],
    // CommonJS dependencies ask for Node's own modules through require, and one (ssh2, below dockerode) for its folder.
    banner: {
      js: "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url),__dirname=import.meta.dirname;",
    },
  });
}

/**
 * Ink's layout engine carries its own code as text, and would have `fetch` read that: Node's HTTP client would be loaded
 * for it before the first frame. It decodes the text itself where there is no `fetch`.
 */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup({ onLoad }) {
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll('"function"!=typeof fetch', 'true');
      if (contents === text) throw new Error(`${path} asks for fetch in other words than it did`);
      return { contents, loader: 'js' };
    });
  },
};
