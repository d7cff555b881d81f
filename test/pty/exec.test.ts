import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// The terminal is given to a shell in a pod or a container, and taken back whole.

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

async function onService(name: string, scenario = 'still'): Promise<void> {
  const demo = ['bin/quarterdeck.js', '--demo', '--demo-scenario', scenario, '--clock', 'off'];
  program = new PtyProgram(process.execPath, demo, { env: home });
  await program.shows(/workloads · \d+ pods/);
  program.type(`/name=${name}\r`);
  await program.lacks('billing-service');
  await program.shows(`● ${name}`);
}

async function openShell(): Promise<void> {
  program.type('x');
  await program.shows('command');
  await program.shows(/ do it/);
  program.type('\r');
  await program.shows('exit or Ctrl-D comes back');
  await program.shows('/ #');
}

it.each([
  ['kubernetes', 'user-service'],
  ['swarm', 'saasodoo_traefik'],
])(
  'a shell of %s',
  async (system, name) => {
    await onService(name);
    await openShell();
    expect(program.isAlternate).toBe(false);
    program.type('hostname\r');
    await program.shows(system === 'kubernetes' ? /^user-service-\w+-\w+$/m : /^[0-9a-f]{12}$/m);
    // The size of the terminal arrives, at the begin and while it is inside; Ctrl-C and Ctrl-Z are keys of the shell.
    program.type('stty size\r');
    await program.shows(/^40 120$/m);
    program.resize(100, 30);
    await expect
      .poll(() => {
        program.type('stty size\r');
        return program.text();
      })
      .toMatch(/^30 100$/m);
    program.type('abc\x03');
    await program.shows('abc^C');
    program.type('\x1a\x7fexit 3\r');
    await program.shows(/exec .*: done, exit code 3 after \d+ s/);
    expect(program.isAlternate).toBe(true);
    await program.shows(`● ${name}`);
    expect(program.lines()).toHaveLength(30);
    await program.shows(/1 Nodes/);
    program.type('J');
    await program.shows(/exec -it .* bash/);
    expect(program.text()).not.toContain('stty');
  },
  90_000,
);

it('a shell whose connection is lost gives the terminal back, and says why', async () => {
  const scenario = join(home.HOME!, 'lost.yaml');
  writeFileSync(scenario, '- do: still\n- { at: 12, do: api-gone }\n');
  await onService('user-service', scenario);
  await openShell();
  await program.shows(/exec .*: unknown, the connection was lost/, 30_000);
  expect(program.isAlternate).toBe(true);
  await program.shows('● user-service');
  program.type('q');
  expect(await program.ended()).toMatchObject({ code: 0 });
}, 90_000);

it('without a terminal one command is run, and its exit code is ours', async () => {
  const args = ['bin/quarterdeck.js', 'act', 'exec', 'kubernetes/saasodoo/deployment/user-service'];
  const demo = ['--demo', '--demo-scenario', 'still', '--yes', '--set', "command=sh -c 'echo $HOME; nosuch; exit 7'"];
  const run = promisify(execFile)(process.execPath, [...args, ...demo], { env: { ...process.env, ...home } });
  const failed = await run.catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 7, stdout: '/root\n' });
  expect(failed).toHaveProperty('stderr', expect.stringMatching(/sh: nosuch: not found[\s\S]*exit code 7/));
}, 60_000);

it('a shell from the command line ends where the command began to tell', async () => {
  const args = ['bin/quarterdeck.js', 'act', 'exec', 'kubernetes/saasodoo/pod/redis-0', '--yes'];
  program = new PtyProgram(process.execPath, [...args, '--demo', '--demo-scenario', 'still'], { env: home });
  await program.shows('/ #', 30_000);
  program.type('hostname; exit 3\r');
  expect(await program.ended()).toMatchObject({ code: 3 });
  const lines = program.lines().filter(line => line.trim() !== '');
  expect(lines.at(-1)).toMatch(/done: exit code 3 after \d+ s/);
  expect(lines.slice(-3).join('\n')).toContain('redis-0');
}, 60_000);
