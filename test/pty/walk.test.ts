import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { KINDS } from '../../src/model/entity.ts';
import { LISTED_TITLES, type Listed } from '../../src/screen/pane.ts';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// One noun of every kind, from its list through everything that the screen can tell of it.

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

/** The embedded platform has all kinds but the machine itself, which is real. */
const LISTS: Listed[] = [...KINDS.filter(kind => kind !== 'host'), 'event'];
const TEXTS: [key: string, title: RegExp][] = [
  ['d', /: details\b/],
  ['y', /: (as \S+ has it|the event)\b/],
  ['i', /: why\?/],
];
/** What a fault of ours leaves on a screen. */
const FAULT = /is not a function|undefined|\bNaN\b|\[object|Invalid Date|Infinity|Cannot read|It is gone/;
const COLOUR = /\x1b\[[\d;]*\b(?:3\d|4\d|9\d|10\d)[\d;]*m/;
const NOTHING = 'nothing under the cursor';

async function start(args: string[] = [], env: Record<string, string> = {}): Promise<void> {
  program = new PtyProgram(
    process.execPath,
    ['bin/quarterdeck.js', '--demo-scenario', 'still', '--clock', 'off', ...args],
    { columns: 160, rows: 50, env: { ...home, ...env } },
  );
  await program.shows('Services & pods');
  await program.lacks(/connecting|starting/, 30_000);
}

/** Opens a text of what is under the cursor, as soon as the list is there. */
async function open(key: string, title: RegExp): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    program.type(key);
    await program.shows(new RegExp(`${title.source}|${NOTHING}`));
    if (!program.text().includes(NOTHING)) return;
    program.type('\x1b');
    await program.lacks(NOTHING);
    await sleep(100);
  }
  throw new Error(`${NOTHING}:\n${program.text()}`);
}

async function walk(): Promise<void> {
  for (const listed of LISTS) {
    program.type(`:${LISTED_TITLES[listed].toLowerCase()}\r`);
    for (const [key, title] of TEXTS) {
      await open(key, title);
      await program.lacks('asking …');
      await program.lacks('asking ...');
      expect(program.text(), `${listed} ${key}`).not.toMatch(FAULT);
      program.type('\x1b');
      await program.lacks(title);
    }
  }
}

it('shows nothing but words of any kind', async () => {
  await start();
  await walk();
  expect(program.written).toMatch(COLOUR);
}, 60_000);

it('writes no colour with NO_COLOR, and nothing but ASCII with --ascii', async () => {
  await start(['--ascii'], { NO_COLOR: '1' });
  await walk();
  expect(program.written).not.toMatch(COLOUR);
  expect([...new Set(program.written.match(/.{0,40}[^\x00-\x7f]+.{0,10}/g))]).toEqual([]);
}, 60_000);
