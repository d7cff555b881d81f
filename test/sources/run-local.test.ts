import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openShells } from '../../src/sources/lasting-shell.ts';
import { runChild, runLocal } from '../../src/sources/run-local.ts';
import type { Run } from '../../src/sources/runner.ts';
import { alive } from '../helpers/processes.ts';

const shell = (script: string) => ['sh', '-c', script];
const node = (script: string) => [process.execPath, '-e', script];
const LONG = { deadlineMs: 15_000 };

/** Both ways to run a command on this machine keep what is said of them here. */
const WAYS = [
  { name: 'as a child', open: () => ({ run: runLocal, close: () => {} }), from: 'run-local.ts', code: 'runLocal' },
  { name: 'by a lasting shell', open: openShells, from: 'lasting-shell.ts', code: 'openShells().run' },
];

describe.each(WAYS)('$name', ({ open, from, code }) => {
  let run: Run;
  let close: () => void;
  let folder: string;
  beforeEach(async () => {
    ({ run, close } = open());
    // Another command has gone before.
    await run(shell('printf "no line"; echo err >&2; exit 5'), LONG);
    folder = mkdtempSync(join(tmpdir(), 'qd-test-'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('a command on this machine', () => {
    it('gives what it wrote and how it ended', async () => {
      const result = await run(node('console.log("out é"); console.error("err"); process.exitCode = 3'), LONG);
      expect(result).toEqual({ code: 3, stdout: 'out é\n', stderr: 'err\n', timedOut: false });
    });

    it('speaks the C locale, and stands in the root folder', async () => {
      const { stdout } = await run(node('console.log(process.env.LC_ALL, process.cwd())'), LONG);
      expect(stdout).toBe('C /\n');
    });

    it('passes arguments as they are, to no shell', async () => {
      const odd = ['$(id)', '`id`', "it's", '"', '*', '', 'a\nb', ';', '&'];
      const { stdout } = await run([...node('console.log(JSON.stringify(process.argv.slice(1)))'), '--', ...odd], LONG);
      expect(JSON.parse(stdout)).toEqual(odd);
    });

    it('rejects with the error of the system when there is no such command', async () => {
      await expect(run(['no-such-command-here'], LONG)).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('ends a child that says more than 16 MB, and says so', async () => {
      const result = await run(node('for (;;) require("fs").writeSync(1, Buffer.alloc(1 << 20, 120))'), LONG);
      expect(result.code).toBeNull();
      expect(result.stdout.length).toBeLessThanOrEqual(16 * 1024 * 1024);
      expect(result.stderr).toContain('more than 16777216 bytes of output');
    });
  });

  describe('a child that does not end', () => {
    it('is killed at the deadline, though it ignores SIGTERM, and what it said until then is kept', async () => {
      const result = await run(shell('trap "" TERM; echo $$; while :; do sleep 1; done'), { deadlineMs: 1_500 });
      expect(result).toMatchObject({ code: null, timedOut: true });
      await result.gone;
      expect(alive(Number(result.stdout))).toBe(false);
    });

    it('is killed together with what it started', async () => {
      const result = await run(shell('sh -c "echo \\$\\$; sleep 300; :"; :'), { deadlineMs: 1_500 });
      expect(result.timedOut).toBe(true);
      await expect.poll(() => alive(Number(result.stdout))).toBe(false);
    });

    it('is killed when the caller lets go of it', async () => {
      const stop = new AbortController();
      const running = run(node('setInterval(() => {}, 1e6)'), { ...LONG, signal: stop.signal });
      stop.abort();
      const result = await running;
      expect(result).toMatchObject({ code: null, timedOut: false });
      await result.gone;
    });

    it('is let go of when it cannot be killed, and its end is told later', async () => {
      const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
      const result = await run(shell('echo $$; sleep 300; :'), { deadlineMs: 1_500 });
      expect(result.timedOut).toBe(true);
      expect(kill).toHaveBeenCalledExactlyOnceWith(expect.any(Number), 'SIGKILL');
      const [group = Number.NaN] = kill.mock.calls[0] ?? [];
      let gone = false;
      void result.gone?.then(() => {
        gone = true;
      });
      kill.mockRestore();
      const pid = Number(result.stdout);
      expect(alive(pid)).toBe(true);
      expect(gone).toBe(false);
      process.kill(group, 'SIGKILL');
      await vi.waitFor(() => expect(gone).toBe(true));
    });

    it('does not hold up the answer by a grandchild that keeps the pipe open', async () => {
      const result = await run(shell('setsid sleep 20 & echo done'), LONG);
      expect(result).toMatchObject({ code: 0, stdout: 'done\n', timedOut: false });
    });

    it('does not keep this program from ending', async () => {
      const program = join(folder, 'program.mjs');
      const source = new URL(`../../src/sources/${from}`, import.meta.url).href;
      writeFileSync(
        program,
        `import { ${code.split('(')[0]} } from ${JSON.stringify(source)};
       process.kill = () => true;
       const { timedOut } = await ${code}(['sleep', '300'], { deadlineMs: 200 });
       console.log(timedOut);`,
      );
      const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 15_000 });
      expect(stdout).toBe('true\n');
    });
  });
});

it('hears what a child left in the pipe, though this program was held up since its end', async () => {
  const running = runChild(shell('(sleep 0.2; echo late) &'), LONG);
  // The shell itself has ended, which is seen before we are held up; timers come next then, and after them what is read.
  await sleep(100);
  await immediate();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  await expect(running).resolves.toMatchObject({ code: 0, stdout: 'late\n' });
});

it('with patience a child ends by itself', async () => {
  const kill = vi.spyOn(process, 'kill');
  const result = await runChild(shell('sleep 1.5'), { deadlineMs: 300 }, { patienceMs: 60_000 });
  expect(result.timedOut).toBe(true);
  await result.gone;
  expect(kill).not.toHaveBeenCalled();
});
