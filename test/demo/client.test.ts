import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DemoError, startDemo } from '../../src/demo/client.ts';
import { ProfileSchema } from '../../src/profile/schema.ts';

let cache: string;
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'client-test-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('startDemo', () => {
  it('starts a process with all doors open, lets it fail on demand, and ends it', { timeout: 60_000 }, async () => {
    const demo = await startDemo({ scenario: 'calm', seed: 3 });
    const { sources } = ProfileSchema.parse(demo.profile);
    expect(Object.keys(sources)).toEqual(['kubernetes', 'swarm', 'host', 'postgres', 'mariadb', 'cephfs', 'http']);
    expect(await demo.trigger('node-loss')).toBeNull();
    expect(await demo.trigger('nope')).toContain('there is no scenario nope');
    await demo.close();
    expect(isAlive(demo.pid)).toBe(false);
    expect(await demo.trigger('node-loss')).toBe('the embedded platform has ended');
  });

  it('says what is wrong with a scenario, as a mistake of the user', async () => {
    const error = await startDemo({ scenario: 'nodeloss' }).catch(each => each);
    expect(error).toBeInstanceOf(DemoError);
    expect([error.usage, error.message]).toEqual([true, expect.stringContaining('nodeloss is no scenario')]);
  });

  it('says when the process ends at its start', async () => {
    const script = fileURLToPath(new URL('./no-such-file.js', import.meta.url));
    await expect(startDemo({}, script)).rejects.toThrow('the embedded platform does not start');
  });

  it('ends with its parent, however that ends, and does not keep it alive', { timeout: 60_000 }, async () => {
    const client = fileURLToPath(new URL('../../src/demo/client.ts', import.meta.url));
    const start = `const { startDemo } = await import(${JSON.stringify(client)});
      const demo = await startDemo({ scenario: 'calm', seed: 3 });
      console.log(demo.pid);`;
    const run = async (script: string) => {
      const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [text] = await once(parent.stdout, 'data');
      return { parent, pid: Number(text) };
    };
    const left = await run(start);
    await once(left.parent, 'exit');
    await vi.waitFor(() => expect(isAlive(left.pid)).toBe(false), 15_000);
    const killed = await run(`${start} setInterval(() => {}, 1000);`);
    expect(isAlive(killed.pid)).toBe(true);
    killed.parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(killed.pid)).toBe(false), 15_000);
  });
});
