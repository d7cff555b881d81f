import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oldNode } from './old-node.ts';

const COMMAND = 'bin/quarterdeck.js';
const OLD = oldNode();

describe('under an older Node the command', () => {
  it('hands over to the pinned one and gives its output and exit code', () => {
    const { stdout, status } = spawnSync(OLD, [COMMAND, '--version'], { encoding: 'utf8' });
    expect(stdout.trim()).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
    expect(status).toBe(0);
    expect(spawnSync(OLD, [COMMAND, '--no-such-flag']).status).toBe(64);
  });

  it('passes on a signal, and tells its end as a shell does', async () => {
    const child = spawn(OLD, [COMMAND, 'events', '--follow', '--demo'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise(resolve => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    const code = await new Promise(resolve => child.on('exit', resolve));
    expect(code).toBe(0);
  });
});
