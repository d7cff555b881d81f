import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShells, type Shells } from '../../src/sources/lasting-shell.ts';
import { runLocal } from '../../src/sources/run-local.ts';
import { alive } from '../helpers/processes.ts';

const shell = (script: string) => ['sh', '-c', script];
const LONG = { deadlineMs: 15_000 };

let folder: string;
let shells: Shells;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-test-'));
  shells = openShells();
});
afterEach(() => {
  shells.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The shell that ran this command, which is the parent of what it runs. */
const whoRuns = async () => Number((await shells.run(shell('echo $PPID'), LONG)).stdout);
const end = (pid: number) => process.kill(pid, 'SIGKILL');

describe('a lasting shell', () => {
  it('runs one command after the other', async () => {
    const first = await whoRuns();
    await shells.run(shell('exit 3'), LONG);
    expect(await whoRuns()).toBe(first);
  });

  it('runs one at a time: what runs at once, others run', async () => {
    const all = await Promise.all(
      Array.from({ length: 4 }, (_, each) => shells.run(shell(`echo ${each} $PPID`), LONG)),
    );
    const told = all.map(({ stdout }) => stdout.trim().split(' '));
    expect(told.map(([each]) => each)).toEqual(['0', '1', '2', '3']);
    expect(new Set(told.map(([, pid]) => pid)).size).toBe(4);
    expect(told.map(([, pid]) => Number(pid))).toContain(await whoRuns());
  });

  it('keeps apart what two streams say, to the byte', async () => {
    const script = `printf 'a\\0b\\n\\n'; printf 'x:7:' >&2; printf '\\303\\251:'`;
    expect(await shells.run(shell(script), LONG)).toEqual({
      code: 0,
      stdout: 'a\0b\n\né:',
      stderr: 'x:7:',
      timedOut: false,
    });
  });

  it('takes an answer of many pieces', async () => {
    const { stdout, stderr } = await shells.run(shell('seq 200000; seq 100000 >&2'), LONG);
    expect(stdout.split('\n')).toHaveLength(200_001);
    expect(stderr.split('\n')).toHaveLength(100_001);
  });

  it('takes as long a list of words as a batch has', async () => {
    const words = Array.from({ length: 250 }, (_, each) => `/mnt/it's a path/${'é'.repeat(120)}/${each}`);
    const { stdout } = await shells.run(['printf', '%s\\n', ...words], LONG);
    expect(stdout).toBe(`${words.join('\n')}\n`);
  });

  it.each([
    ['a word of the shell', ['if', 'true']],
    ['an assignment', ['A=1', 'true']],
    ['an option of exec', ['-c', 'true']],
    ['a folder', ['/']],
  ])('starts programs only: %s is none', async (_, argv) => {
    await expect(shells.run(argv, LONG)).rejects.toMatchObject({ syscall: expect.stringMatching(/^spawn/) });
  });

  it.each([
    ['a word with a NUL', ['echo', 'a\0b']],
    ['a program without a name', ['']],
  ])('says as a child would why %s cannot be started', async (_, argv) => {
    await expect(shells.run(argv, LONG)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });

  it('takes a program of the shell’s own name from the disk', async () => {
    const own = join(folder, 'cd');
    writeFileSync(own, '#!/bin/sh\necho mine', { mode: 0o700 });
    const { stdout } = await shells.run(['env', `PATH=${folder}:${process.env.PATH}`, 'cd'], LONG);
    expect(stdout).toBe('mine\n');
    expect((await shells.run(['printf', '%s', 'x'], LONG)).stdout).toBe('x');
  });

  it('hands on what a command ends with that has not found another', async () => {
    const result = await shells.run(['env', 'no-such-command-here'], LONG);
    expect(result.code).toBe(127);
    expect(result.stderr).toContain('No such file or directory');
  });

  it('gives the command nothing to read, and no stream that a child would not have', async () => {
    const script = shell('cat; ls /proc/self/fd');
    expect(await shells.run(script, LONG)).toEqual(await runLocal(script, LONG));
  });

  it('tells of a command that a signal ended', async () => {
    const result = await shells.run(shell('echo said; kill -SEGV $$'), LONG);
    expect(result).toEqual({ code: null, stdout: 'said\n', stderr: '', timedOut: false });
  });

  it('drops what comes late from what an earlier command left behind', async () => {
    await shells.run(shell('(sleep 0.2; echo late; echo late >&2) & echo done'), LONG);
    await new Promise(soon => setTimeout(soon, 400));
    expect(await shells.run(shell('echo own'), LONG)).toMatchObject({ stdout: 'own\n', stderr: '' });
  });
});

describe('a shell that ends', () => {
  it('between two commands is replaced unseen', async () => {
    const first = await whoRuns();
    end(first);
    const next = await whoRuns();
    expect(next).toBeGreaterThan(0);
    expect(next).not.toBe(first);
  });

  it('within a command ends that as a signal does, together with the command', async () => {
    const result = await shells.run(shell('echo $$; kill -KILL $PPID; sleep 300; :'), LONG);
    expect(result).toMatchObject({ code: null, stderr: '', timedOut: false });
    await expect.poll(() => alive(Number(result.stdout))).toBe(false);
    expect((await shells.run(['echo', 'x'], LONG)).stdout).toBe('x\n');
  });

  it('by a deadline is never used again', async () => {
    const first = await whoRuns();
    const result = await shells.run(shell('sleep 300; :'), { deadlineMs: 100 });
    expect(result.timedOut).toBe(true);
    await result.gone;
    expect(alive(first)).toBe(false);
    expect(await whoRuns()).not.toBe(first);
  });

  it('by a deadline tells the end of a command that cannot be killed when that has ended', async () => {
    // In a session of its own it outlives the shell, as what hangs in the kernel does.
    const result = await shells.run(shell('setsid -w sh -c "echo \\$\\$; sleep 300; :"; :'), { deadlineMs: 500 });
    let isGone = false;
    const gone = result.gone?.then(() => {
      isGone = true;
    });
    const pid = Number(result.stdout);
    expect((await shells.run(['echo', 'x'], LONG)).stdout).toBe('x\n');
    expect([alive(pid), isGone]).toEqual([true, false]);
    process.kill(-pid, 'SIGKILL');
    await gone;
    expect(isGone).toBe(true);
  });
});

describe('when it is over', () => {
  it('closing ends the shells that wait', async () => {
    const pid = await whoRuns();
    shells.close();
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it('closing ends a shell that runs a command, with that', async () => {
    const running = shells.run(shell('echo $PPID; sleep 0.3'), LONG);
    shells.close();
    const { stdout, code } = await running;
    expect(code).toBe(0);
    await expect.poll(() => alive(Number(stdout))).toBe(false);
  });

  /** A program that runs this script by a lasting shell, tells what that says, and does this then. */
  function program(script: string, then: string) {
    const file = join(folder, 'program.mjs');
    const source = new URL('../../src/sources/lasting-shell.ts', import.meta.url).href;
    writeFileSync(
      file,
      `import { openShells } from ${JSON.stringify(source)};
       const { stdout } = await openShells().run(['sh', '-c', ${JSON.stringify(script)}], { deadlineMs: 15_000 });
       process.stdout.write(stdout);
       ${then}`,
    );
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const told = new Promise<number>(told => child.stdout.once('data', text => told(Number(text))));
    return { child, told };
  }

  it('a program that is killed takes its shells along', async () => {
    const { child, told } = program('echo $PPID', 'setInterval(() => {}, 1e6);');
    const pid = await told;
    expect(alive(pid)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it('a program waits for a command, and for no shell', async () => {
    const { child, told } = program('sleep 0.3; echo $PPID', '');
    const [pid, [code]] = await Promise.all([told, once(child, 'exit')]);
    expect(code).toBe(0);
    await expect.poll(() => alive(pid)).toBe(false);
  });
});
