import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Server } from '../../src/demo/postgres/server.ts';
import type { TeamState } from '../../src/model/team.ts';
import { checkChains } from '../../src/store/chain.ts';
import { type Journal, openJournal } from '../../src/store/journal.ts';
import { TeamOptions } from '../../src/team/options.ts';
import { openTeamStore } from '../../src/team/postgres.ts';
import { Team } from '../../src/team/team.ts';
import { endingOf, intentOf } from '../helpers/deeds.ts';
import { freePort, PASSWORD, postgresServers, type Servers } from '../helpers/postgres-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'qd-team-'));
let servers: Servers;
let server: Server;
let schema: string;
let made = 0;
/** What the running test has opened. */
const opened: (() => Promise<void>)[] = [];

beforeAll(async () => {
  process.env.QD_TEAM_TEST_PASSWORD = PASSWORD;
  servers = await postgresServers();
  server = await servers.start({ maxConnections: 40 });
}, 60_000);
afterAll(async () => {
  await servers?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  schema = `team_${made++}`;
});
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

interface Operator {
  path: string;
  journal: Journal;
  team: Team;
  leave(): Promise<void>;
}

/** One who has a store of their own, and the team's. */
function operator(
  name: string,
  { port = server.port, path = join(folder, `${made++}-${name}.sqlite`) } = {},
): Operator {
  const options = TeamOptions.parse({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: { env: 'QD_TEAM_TEST_PASSWORD' },
    database: 'postgres',
    schema,
  });
  const journal = openJournal(path, () => team.hurry());
  const team: Team = new Team({
    local: journal.chains,
    on: 'db',
    open: signal => openTeamStore(options, signal),
    everyMs: 200,
    retryLimitMs: 200,
  });
  let left = false;
  const leave = async () => {
    if (left) return;
    left = true;
    await team.close();
    journal.close();
  };
  opened.push(leave);
  return { path, journal, team, leave };
}

const words = ({ journal }: Operator) =>
  journal
    .team()
    .map(
      ({ intent, ending, own }) =>
        `${intent.operator} ${intent.target.name} ${ending?.outcome ?? 'open'} ${own ? 'own' : 'theirs'}`,
    );
const reached = (of: Operator, phase: TeamState['phase']) =>
  vi.waitFor(() => expect(of.team.state.phase).toBe(phase), 15_000);
const shows = (of: Operator, lines: string[]) => vi.waitFor(() => expect(words(of)).toEqual(lines), 15_000);
const does = ({ journal }: Operator, name: string, at = 1_000) => {
  const intent = intentOf({ operator: name, at });
  journal.begin(intent);
  return intent.id;
};
const tables = async () => (await server.query(`SELECT writer, seq, body FROM ${schema}.records`)).rows;

describe('what one does, the others see', () => {
  it('its beginning and its end, from both sides', async () => {
    const [ana, bob] = [operator('ana'), operator('bob')];
    const deed = does(ana, 'ana');
    await shows(bob, ['ana web open theirs']);
    ana.journal.end(endingOf(deed));
    does(bob, 'bob', 2_000);
    await shows(bob, ['ana web done theirs', 'bob web open own']);
    await shows(ana, ['ana web done own', 'bob web open theirs']);
    expect(bob.journal.deeds().map(({ intent }) => intent.operator)).toEqual(['bob']);
  });

  it('what is kept beside deeds, printable', async () => {
    const [ana, bob] = [operator('ana'), operator('bob')];
    ana.journal.keep('checklist', { id: 'r', at: 1, step: 'end', verdict: '\u001b[31m' as 'pass' });
    bob.journal.keep('checklist', { id: 's', at: 2, step: 'end', verdict: 'warn' });
    const wanted = [{ id: 'r', at: 1, step: 'end', verdict: '␛[31m' }];
    await vi.waitFor(() => expect(bob.journal.keptByOthers('checklist')).toEqual(wanted), 15_000);
    expect(bob.journal.keptByOthers('checklist', { since: 2 })).toEqual([]);
    expect(bob.journal.keptByOthers('checklist', { id: 'r' })).toEqual(wanted);
    expect(bob.journal.keptByOthers('batch')).toEqual([]);
  });

  it('also what was done before the team had a store, however much', async () => {
    const ana = operator('ana', { port: await freePort() });
    for (let n = 0; n < 130; n++) does(ana, 'ana', n);
    await ana.leave();
    const [again, bob] = [operator('ana', { path: ana.path }), operator('bob')];
    await vi.waitFor(() => expect(bob.journal.team()).toHaveLength(130), 15_000);
    expect(again.team.state.forks).toEqual([]);
  });

  it('also when the program ends at once', async () => {
    const ana = operator('ana');
    await reached(ana, 'live');
    does(ana, 'ana');
    await ana.leave();
    expect(await tables()).toHaveLength(1);
  });

  it('two programs of one operator hand one journal on', async () => {
    const one = operator('ana');
    const other = operator('ana', { path: one.path });
    for (let n = 0; n < 20; n++) does(n % 2 ? one : other, 'ana', n);
    const bob = operator('bob');
    await vi.waitFor(() => expect(bob.journal.team()).toHaveLength(20), 15_000);
    expect(await bob.journal.chains.heads()).toHaveLength(1);
    expect([one, other].flatMap(({ team }) => team.state.forks)).toEqual([]);
  });
});

