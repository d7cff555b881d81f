import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const COMMAND = 'bin/quarterdeck.js';
const OLD = process.env.OLD_NODE ?? '';
const home = temporaryHome();
const env = { ...process.env, ...home };
let program: PtyProgram | null = null;
afterEach(() => program?.close());

describe('under an older Node the command', () => {
  beforeAll(() => {
    const major = Number.parseInt(execFileSync(OLD, ['--version'], { encoding: 'utf8' }).slice(1), 10);
    if (!(major >= 20 && major < 24)) throw new Error(`OLD_NODE must name a Node from 20 to 23, this is ${major}`);
  });

  it('hands over to the pinned one and gives its output and exit code', () => {
    const { stdout, status } = spawnSync(OLD, [COMMAND, '--version'], { encoding: 'utf8', env });
    expect(stdout.trim()).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
    expect(status).toBe(0);
    expect(spawnSync(OLD, [COMMAND, '--no-such-flag'], { env }).status).toBe(64);
  });

  it('passes on a signal', async () => {
    const child = spawn(OLD, [COMMAND, 'events', '--follow', '--demo'], { stdio: ['ignore', 'pipe', 'ignore'], env });
    await new Promise(resolve => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    const ended = await new Promise(resolve => child.on('exit', (code, signal) => resolve({ code, signal })));
    expect(ended).toMatchObject({ signal: null });
  });

  it('restores the terminal and tells a signal as a shell does', async () => {
    program = new PtyProgram(OLD, [COMMAND, '--demo', '--demo-scenario', 'still', '--clock', 'off'], { env: home });
    await program.shows('Services & pods', 30_000);
    program.signal('SIGTERM');
    expect(await program.ended()).toMatchObject({ code: 143 });
    expect(program.isAlternate).toBe(false);
  });

  it('says in one sentence what is missing without the pinned Node, and exits 70', () => {
    const script = `import('${process.cwd()}/bin/quarterdeck.js')`;
    const { stderr, status } = spawnSync(OLD, ['--input-type=module', '-e', hidden(script)], { encoding: 'utf8', env });
    expect(stderr).toContain('npm ci');
    expect(status).toBe(70);
  });
});

/** Runs the script as on a platform that no pinned Node is made for. */
function hidden(script: string): string {
  return `Object.defineProperty(process, 'platform', { value: 'plan9' }); ${script}`;
}
