import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { guarded } from '../../../src/demo/postgres/guard.ts';
import { isThere } from './clients.ts';

const home = mkdtempSync(join(tmpdir(), 'qd-test-guard-'));
const account = { prefix: [], ids: {}, foreign: false };
const log = join(home, 'log');
const source = new URL('../../../src/demo/postgres/', import.meta.url).href;

afterAll(() => rmSync(home, { recursive: true }), 60_000);

/** Runs a program of its own that prints pids on one line and then stays. */
async function program(text: string): Promise<{ child: ChildProcess; pids: number[] }> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: home },
  });
  let line = '';
  for await (const chunk of child.stdout) {
    line += chunk;
    if (line.includes('\n')) break;
  }
  return { child, pids: line.trim().split(' ').map(Number) };
}

describe('a guarded command', () => {
  it('ends when it is told to, though it does not listen, and its output is in the log', async () => {
    const deaf = ['/bin/sh', '-c', 'trap "" INT TERM; echo deaf; while :; do sleep 0.05; done'];
    const { pid, ended, end } = guarded(deaf, { log, account });
    const server = await pid;
    await expect.poll(() => readFileSync(log, 'utf8')).toBe('deaf\n');
    end();
    await ended;
    expect(isThere(server)).toBe(false);
  });

  it('is told when it ends by itself', async () => {
    const { ended, guard } = guarded(['/bin/sh', '-c', 'exit 3'], { log, account });
    expect(await ended).toBe(3);
    expect(guard.exitCode).toBe(3);
  });

  it('ends when this program is killed with SIGKILL, frozen or not', async () => {
    const { child, pids } = await program(`
      import { guarded } from '${source}guard.ts';
      const options = { log: '/dev/null', account: { prefix: [], ids: {} } };
      const one = guarded(['sleep', '1000'], options);
      const two = guarded(['sleep', '1000'], options);
      const [first, second] = [await one.pid, await two.pid];
      two.frozen([second]);
      process.kill(second, 'SIGSTOP');
      console.log(first, second, one.guard.pid, two.guard.pid);
    `);
    expect(pids).toHaveLength(4);
    expect(pids.every(isThere)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => pids.filter(isThere), { timeout: 5_000 }).toEqual([]);
  });

  it('is true of the real servers', async () => {
    const { child, pids } = await program(`
      import { startPostgres } from '${source}start.ts';
      import { shapeOf } from '${source}../shape.ts';
      const shape = { ...shapeOf(), pools: shapeOf({ calm: true }).pools.slice(0, 1), instances: [] };
      shape.pools[0].databases = ['odoo_one'];
      const demo = await startPostgres({ shape, cacheDir: '${home}/cache' });
      await demo.started;
      await demo.frozen('postgres-pool-1');
      console.log(...(await Promise.all([...demo.servers.values()].map(each => each.pids()))).flat());
    `);
    expect(pids).toHaveLength(4);
    expect(pids.every(isThere)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => pids.filter(isThere), { timeout: 5_000 }).toEqual([]);
  }, 60_000);
});
