import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { logPath, profilePath, stateFolder, storePath } from '../../src/profile/folders.ts';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';
import { ScriptedEngine } from '../sources/swarm/scripted-engine.ts';
import { down, node, service } from '../sources/swarm/shapes.ts';

// The real program in a real terminal.

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

function start(args: string[]): void {
  const argv = ['bin/quarterdeck.js', '--clock', 'off', ...args];
  program = new PtyProgram(process.execPath, argv, { env: home, columns: 120, rows: 60 });
}

/** Puts the cursor of the open text on the line that holds this. */
async function goTo(text: string): Promise<void> {
  await program.shows(text);
  program.type('g');
  const rows = program.lines();
  program.type('j'.repeat(rows.findIndex(row => row.includes(text)) - rows.findIndex(row => row.startsWith('┏')) - 1));
}

it('one key shows one masked value of the embedded platform while the cursor is on it', async () => {
  const [name, value] = ['JWT_SECRET_KEY', 'demo-not-a-secret'];
  start(['--demo', '--demo-scenario', 'still']);
  await program.shows(/odoo_data_/);
  program.type('/saasodoo_billing-service\ry');
  await goTo(`${name}=********`);
  await program.shows('X show secret');
  expect(program.written).not.toContain(value);

  program.type('X');
  await program.shows(`${name}=${value}`);
  await program.shows('X hide secret');
  expect(program.text().match(new RegExp(value, 'g'))).toHaveLength(1);
  program.resize(80, 40);
  await program.shows(/^.{79}┓/m);
  await program.shows(`${name}=${value}`);

  program.type('j');
  await program.shows(`${name}=********`);
  expect(program.text()).not.toContain(value);
  program.type('kX');
  await program.shows(value);
  program.type('\x1b');
  await program.shows(`${name}=********`);
  expect(program.text()).not.toContain(value);
}, 60_000);

it('what was shown stands in no file and no later frame', async () => {
  const value = 'sesame-8c1f0d7e4b2a9';
  const engine = new ScriptedEngine();
  await engine.listen();
  try {
    engine.nodes = [node('w1')];
    const spec = { ContainerSpec: { Image: 'lab/api:1', Env: [`DB_PASSWORD=${value}`] } };
    engine.services = [service('api', { Spec: { Name: 'api', TaskTemplate: spec } } as never)];
    engine.faults.set('/info', { status: 500, message: 'the store is gone' });
    mkdirSync(dirname(profilePath('prod', home)), { recursive: true });
    writeFileSync(profilePath('prod', home), `sources:\n  swarm: { kind: swarm, host: "${engine.host}" }\n`);
    start(['--platform', 'prod']);
    await program.shows(/┃. api /);
    program.type('2y');
    await goTo('DB_PASSWORD=********');
    program.type('X');
    await program.shows(`DB_PASSWORD=${value}`);
    engine.nodes = [down('w1')];
    engine.emit({ Type: 'node', Action: 'update', Actor: { ID: engine.nodes[0]?.ID, Attributes: {} } });
    program.type('j');
    await program.lacks(value);
    const shownUntil = program.written.length;
    program.type('\x0c');
    await program.wrote('DB_PASSWORD', 5_000);
    program.type('q');
    expect(await program.ended()).toMatchObject({ code: 0 });
    expect(program.written.slice(shownUntil)).not.toContain(value);
  } finally {
    await engine.close();
  }
  const files = readdirSync(stateFolder(home), { recursive: true, encoding: 'utf8' })
    .map(name => join(stateFolder(home), name))
    .filter(file => statSync(file).isFile());
  expect(files).toEqual(expect.arrayContaining([logPath(home), storePath('prod', home)]));
  for (const file of files) expect(readFileSync(file, 'latin1'), file).not.toContain(value);
}, 60_000);
