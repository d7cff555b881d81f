#!/usr/bin/env node
// The command. Plain JavaScript that any Node from 20 on can read: it imports nothing of ours before it knows that
// the Node is right, and under an older one hands over to the pinned Node that npm installed beside it.
import module, { createRequire } from 'node:module';

// An import of Node's own modules would load all that they have: 4 ms more for files alone.
const require = createRequire(import.meta.url);
const { existsSync } = require('node:fs');
const { constants, homedir } = require('node:os');
const { dirname, isAbsolute, join } = require('node:path');
const { fileURLToPath } = require('node:url');

const NEEDED = 24;
const FAULT = 70;
const bundle = new URL('../dist/main.js', import.meta.url);

if (!existsSync(bundle)) {
  console.error('quarterdeck: not built yet: run "npm run build" in its folder');
  process.exit(FAULT);
}
if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  // What was compiled the last time is not compiled again.
  module.enableCompileCache(compiledFolder());
  await import(bundle.href);
} else await handOver(pinnedNode());

/** In the cache of the user, as src/profile/folders.ts has it: code from where others write could be anybody's. */
function compiledFolder() {
  const { XDG_CACHE_HOME: named, HOME } = process.env;
  const base = named && isAbsolute(named) ? named : join(HOME || homedir(), '.cache');
  return join(base, 'quarterdeck', 'compiled');
}

/** The path of the Node that npm installed for this machine as an optional dependency, or null. */
function pinnedNode() {
  for (const name of [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]) {
    try {
      const path = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node');
      if (existsSync(path)) return path;
    } catch {
      // not installed for this platform: the next name
    }
  }
  return null;
}

/** Runs this command under the given Node with the same terminal, and ends as it ends. */
async function handOver(node) {
  if (!node) {
    console.error(
      `quarterdeck: needs Node ${NEEDED} or later, this is ${process.versions.node}, and the pinned Node is not installed: run "npm ci" without --omit=optional`,
    );
    process.exit(FAULT);
  }
  const { spawn } = require('node:child_process');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGCONT']) {
    process.on(signal, () => child.kill(signal));
  }
  process.on('SIGTSTP', () => {
    child.kill('SIGTSTP');
    process.kill(process.pid, 'SIGSTOP');
  });
  child.on('error', error => {
    console.error(`quarterdeck: the pinned Node does not start: ${error.message}`);
    process.exit(FAULT);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
