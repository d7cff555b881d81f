import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

it('the editor has the terminal, then the change is shown, written and its text dropped', async () => {
  const demo = ['bin/quarterdeck.js', '--demo', '--demo-scenario', 'still', '--clock', 'off'];
  // It asks on the terminal, in its usual modes, before it changes the file.
  const script = `stty -a | grep -o -- "[-]*icanon"; read answer; sed -i "s/^  replicas: 3/  replicas: $answer/" "$0"`;
  program = new PtyProgram(process.execPath, demo, { env: { ...home, VISUAL: `sh -c '${script}'` } });
  await program.shows(/workloads · \d+ pods/);
  program.type('/ns=saasodoo name=user-service\r');
  await program.lacks('billing-service');
  await program.shows('● user-service');
  const edits = join(home.XDG_STATE_HOME!, 'quarterdeck', 'edits');

  program.type('e');
  await program.shows(/^icanon$/m);
  expect(program.isAlternate).toBe(false);
  program.type('4\r');
  await program.shows(/spec\.replicas +3 → 4/);
  expect(program.isAlternate).toBe(true);
  await program.shows('ok (dry run)');
  await program.shows('y do it');
  program.type('\x1b');
  await program.lacks('Edit user-service');
  expect(readdirSync(edits)).toHaveLength(1);

  // The same text again.
  program.type('e');
  await program.shows(/^icanon$/m);
  program.type('9\r');
  await program.shows(/spec\.replicas +3 → 4/);
  await program.shows('ok (dry run)');
  await program.shows('y do it');
  await program.read();
  await program.read();
  program.type('y');
  await program.shows(/edit user-service 3 → 4: done/, 30_000);
  // What stands there is for the way back.
  await expect.poll(() => readdirSync(edits)).toEqual(['before']);
}, 90_000);
