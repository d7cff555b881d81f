import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();
let program: PtyProgram | null = null;
afterEach(() => program?.close());

/** The files of the bundle that Node looked for in its compile cache until the last pane had its title. */
async function filesToFirstFrame(): Promise<string[]> {
  program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--platform', 'prod', '--clock', 'off'], {
    env: { ...home, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
  });
  await program.wrote(LAST_TITLE);
  const before = program.written.slice(0, program.written.indexOf(LAST_TITLE));
  program.type('\x03\x03');
  await program.ended();
  return [...before.matchAll(/reading cache.*?\/dist\/([\w-]+)\.js/g)].map(([, name]) => name!);
}

const LAST_TITLE = '5 Events';

// To find, read and link a file takes half a millisecond; a split more, somewhere in the program, and there are twenty.
it('takes few files, and fewer over a profile that was well before', async () => {
  const folder = join(home.XDG_CONFIG_HOME!, 'quarterdeck');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'prod.yaml'), 'sources: { host: { kind: host } }');
  const checking = await filesToFirstFrame();
  expect(checking[0]).toBe('main');
  expect(checking).toContainEqual(expect.stringMatching(/^checked-platform-/));
  expect(checking.length).toBeLessThanOrEqual(9);
  const known = await filesToFirstFrame();
  expect(known[0]).toBe('main');
  expect(known).not.toContainEqual(expect.stringMatching(/^checked-platform-/));
  expect(known.length).toBeLessThanOrEqual(5);
});