describe('the team’s store is away', () => {
  it('at the start: one works on, what was seen is there with its age, and all comes when it is back', async () => {
    const port = await freePort();
    const ana = operator('ana', { port });
    await reached(ana, 'down');
    does(ana, 'ana');
    expect(words(ana)).toEqual(['ana web open own']);
    expect(ana.team.state).toMatchObject({ asOf: null, trouble: { on: 'db', why: 'connection refused' } });
    const late = await servers.start({ port });
    await reached(ana, 'live');
    await vi.waitFor(async () => {
      expect((await late.query(`SELECT 1 FROM ${schema}.records`)).rowCount).toBe(1);
    }, 15_000);
    await ana.leave();
    await late.stop();
    const again = operator('ana', { port, path: ana.path });
    await reached(again, 'down');
    expect(again.team.state.asOf).toEqual(expect.any(Number));
  });

  it.each(['stopped', 'frozen'])('in the middle, %s: both go on, and meet again', async how => {
    const port = await freePort();
    const shared = await servers.start({ port });
    const [ana, bob] = [operator('ana', { port }), operator('bob', { port })];
    does(ana, 'ana', 1_000);
    await shows(bob, ['ana web open theirs']);
    if (how === 'stopped') await shared.stop();
    else await shared.freeze();
    await Promise.all([reached(ana, 'down'), reached(bob, 'down')]);
    does(ana, 'ana', 2_000);
    does(bob, 'bob', 3_000);
    expect(words(bob)).toEqual(['ana web open theirs', 'bob web open own']);
    expect(bob.team.state.asOf).toEqual(expect.any(Number));
    if (how === 'stopped') await shared.start();
    else shared.thaw();
    const both = ['ana web open', 'ana web open', 'bob web open'];
    for (const one of [ana, bob]) {
      await vi.waitFor(() => {
        expect(words(one).map(line => line.replace(/ \w+$/, ''))).toEqual(both);
        expect(one.team.state).toMatchObject({ phase: 'live', trouble: null, forks: [] });
      }, 15_000);
    }
    await Promise.all([ana.leave(), bob.leave()]);
    await shared.stop();
  });

  it('is closed within a moment all the same', async () => {
    const ana = operator('ana', { port: await freePort() });
    does(ana, 'ana');
    await ana.leave();
    expect(ana.team.state.phase).not.toBe('live');
  });
});

