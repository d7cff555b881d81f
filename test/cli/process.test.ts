import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { tempFolder } from './harness.ts';

const url = (path: string) => JSON.stringify(new URL(`../../src/cli/${path}`, import.meta.url).href);
const PROGRAM = `
  import { processIo } from ${url('io.ts')};
  import { run } from ${url('run.ts')};
  process.exitCode = await run(process.argv.slice(1), processIo());`;

/** The command line as a process of its own, on a machine where nothing is found but what `env` names. */
function start(argv: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const home = tempFolder();
  const bare = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    KUBECONFIG: '',
    NODE_ENV: 'production',
  };
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', PROGRAM, '--', ...argv], {
    env: { ...bare, ...env },
  });
}

test('a reader that goes away ends it without a word', async () => {
  const child = start(['config', 'schema']);
  child.stdout.once('data', () => child.stdout.destroy());
  const [[code, signal], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  expect({ signal, stderr }).toEqual({ signal: null, stderr: '' });
  expect(code).toBe(0);
});

test('SIGTERM ends the waiting for a system that says nothing', async () => {
  const path = join(tempFolder(), 'docker.sock');
  let asked = 0;
  const silent = createServer(() => asked++);
  await new Promise<void>(done => silent.listen(path, done));
  const child = start(['status', '--timeout', '1h'], { DOCKER_HOST: `unix://${path}` });
  const ended = once(child, 'exit');
  const told = text(child.stderr);
  // The first connection is discovery's, the later ones those of the source.
  await vi.waitFor(() => expect(asked).toBeGreaterThan(1), { timeout: 15_000 });
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(130);
  expect(await told).toMatch(/watching Docker Swarm at .*no answer/);
  silent.close();
});
