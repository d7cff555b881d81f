import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { DoctorOutput } from '../../src/cli/json.ts';
import { DeedOutput, JournalCheck } from '../../src/cli/json-deeds.ts';
import type { Server } from '../../src/demo/postgres/server.ts';
import { storePath } from '../../src/profile/folders.ts';
import { openJournal } from '../../src/store/journal.ts';
import { TeamOptions } from '../../src/team/options.ts';
import { share } from '../../src/team/share.ts';
import { endingOf, intentOf } from '../helpers/deeds.ts';
import { PASSWORD, postgresServers, type Servers } from '../helpers/postgres-server.ts';
import { type FakeIo, fakeIo, live, NOW, play, tempFolder } from './harness.ts';

const SECRET = 'QD_TEAM_TEST_PASSWORD';
let servers: Servers;
let server: Server;
let schema: string;
let made = 0;
beforeAll(async () => {
  process.env[SECRET] = PASSWORD;
  servers = await postgresServers();
  server = await servers.start();
}, 60_000);
afterAll(() => servers?.close());
beforeEach(() => {
  schema = `team_${made++}`;
});

const place = (more: object = {}) => ({
  ...{
    host: '127.0.0.1',
    port: server.port,
    user: 'postgres',
    password: { env: SECRET },
    database: 'postgres',
    schema,
  },
  ...more,
});
const run = (line: string, io: FakeIo, more: object = {}) =>
  play(line, { host: live('host') }, { io, extra: `team: ${JSON.stringify(place(more))}` });

/** What was done on a machine and has reached the team. */
async function did(path: string, operator: string, host: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const journal = openJournal(path);
  const intent = intentOf({ operator, at: NOW - 60_000, process: { pid: 1, host } });
  journal.begin(intent);
  journal.end(endingOf(intent.id, { at: NOW - 50_000 }));
  const team = share(journal, TeamOptions.parse(place()));
  await vi.waitFor(() => expect(team.state.phase).toBe('live'), 15_000);
  await team.close();
  journal.close();
}

async function both(): Promise<FakeIo> {
  const io = fakeIo();
  await did(storePath('prod', io.env), 'ana', 'bastion');
  await did(join(tempFolder(), 'bob.sqlite'), 'bob', 'laptop');
  return io;
}

test('journal tells what everybody did, by whom and from which machine', async () => {
  const io = await both();
  const { code, stdout, stderr } = await run('journal', io);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.match(/\w+@\w+/g)).toEqual(['ana@bastion', 'bob@laptop']);
});

test('the same for programs', async () => {
  const io = await both();
  const { stdout } = await run('journal --json', io);
  const deeds = stdout
    .trim()
    .split('\n')
    .map(line => DeedOutput.parse(JSON.parse(line)));
  expect(deeds.map(({ operator, host, own }) => ({ operator, host, own }))).toEqual([
    { operator: 'ana', host: 'bastion', own: true },
    { operator: 'bob', host: 'laptop', own: false },
  ]);
});

test('journal --verify looks along every chain, here and there: 0, and 2 with whose record it is', async () => {
  const io = await both();
  await run('journal', io);
  const well = await run('journal --verify', fakeIo({ env: io.env }));
  expect(well.stdout).toBe(
    [
      '2 records, each follows on the one before it',
      'so it is in 1 journal of colleagues, as kept here',
      `so it is in 2 journals in the team store 127.0.0.1:${server.port} · postgres.${schema}`,
      '',
    ].join('\n'),
  );
  expect(well.code).toBe(0);
  await server.query(
    `UPDATE ${schema}.records SET body = replace(body, 'bob', 'ana') WHERE body LIKE '%"bob"%' AND seq = 1`,
  );
  const ill = await run('journal --verify', fakeIo({ env: io.env }));
  expect(ill.code).toBe(2);
  expect(ill.stdout).toMatch(/^record 1 of \S+, in the team store: it is not as it was written$/m);
  const json = JournalCheck.parse((await run('journal --verify --json', fakeIo({ env: io.env }))).json);
  expect(json.chains.filter(({ broken }) => broken)).toMatchObject([{ place: 'team', broken: { record: 1 } }]);
});

test('while the team’s store is away: 3, with what is known here and how old it is', async () => {
  const io = await both();
  await run('journal', io);
  const elsewhere = { port: 1 };
  const { code, stdout, stderr } = await run('journal', fakeIo({ env: io.env }), elsewhere);
  expect(code).toBe(3);
  expect(stdout).toContain('bob@laptop');
  expect(stderr).toMatch(
    /team store 127.0.0.1:1 .*not reached since .*connection refused.*; what colleagues did is as of /,
  );
  const check = await run('journal --verify', fakeIo({ env: io.env }), elsewhere);
  expect(check.code).toBe(3);
  expect(check.stdout).toMatch(/could not be asked: connection refused\n$/);
});

test('doctor says how it stands with it, and what an administrator has to run', async () => {
  const well = await run('doctor', fakeIo({ now: Date.now }));
  expect(well.stdout).toMatch(/^● team store: live · 127.0.0.1:\d+ · postgres\.team_\d+\n {4}the journal is shared$/m);
  expect(well.code).toBe(0);
  await server.query(`CREATE ROLE ana_${made} LOGIN PASSWORD '${PASSWORD}'`);
  const poor = { user: `ana_${made}`, schema: 'not_there' };
  const ill = await run('doctor', fakeIo({ now: Date.now }), poor);
  expect(ill.code).toBe(1);
  const [, printed = ''] = /an administrator of that database runs:\n((?: {6}.*\n)+)/.exec(ill.stdout) ?? [];
  await server.query(printed);
  expect((await run('doctor', fakeIo({ now: Date.now }), poor)).code).toBe(0);
  const { findings } = DoctorOutput.parse((await run('doctor --json', fakeIo(), { port: 1 })).json);
  expect(findings.find(({ what }) => what.startsWith('team store: down'))).toMatchObject({ why: 'connection refused' });
});

test('a profile that says two ways to it, or a password, is refused', async () => {
  const io = fakeIo();
  expect((await run('journal', io, { portForward: { namespace: 'x', pod: 'db-0' } })).code).toBe(64);
  expect((await run('journal', io, { password: 'sesame-4711' })).code).toBe(64);
  expect(io.stderr).toContain('give either host or portForward');
  expect(io.stderr).not.toContain('sesame');
});

test('nothing of the password is told or kept', async () => {
  const file = join(tempFolder(), 'password');
  writeFileSync(file, `${PASSWORD}\n`);
  const io = await both();
  for (const line of ['journal', 'journal --verify --json', 'doctor --json']) {
    const told = await run(line, fakeIo({ env: io.env }), { password: { file } });
    expect(told.stdout + told.stderr).not.toContain(PASSWORD);
  }
  const { rows } = await server.query(`SELECT * FROM ${schema}.records, ${schema}.writers`);
  expect(JSON.stringify(rows)).not.toContain(PASSWORD);
});
