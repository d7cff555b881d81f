import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Server } from '../../src/demo/postgres/server.ts';
import { checkChains } from '../../src/store/chain.ts';
import { openJournal } from '../../src/store/journal.ts';
import { TeamOptions } from '../../src/team/options.ts';
import { openTeamStore } from '../../src/team/postgres.ts';
import { share } from '../../src/team/share.ts';
import { PASSWORD, postgresServers, type Servers } from '../helpers/postgres-server.ts';

const DEEDS = 60;
const folder = mkdtempSync(join(tmpdir(), 'qd-team-'));
let servers: Servers;
let server: Server;
beforeAll(async () => {
  process.env.QD_TEAM_TEST_PASSWORD = PASSWORD;
  servers = await postgresServers();
  server = await servers.start();
}, 60_000);
afterAll(async () => {
  await servers?.close();
  rmSync(folder, { recursive: true, force: true });
});

const optionsFor = (schema: string) => ({
  ...{ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres', schema },
  password: { env: 'QD_TEAM_TEST_PASSWORD' },
});

function program(store: string, schema: string, name: string) {
  const args = [join(import.meta.dirname, 'a-program.ts'), store, JSON.stringify(optionsFor(schema)), name, `${DEEDS}`];
  return execa(process.execPath, args, { reject: false });
}

it('two programs on one store and one on another, at once: three journals’ worth of records in two whole chains', async () => {
  const [ana, bob] = [join(folder, 'ana.sqlite'), join(folder, 'bob.sqlite')];
  const ended = await Promise.all([
    program(ana, 'shared', 'ana'),
    program(ana, 'shared', 'ana'),
    program(bob, 'shared', 'bob'),
  ]);
  expect(ended.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
    Array(3).fill({ exitCode: 0, stderr: '' }),
  );
  const store = await openTeamStore(TeamOptions.parse(optionsFor('shared')), AbortSignal.timeout(10_000));
  const checked = await checkChains(store);
  expect(checked.map(({ broken }) => broken)).toEqual([null, null]);
  expect(checked.map(({ records }) => records).sort((a, b) => a - b)).toEqual([2 * DEEDS, 4 * DEEDS]);
  store.close();
}, 60_000);

it('one that is killed in the middle has lost nothing that it had kept, for the team neither', async () => {
  const path = join(folder, 'killed.sqlite');
  const killed = program(path, 'killed', 'ana');
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  const begun = (await killed).stdout.trim().split('\n').filter(Boolean);
  const journal = openJournal(path);
  expect(journal.verify().broken).toBeNull();
  const options = TeamOptions.parse(optionsFor('killed'));
  const team = share(journal, options);
  await vi.waitFor(() => expect(team.state.phase).toBe('live'), 15_000);
  const { rows } = await server.query<{ id: string }>(
    "SELECT id FROM killed.records WHERE phase = 'intent' ORDER BY seq",
  );
  expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(begun));
  expect(team.state.forks).toEqual([]);
  await team.close();
  journal.close();
}, 60_000);
