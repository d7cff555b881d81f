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
    external: ['cpu-features', 'pg-native', '*.node', 'react-devtools-core'],
    // CommonJS dependencies ask for Node's own modules through require, and one (ssh2, below dockerode) for its folder.
    banner: {
      js: "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url),__dirname=import.meta.dirname;",
    },
  });
}
