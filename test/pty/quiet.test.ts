import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

const MINUTE_MS = 60_000;

it('writes nothing for a minute in which nothing happens', async () => {
  program = new PtyProgram(
    process.execPath,
    ['bin/quarterdeck.js', '--demo', '--demo-scenario', 'still', '--clock', 'off'],
    {
      columns: 200,
      rows: 50,
      env: home,
    },
  );
  await program.shows(/\d+ of \d+ placed/, 60_000);
  await program.lacks(/connecting|asking/, 30_000);
  await program.shows(/full in \d+ d/, 60_000); // What the first samples tell, after every source.
  // Until a pool is measured again: the first time its connections, which write files of their own, may still be opening.
  await sleep(MINUTE_MS + 10_000);
  const before = program.written.length;
  await sleep(MINUTE_MS);
  expect(program.written.slice(before)).toBe('');
}, 300_000);
