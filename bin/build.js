// Bundles the program into dist/. Does nothing when no input has changed since the last bundle.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const RECORD = 'dist/inputs.json';
const DAY_MS = 86_400_000;
/** What the first picture needs, and what checks a profile that is new. */
const FIRST = [['bin/screen.ts', 'src/cli/run.ts'], ['src/cli/checked-platform.ts']];

/** Path, size and change time of each file: what tells whether a bundle is still that of its inputs. */
const stamp = paths => paths.map(path => `${path} ${statSync(path).size} ${statSync(path).mtimeMs}`).join('\n');

function isFresh() {
  try {
    const { paths, stamps } = JSON.parse(readFileSync(RECORD, 'utf8'));
    return stamp(paths) === stamps;
  } catch {
    return false; // never built, or an input is gone
  }
}

/** A program that runs now may still load a part of its own bundle: what is left from earlier goes a day later. */
function removeOld(outputs) {
  for (const name of readdirSync('dist')) {
    const path = `dist/${name}`;
    if (!outputs.has(path) && path !== RECORD && Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path);
  }
}

if (!isFresh()) {
  // Programs of their own: what the screen loads together must not come along with them.
  const builds = await Promise.all([
    bundle({ main: 'bin/main.ts' }, 'dist', FIRST),
    bundle({ demo: 'src/demo/main.ts' }, 'dist'),
    bundle({ 'samples-worker': 'src/store/samples-worker.ts' }, 'dist'),
  ]);
  const named = part => [...new Set(builds.flatMap(({ metafile }) => Object.keys(metafile[part])))];
  removeOld(new Set(named('outputs')));
  const paths = named('inputs').filter(path => !path.startsWith('node_modules/') && !path.includes(':'));
  paths.push('package-lock.json', 'bin/build.js', 'bin/bundle.js', 'bin/together.js');
  writeFileSync(RECORD, JSON.stringify({ paths, stamps: stamp(paths) }));
}