describe('a store was set back', () => {
  it('the team’s to nothing: it is filled again, also with the journal of who is not there', async () => {
    const [ana, bob] = [operator('ana'), operator('bob')];
    does(ana, 'ana');
    await shows(bob, ['ana web open theirs']);
    await ana.leave();
    await server.query(`DROP SCHEMA ${schema} CASCADE`);
    const carol = operator('carol');
    await shows(carol, ['ana web open theirs']);
    expect(bob.team.state.forks).toEqual([]);
  });

  it('one’s own to yesterday’s: it goes on under another name, and nothing is lost or told twice', async () => {
    const ana = operator('ana');
    does(ana, 'ana', 1_000);
    await ana.leave();
    const backup = `${ana.path}.backup`;
    copyFileSync(ana.path, backup);
    const again = operator('ana', { path: ana.path });
    does(again, 'ana', 2_000);
    await again.leave();
    expect(await tables()).toHaveLength(2);

    rmSync(ana.path);
    copyFileSync(backup, ana.path);
    const restored = operator('ana', { path: ana.path });
    const bob = operator('bob');
    does(restored, 'ana', 3_000);
    await shows(bob, ['ana web open theirs', 'ana web open theirs', 'ana web open theirs']);
    await shows(restored, ['ana web open own', 'ana web open theirs', 'ana web open own']);
    expect(restored.journal.verify()).toEqual({ records: 2, broken: null });
    expect(await restored.journal.chains.heads()).toHaveLength(2);
    expect(restored.journal.chains.contradictions()).toEqual([]);
  });

  it('one’s own was removed: a new journal begins, the old one is a colleague’s', async () => {
    const ana = operator('ana');
    does(ana, 'ana', 1_000);
    await vi.waitFor(async () => expect(await tables()).toHaveLength(1), 15_000);
    await ana.leave();
    const anew = operator('ana');
    does(anew, 'ana', 2_000);
    await shows(anew, ['ana web open theirs', 'ana web open own']);
  });

  it('was copied to another machine: the two go on apart', async () => {
    const ana = operator('ana');
    does(ana, 'ana', 1_000);
    await ana.leave();
    const copy = join(folder, `${made++}-copy.sqlite`);
    copyFileSync(ana.path, copy);
    const [here, there] = [operator('ana', { path: ana.path }), operator('ana', { path: copy })];
    does(here, 'ana', 2_000);
    does(there, 'ana', 3_000);
    const bob = operator('bob');
    await vi.waitFor(
      () => expect(bob.journal.team().map(({ intent }) => intent.at)).toEqual([1_000, 2_000, 3_000]),
      15_000,
    );
    expect(await checkChains(bob.journal.chains)).toMatchObject([{ broken: null }, { broken: null }]);
    expect(bob.team.state.forks).toEqual([]);
  });
});

describe('somebody has changed the team’s store', () => {
  it('a record made anew with all that follow: told by whoever had seen the first one, and not taken in', async () => {
    const [ana, bob] = [operator('ana'), operator('bob')];
    does(ana, 'ana');
    await shows(bob, ['ana web open theirs']);
    await ana.leave();
    // Who forges knows how hashes are made.
    const forger = openJournal(join(folder, `${made++}-forger.sqlite`));
    forger.begin(intentOf({ operator: 'nobody' }));
    const [forged] = await forger.chains.after(forger.chains.own().id, 0);
    await server.query(`UPDATE ${schema}.records SET body = $1, hash = $2, id = $3`, [
      forged?.body,
      forged?.hash,
      forged?.id,
    ]);
    forger.close();
    await vi.waitFor(
      () => expect(bob.team.state.forks).toEqual([expect.stringMatching(/, record 1: another one/)]),
      15_000,
    );
    expect(words(bob)).toEqual(['ana web open theirs']);
  });

  it('a text that would drive the terminal is shown as what it is, and what is no deed is passed over', async () => {
    const [ana, bob] = [operator('ana'), operator('bob')];
    ana.journal.begin(intentOf({ operator: 'ana\u001b[2J', command: 'rm\u202e -rf' }));
    ana.journal.begin({ id: 'odd', at: 5 } as never);
    await vi.waitFor(() => expect(bob.journal.team()).toHaveLength(1), 15_000);
    const [deed] = bob.journal.team();
    expect(`${deed?.intent.operator} ${deed?.intent.command}`).toBe('ana␛[2J rm\\u202e -rf');
  });

  it('a deed told differently in two journals of one writer is found', async () => {
    const ana = operator('ana');
    does(ana, 'ana');
    await vi.waitFor(async () => expect(await tables()).toHaveLength(1), 15_000);
    await ana.leave();
    const database = new DatabaseSync(ana.path);
    const row = database.prepare('SELECT * FROM journal').get();
    database.close();
    const forger = openJournal(join(folder, `${made++}-forger.sqlite`));
    forger.begin({ ...JSON.parse(String(row?.body)), operator: 'nobody' });
    const [forged] = await forger.chains.after(forger.chains.own().id, 0);
    forger.close();
    await server.query(`UPDATE ${schema}.records SET body = $1, hash = $2`, [forged?.body, forged?.hash]);
    const again = operator('ana', { path: ana.path });
    await vi.waitFor(() => expect(again.journal.chains.contradictions()).toMatchObject([{ record: 1 }]), 15_000);
  });
});
