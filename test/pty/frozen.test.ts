import { afterEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// A server that takes connections and never answers must not look alive.

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

it.each([
  ['api-frozen', 'kubernetes'],
  ['engine-frozen', 'swarm'],
])(
  '%s is told as stale in the header and in its panes',
  async (trigger, source) => {
    program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--demo-scenario', 'still', '--clock', 'off'], {
      columns: 160,
      rows: 50,
      env: home,
    });
    await program.shows(/of \d+ ready/);
    await program.lacks(/connecting|starting/, 30_000);
    await expect.poll(() => program.lines()[0], { timeout: 10_000 }).toContain(`${source} ●`);

    program.type(`:demo ${trigger}\r`);
    await expect.poll(() => program.lines()[0], { timeout: 11_000 }).toMatch(new RegExp(`${source} ◐ ≥\\d+s`));
    for (const pane of ['1 Nodes', '2 Services & pods'])
      await program.shows(new RegExp(`${pane}.*${source}.*(stale|no answer)|${pane}.*◐`));
    program.type('5');
    await program.shows(new RegExp(`source/${source}.*stale`));
  },
  40_000,
);
