import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// The start screen of the real program, on a machine that reaches a cluster which never answers, and no engine.

const HOST = /\[x\] this machine/;
const HOST_ONLY = 'sources: { host: { kind: host } }';

let home: Record<string, string>;
let program: PtyProgram;
let homes = 0;
const base = temporaryHome();

beforeEach(() => {
  const folder = join(base.HOME!, `user-${homes++}`);
  mkdirSync(join(folder, '.config/quarterdeck'), { recursive: true });
  home = {
    HOME: folder,
    KUBECONFIG: join(folder, 'kubeconfig'),
    DOCKER_HOST: `unix://${folder}/docker.sock`,
    XDG_CACHE_HOME: base.XDG_CACHE_HOME!,
  };
  writeFileSync(home.KUBECONFIG!, KUBECONFIG);
});

afterEach(() => program.close());

function start(...args: string[]): PtyProgram {
  program?.close();
  program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--clock', 'off', ...args], {
    columns: 160,
    env: home,
  });
  return program;
}

function save(name: string, text = HOST_ONLY): void {
  writeFileSync(join(home.HOME!, '.config/quarterdeck', `${name}.yaml`), text);
}

const cursorLine = () =>
  program.lines().find((_, row) => program.cells(row).some(cell => cell.isInverse() && cell.getChars() !== '')) ?? '';

async function opens(wanted: string | RegExp): Promise<void> {
  await program.shows('Services & pods');
  expect(program.lines()[0]).toMatch(wanted);
}

async function quit(): Promise<void> {
  program.type('q');
  expect(await program.ended()).toMatchObject({ code: 0 });
}

it('chooses, opens, and has the same chosen the next time', async () => {
  start();
  await program.shows('Kubernetes context second');
  await program.shows(/\[x\] Kubernetes context first/);
  await program.shows(HOST);
  program.type(' j ');
  await program.shows(/\[ \] Kubernetes context first.*\[x\] Kubernetes context second/s);
  program.type('\r');
  await program.shows('Services & pods');
  await quit();

  start();
  await program.shows(/\[ \] Kubernetes context first.*\[x\] Kubernetes context second/s);
  expect(cursorLine()).toContain('second');
  await quit();
});

it('is there while an engine is silent, and keeps the cursor where it was put', async () => {
  const silent = createServer(() => {});
  await once(silent.listen(join(home.HOME!, 'docker.sock')), 'listening');
  start();
  await program.shows('looking for');
  program.type('\r');
  await program.shows('still looking');
  program.type('j');
  await expect.poll(cursorLine).toContain('the embedded platform');
  await program.shows(HOST);
  expect(program.text()).not.toContain('looking');
  expect(cursorLine()).toContain('the embedded platform');
  await quit();
  silent.close();
});

it('writes a profile that the next start opens at once', async () => {
  start();
  await program.shows(HOST);
  program.type('w');
  await program.shows('written: ');
  const profiles = readdirSync(join(home.HOME!, '.config/quarterdeck')).filter(file => file.endsWith('.yaml'));
  expect(profiles).toHaveLength(1);
  await program.shows('Saved profiles');
  await quit();

  start();
  await opens(profiles[0]!.replace('.yaml', ''));
  await quit();
});

it('offers several profiles first, and remembers which', async () => {
  save('prod');
  save('test');
  save('wrong', 'sources: 7');
  start();
  await program.shows(/Saved profiles.*prod.*test.*Or what was found/s);
  expect(cursorLine()).toContain('prod');
  program.type('jj\r');
  await program.shows(/wrong\.yaml:1: /);
  program.type('k\r');
  await opens('test');
  await quit();

  start();
  await program.shows('Saved profiles');
  expect(cursorLine()).toContain('test');
  program.type('\r');
  await opens('test');
  await quit();
});

it('opens the profile that is called default', async () => {
  save('prod');
  save('default', `title: The usual\n${HOST_ONLY}`);
  start('--or-demo');
  await opens('The usual');
  await quit();
});

it('is reached by --choose where a profile would open, and remembers the choice', async () => {
  save('prod');
  save('default', `title: The usual\n${HOST_ONLY}`);
  start('--choose');
  await program.shows(/Saved profiles.*default.*prod/s);
  program.type('j\r');
  await opens('prod');
  await quit();

  start('--choose');
  await program.shows('Saved profiles');
  expect(cursorLine()).toContain('prod');
  await quit();
  start();
  await opens('The usual');
  await quit();
});

it('takes a profile that was well as it was, until it changes', async () => {
  save('prod', `title: As written\n${HOST_ONLY}`);
  start();
  await opens('As written');
  await quit();

  const kept = join(home.XDG_CACHE_HOME!, 'quarterdeck/profiles/prod.yaml.json');
  writeFileSync(kept, readFileSync(kept, 'utf8').replace('"title":"As written"', '"title":"As kept"'));
  start();
  await opens('As kept');
  await quit();

  save('prod', 'title: As written\nsources: 7');
  start();
  expect(await program.ended()).toMatchObject({ code: 64 });
  expect(program.text()).toMatch(/prod\.yaml:2: /);

  save('prod', `title: As changed\n${HOST_ONLY}`);
  start();
  await opens('As changed');
  await quit();
});

it('tells the mistakes of the only profile and ends', async () => {
  save('prod', 'sources: 7');
  start();
  expect(await program.ended()).toMatchObject({ code: 64 });
  expect(program.text()).toMatch(/prod\.yaml:1: /);
});

it('opens the embedded platform when it is chosen, and never remembers it', async () => {
  start('--or-demo');
  await program.shows(HOST);
  program.type('jjjjjjjj');
  await expect.poll(cursorLine).toContain('the embedded platform');
  program.type('\r');
  await opens('demo');
  await quit();

  start('--or-demo');
  await program.shows(HOST);
  expect(cursorLine()).toContain('first');
  expect(existsSync(join(home.HOME!, '.config/quarterdeck/demo.yaml'))).toBe(false);
  await quit();
});

const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: first
clusters:
  - { name: lab, cluster: { server: 'http://127.0.0.1:9' } }
users:
  - { name: ops, user: { token: none } }
contexts:
  - { name: first, context: { cluster: lab, user: ops, namespace: shop } }
  - { name: second, context: { cluster: lab, user: ops } }
`;
