import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// What happens between the command and the first panes.

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

function start(...args: string[]): PtyProgram {
  program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--clock', 'off', ...args], { env: home });
  return program;
}

const TAKEN = '\x1b[?1049h';

describe('what is typed ahead', () => {
  it('is not echoed into the screen', async () => {
    start('--demo-scenario', 'still');
    await program.wrote(TAKEN);
    program.type('xyzzy\r\r\x1b[A');
    await program.shows('Services & pods');
    expect(program.written.slice(program.written.indexOf(TAKEN))).not.toMatch(/xyzzy|\^\[/);
    expect(program.lines()[0]).toContain('demo');
  });

  it.each(['q', '\x03'])('leaves by %j', async key => {
    start('--demo-scenario', 'still');
    await program.wrote(TAKEN);
    program.type(key);
    expect(await program.ended()).toMatchObject({ code: 0 });
    expect(program.isAlternate).toBe(false);
    expect(program.written).not.toContain('Services & pods');
  });
});

describe('a mistake of the user', () => {
  it.each([
    ['a scenario that is not there', () => 'nosuch', /^quarterdeck: --demo-scenario: nosuch is no scenario \(/m],
    ['an act that is not there', () => scenario('- do: frobnicate'), /^quarterdeck: --demo-scenario: .*frobnicate/m],
  ])('%s is told in a sentence when the terminal is back', async (_, name, told) => {
    start('--demo-scenario', name());
    expect(await program.ended()).toMatchObject({ code: 64 });
    expect(program.isAlternate).toBe(false);
    expect(program.text()).toMatch(told);
    expect(program.text()).not.toMatch(/fault of its own|^\s+at /m);
  });
});

function scenario(text: string): string {
  const file = join(home.HOME!, 'scenario.yaml');
  writeFileSync(file, text);
  return file;
}
