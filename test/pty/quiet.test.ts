import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

const MINUTE_MS = 60_000;

/** A sample of each pool's connections every 15 seconds, of which eight are drawn, and one to be sure. */
const DRAWN_PAST_MS = 9 * 15_000;

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
  // What the instances of the demo open as they start is a step in the past of their pools, which wanders off the screen.
  for (const pool of ['18/50 +30/100', '14/50 +26/100', '8/50 +14/100']) {
    await program.shows(new RegExp(`postgres-pool-\\d .* ${pool} `), 60_000);
  }
  await sleep(DRAWN_PAST_MS);
  const before = program.written.length;
  await sleep(MINUTE_MS);
  expect(program.written.slice(before)).toBe('');
}, 420_000);
