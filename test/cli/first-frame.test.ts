import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

// The frame is on the screen before anything is connected to; so what only connects is not loaded before it either.

/** Not what is imported later by `import(…)`, nor types alone. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;

/** The packages and Node modules that are loaded with these files. */
function loadedWith(...files: string[]): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file) || !/\.tsx?$/.test(file)) continue;
    seen.add(file);
    for (const [, target] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (target!.startsWith('.')) waiting.push(normalize(join(dirname(file), target!)));
      else packages.add(target!);
    }
  }
  return [...packages].sort();
}

const HEAVY = /^node:(sqlite|https?|net|tls)$/;
const FRAME = ['bin/main.ts', 'bin/screen.ts'];

describe('before the first frame', () => {
  it('of the embedded platform, and over a profile that was well before, nothing is loaded but what draws', () => {
    const packages = loadedWith(...FRAME, 'src/cli/demo-platform.ts').filter(name => !name.startsWith('node:'));
    expect(packages).toEqual(['get-east-asian-width']);
  });

  it('over a profile that is new, what reads and checks it besides', () => {
    const packages = loadedWith(...FRAME, 'src/cli/checked-platform.ts').filter(name => !name.startsWith('node:'));
    expect(packages).toEqual(['get-east-asian-width', 'yaml', 'zod']);
  });

  it('nothing is loaded that keeps events or speaks to a system', () => {
    expect(
      loadedWith(...FRAME, 'src/cli/checked-platform.ts', 'src/cli/demo-platform.ts').filter(name => HEAVY.test(name)),
    ).toEqual([]);
    expect(loadedWith('src/store/store.ts').filter(name => HEAVY.test(name))).toEqual(['node:sqlite']);
  });
});

it('sources load nothing that checks a profile: that was done, or known', () => {
  const parts = readdirSync('src/sources', { recursive: true, encoding: 'utf8' });
  const entries = parts.filter(file => /\/(index|api|session|watch|client)\.ts$/.test(file));
  expect(entries.length).toBeGreaterThan(10);
  expect(loadedWith(...entries.map(file => `src/sources/${file}`)).filter(name => /^(zod|yaml)$/.test(name))).toEqual(
    [],
  );
});
