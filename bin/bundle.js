import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { build } from 'esbuild';
import { together } from './together.js';

/**
 * Bundles a program as it is shipped: one file for each group of what is needed at once, others for what is loaded later.
 *
 * @param {Record<string, string>} entryPoints file for each name
 * @param {string} outdir
 * @param {string[][]} groups files, of which those of a group are loaded together with all that they import
 */
export async function bundle(entryPoints, outdir, groups = []) {
  const options = { ...OPTIONS, entryPoints, outdir };
  if (groups.length === 0) return build(options);
  const { metafile } = await build({ ...options, write: false });
  // The names of the files hold a hash of what is in them.
  const program = createHash('sha256').update(Object.keys(metafile.outputs).join()).digest('hex');
  const define = { ...options.define, 'process.env.QUARTERDECK_BUILD': JSON.stringify(program) };
  return build({ ...options, define, plugins: [...options.plugins, together(metafile, groups)] });
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

/**
 * What reads a kubeconfig names the one file that declares all objects and calls of the API, for two small things in it,
 * and loads the ways through proxies that few have: 4 MB, some 80 ms. Those are taken from where they are, and the
 * ways when they are used.
 */
const kubeconfigAlone = {
  name: 'kubeconfig-alone',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /@kubernetes\/client-node\/dist\/config\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const all = "import { createConfiguration, ServerConfiguration, } from './gen/index.js';";
      if (!text.includes(all)) throw new Error(`${path} imports the API in other words than it did`);
      const each = `import { createConfiguration } from './gen/configuration.js';
import { ServerConfiguration } from './gen/servers.js';`;
      return { contents: text.replace(all, each), loader: 'js' };
    });
    onResolve({ filter: /^(undici|socks|socks-proxy-agent|hpagent)$/ }, ({ path, importer, resolveDir }) =>
      importer.includes('/@kubernetes/client-node/dist/')
        ? { path, namespace: 'when-used', pluginData: resolveDir }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'when-used' }, async ({ path, pluginData: resolveDir }) => {
      const names = Object.keys(await import(path)).filter(name => name !== 'module.exports');
      const getters = names.map(name => `get ${name}() { return require('${path}').${name}; }`);
      return { contents: `module.exports = { ${getters.join(', ')} };`, loader: 'js', resolveDir };
    });
  },
};

/**
 * What Ink measures texts with makes tables of Unicode when it is loaded: 20 ms, for words of other scripts than those that
 * Ink is given here. They are made when they are first used.
 */
const unicodeWhenUsed = {
  name: 'unicode-when-used',
  setup({ onLoad }) {
    const segmenter = [/^const (\w+) = (new Intl\.Segmenter\(.*\));$/m, 'segment'];
    const emoji = [/^const (\w+) = (\/.*\\p\{RGI_Emoji\}.*\/v);$/m, 'test'];
    const tables = {
      'string-width/index.js': [segmenter, emoji],
      'wrap-ansi/index.js': [segmenter],
      'slice-ansi/tokenize-ansi.js': [segmenter],
      'ansi-tokenize/build/tokenize.js': [segmenter],
      'ink/build/line-update.js': [segmenter],
    };
    for (const [file, made] of Object.entries(tables)) {
      onLoad({ filter: new RegExp(`/${file}$`) }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        for (const [pattern, method] of made) {
          if (!pattern.test(contents)) throw new Error(`${path} makes its tables in other words than it did`);
          const later = `let $1Made;\nconst $1 = { ${method}: text => ($1Made ??= $2).${method}(text) };`;
          contents = contents.replace(pattern, later);
        }
        return { contents, loader: 'js' };
      });
    }
  },
};

/** Of Node's modules those that are not there from the start and are loaded before they are used. */
const LATER = new Set(['node:child_process', 'node:crypto', 'node:fs/promises', 'node:stream/promises', 'node:vm']);

/**
 * An `import` of one of Node's own modules reads every property of it, and with them loads what nobody uses: some 15 ms
 * of a start. So each file takes for itself what it names, and what is not there from the start when it is first used.
 */
const builtinsWhenUsed = {
  name: 'builtins-when-used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z:_/]+$/ }, ({ path, kind, importer }) => {
      if (kind !== 'import-statement' || !isBuiltin(path)) return undefined;
      const name = path.startsWith('node:') ? path : `node:${path}`;
      if (!LATER.has(name)) return { path: name, namespace: 'builtin', suffix: `?${importer}` };
      return { path: name, namespace: 'builtin-later', suffix: /node_modules/.test(importer) ? '?library' : '' };
    });
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path)).filter(name =>
        /^(?!default$)[A-Za-z_$][\w$]*$/.test(name),
      );
      const take = name => `export const ${name} = /* @__PURE__ */ (() => builtin.${name})();`;
      const module = `const builtin = /* @__PURE__ */ process.getBuiltinModule('${path}');`;
      return { contents: `${module}\nexport default builtin;\n${names.map(take).join('\n')}`, loader: 'js' };
    });
    onLoad({ filter: /./, namespace: 'builtin-later' }, ({ path }) => {
      const module = `process.getBuiltinModule('${path}')`;
      const getters = Object.keys(process.getBuiltinModule(path)).map(
        name => `get ${name}() { return ${module}.${name}; }`,
      );
      return { contents: `module.exports = { ${getters.join(', ')} };`, loader: 'js' };
    });
  },
};

const OPTIONS = {
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
  plugins: [yogaWithoutFetch, unicodeWhenUsed, builtinsWhenUsed, kubeconfigAlone],
  // The form for browsers: modules of which what nobody uses is left out, where that for Node is one after the other.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  external: ['cpu-features', 'pg-native', '*.node', 'react-devtools-core'],
  // CommonJS dependencies ask for Node's own modules through require, and one (ssh2, below dockerode) for its folder.
  banner: {
    js: "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url),__dirname=import.meta.dirname;",
  },
};
