import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

const SIZES: [columns: number, rows: number][] = [
  [80, 24],
  [20, 5],
  [119, 41],
  [200, 50],
  [33, 12],
];

/** What stays the same while numbers move: the frames. */
const frames = () =>
  program
    .text()
    .replace(/[^─│┌┐└┘━┃┏┓┗┛\n]/g, ' ')
    .replace(/ +$/gm, '');

/** All but what tells how busy this machine is. */
const still = () => program.text().replace(/slow line| *\d+(\.\d)? m?s\b/g, told => ' '.repeat(told.length));

/** Waits until a frame of another size stands there: something was written, and then nothing any more. */
async function resized(columns: number, rows: number): Promise<void> {
  const at = performance.now();
  program.resize(columns, rows);
  const isDrawn = () => program.heardAt > at && performance.now() - program.heardAt > 500;
  await expect.poll(isDrawn, { timeout: 10_000 }).toBe(true);
}

/** What stands there is what is drawn when everything is drawn again. */
async function isWhole(): Promise<void> {
  const before = still();
  const written = program.written.length;
  program.type('\x0c');
  await expect.poll(() => program.written.length, { timeout: 5_000 }).toBeGreaterThan(written);
  await expect.poll(still).toBe(before);
}

it('shows the right frame after a hundred resizes, and at the ends of all sizes', async () => {
  program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--demo-scenario', 'still', '--clock', 'off'], {
    columns: 120,
    rows: 40,
    env: home,
  });
  await program.shows(/\d+ of \d+ placed/, 30_000);
  // What stands in the edges of the panes is what all sources have told.
  await program.shows(/CephFS .* of .*%/, 30_000);
  await program.lacks(/connecting|asking|starting|being read|◍/, 30_000);
  await program.shows(/full in \d+ d/, 30_000);
  const before = frames();

  for (let n = 0; n < 100; n++) {
    program.resize(...SIZES[n % SIZES.length]!);
    await sleep(20);
  }
  await resized(500, 200);
  await expect.poll(() => program.lines()[199]).toContain('q quit');
  expect(program.lines().some(line => line.length === 500)).toBe(true);
  await isWhole();

  await resized(20, 5);
  expect(program.lines()[0]).toContain('demo');
  await isWhole();

  await resized(120, 40);
  await expect.poll(frames).toBe(before);
  await isWhole();
  program.type('q');
  expect(await program.ended()).toMatchObject({ code: 0 });
  expect(program.isAlternate).toBe(false);
}, 60_000);
