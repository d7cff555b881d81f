import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { bundle } from '../../bin/bundle.js';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();
// Within the tree, where its libraries are found.
const folder = mkdtempSync(join(process.cwd(), 'node_modules', '.crash-'));
let program: PtyProgram;

beforeAll(() => bundle({ main: 'test/pty/fixtures/crashing-view.ts' }, folder), 120_000);
afterEach(() => program.close());
afterAll(() => rmSync(folder, { recursive: true }));

it('restores the terminal when a view throws, tells the fault, and logs the rest', async () => {
  program = new PtyProgram(process.execPath, [join(folder, 'main.js')], { env: home });
  expect(await program.ended()).toMatchObject({ code: 70 });
  expect(program.isAlternate).toBe(false);
  expect(program.text()).toContain('a fault of its own');
  expect(program.text()).toContain('the title cannot be drawn');
  const log = readFileSync(join(home.XDG_STATE_HOME!, 'quarterdeck', 'quarterdeck.log'), 'utf8');
  expect(log).toContain('the title cannot be drawn');
  // Neither the secret nor our source text, which Ink would show, has ever been on the screen.
  expect(program.written + log).not.toContain('hunter2');
  expect(program.written).not.toContain('waitUntilExit');
});
