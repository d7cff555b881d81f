import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// What happens between the command and the first panes.

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

function start(...args: string[]): PtyProgram {
  program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--clock', 'off', ...args], { env: home });
  return program;
}

const TAKEN = '\x1b[?1049h';

describe('the first frame', () => {
  it('is that of all panes, which say what is being connected to', async () => {
    start('--demo-scenario', 'still');
    await program.wrote('5 Events');
    const [first = ''] = program.written.slice(program.written.indexOf(TAKEN)).split('5 Events');
    for (const source of ['kubernetes', 'swarm', 'postgres', 'cephfs'])
      expect(first).toContain(`${source}: connecting …`);
    expect(first).toContain('demo: the embedded platform');
    await program.shows(/1 Nodes.* ready/);
  });

  it('is there over a cluster that never answers', async () => {
    const silent = createServer(() => {});
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const profile = file(
      'silent.yaml',
      `title: Silent\nsources: { swarm: { kind: swarm, host: "tcp://127.0.0.1:${port}" } }`,
    );
    program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--profile', profile], { env: home });
    await program.shows(/Silent[\s\S]*swarm: connecting …/);
    program.type('q');
    expect(await program.ended()).toMatchObject({ code: 0 });
    silent.close();
  });
});

describe('what is typed ahead', () => {
  it('is not echoed into the screen', async () => {
    start('--demo-scenario', 'still');
    await program.wrote(TAKEN);
    program.type('xyzzy\r\r\x1b[A');
    await program.shows('Services & pods');
    expect(program.written.slice(program.written.indexOf(TAKEN))).not.toMatch(/xyzzy|\^\[/);
    expect(program.lines()[0]).toContain('demo');
  });

  it('is obeyed before the platform is there', async () => {
    start('--demo-scenario', 'still');
    await program.wrote('5 Events');
    program.type('?');
    await program.shows(/Help|Keys/);
    program.type('\x1b');
    await program.shows(/1 Nodes.* ready/);
  });

  it.each(['q', '\x03\x03'])('leaves by %j', async key => {
    start('--demo-scenario', 'still');
    await program.wrote(TAKEN);
    program.type(key);
    expect(await program.ended()).toMatchObject({ code: 0 });
    expect(program.isAlternate).toBe(false);
  });
});

describe('a mistake of the user', () => {
  it.each([
    ['a scenario that is not there', () => 'nosuch', /^quarterdeck: --demo-scenario: nosuch is no scenario \(/m],
    [
      'an act that is not there',
      () => file('scenario.yaml', '- do: frobnicate'),
      /^quarterdeck: --demo-scenario: .*frobnicate/m,
    ],
  ])('%s is told in a sentence when the terminal is back', async (_, name, told) => {
    start('--demo-scenario', name());
    expect(await program.ended()).toMatchObject({ code: 64 });
    expect(program.isAlternate).toBe(false);
    expect(program.text()).toMatch(told);
    expect(program.text()).not.toMatch(/fault of its own|^\s+at /m);
  });
});

it('says on the screen that events are not kept', async () => {
  const profile = file('own.yaml', 'sources: { host: { kind: host } }');
  const state = file('not-a-folder', '');
  program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--profile', profile], {
    env: { ...home, XDG_STATE_HOME: state },
  });
  await program.shows(/open the (event store|journal) on .*not-a-folder/);
  program.type('5');
  await program.shows(/not kept: open the event store/);
  program.type('q');
  expect(await program.ended()).toMatchObject({ code: 0 });
});

function file(name: string, text: string): string {
  const path = join(home.HOME!, name);
  writeFileSync(path, text);
  return path;
}
