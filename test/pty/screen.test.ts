import { afterEach, describe, expect, it } from 'vitest';
import { processesWith } from '../helpers/processes.ts';
import { type PtyOptions, PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// The real program in a real terminal over the embedded platform.

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

function start(args: string[] = [], options: PtyOptions = {}): PtyProgram {
  program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--demo', '--clock', 'off', ...args], {
    ...options,
    env: { ...home, ...options.env },
  });
  return program;
}

const UP = '\x1b[A';
const DOWN = '\x1b[B';
const ESC = '\x1b';

describe('the screen', () => {
  it('shows the whole platform, moves, filters, zooms and follows a resize', async () => {
    start();
    await program.shows('demo: the embedded platform');
    await program.shows(/Nodes .* of .* ready/);
    await program.shows(/workloads · \d+ pods/);
    await program.shows(/odoo_data_/);

    program.type(`1${DOWN}${DOWN}${UP}d`);
    await program.shows('details');
    program.type(ESC);
    await program.lacks('details ━');

    program.type('2/');
    program.type('user-service\r');
    await program.shows('/ user-service');
    await program.lacks('odoo-acme');
    program.type(ESC);
    await program.shows('odoo-acme');

    program.type('y');
    await program.shows(/apiVersion: apps\/v1|replicas:/);
    program.type(ESC);

    program.type('4z');
    await program.lacks('Services & pods');
    program.type('z');
    await program.shows('Services & pods');

    program.resize(80, 24);
    await program.shows(/^1 Nodes/m);
    program.resize(200, 50);
    await program.shows(/1 Nodes .*3 Pools/);
  }, 60_000);

  it('shows a node that is lost in its pane and in the feed', async () => {
    start(['--demo-scenario', 'calm']);
    await program.shows(/of \d+ ready/);
    program.type(':demo node-loss\r');
    await program.shows(/✖ .*not ready|✖ .*down/, 60_000);
    program.type('5');
    await program.shows(/NotReady|down/, 60_000);
  }, 90_000);

  it('obeys every key of one write', async () => {
    start(['--demo-scenario', 'still']);
    await program.shows('Services & pods');
    program.type('?q');
    expect(await program.ended()).toMatchObject({ code: 0 });
    expect(program.written).toContain('Find out what is wrong');
  });

  it('takes clicks and the wheel, and leaves them to the terminal with the mouse off', async () => {
    start(['--demo-scenario', 'still'], { columns: 120, rows: 40 });
    await program.shows(/odoo_data_/);
    const row = program.lines().findIndex(line => line.includes('3 Pools'));
    program.type(`\x1b[<0;90;${row + 3}M`);
    await program.shows(/┏3 Pools/);
    program.type('m');
    await program.shows('mouse off');
    expect(program.written).toContain('\x1b[?1006l');
  });
});

describe('leaving', () => {
  it.each([
    ['q', 0],
    ['\x03\x03', 0],
  ])('by %j restores the terminal', async (keys, code) => {
    start(['--demo-scenario', 'still']);
    await program.shows('Services & pods');
    expect(program.isAlternate).toBe(true);
    program.type(keys);
    expect(await program.ended()).toMatchObject({ code });
    expectRestored();
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ])('by %s restores the terminal', async (signal, code) => {
    start(['--demo-scenario', 'still']);
    await program.shows('Services & pods');
    program.signal(signal);
    expect(await program.ended()).toMatchObject({ code });
    expectRestored();
  });

  it('leaves no process behind when it is killed', async () => {
    start();
    await program.shows(/of \d+ ready/);
    expect(processesWith('HOME', home.HOME!).length).toBeGreaterThan(1);
    program.signal('SIGKILL');
    await program.ended();
    await expect.poll(() => processesWith('HOME', home.HOME!), { timeout: 15_000 }).toEqual([]);
  });
});

describe('a shell', () => {
  it('gets the terminal by Ctrl-Z and gives it back by fg', async () => {
    program = new PtyProgram('bash', ['--norc', '--noprofile', '-i'], { env: { ...home, PS1: 'shell> ' } });
    await program.shows('shell>');
    program.type(`${process.execPath} bin/quarterdeck.js --demo --demo-scenario still --clock off\r`);
    await program.shows('Services & pods');
    program.type('\x1a');
    await program.shows(/Stopped/);
    expect(program.isAlternate).toBe(false);
    program.type('fg\r');
    await program.shows('Services & pods');
    expect(program.isAlternate).toBe(true);
    program.type('q');
    await program.lacks('Services & pods');
    program.type('echo same-$((40+2))\r');
    await program.shows('same-42');
  });
});

function expectRestored(): void {
  expect(program.isAlternate).toBe(false);
  for (const sequence of ['\x1b[?1049l', '\x1b[?25h', '\x1b[?1006l', '\x1b[?2004l'])
    expect(program.written).toContain(sequence);
  expect(program.written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(program.written.lastIndexOf('\x1b[?25l'));
}
