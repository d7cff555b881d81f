import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { DemoPlatform } from '../../src/demo/platform.ts';
import { storePath } from '../../src/profile/folders.ts';
import { openJournal } from '../../src/store/journal.ts';
import { embedded, optionsOf } from '../contract/embedded.ts';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// An operator's connection is lost in the middle of a write.

const home = temporaryHome();
const folder = mkdtempSync(join(tmpdir(), 'qd-lost-'));
const profile = join(folder, 'lost.yaml');
let platform: DemoPlatform;
let program: PtyProgram;

beforeAll(async () => {
  platform = await embedded({ scenario: 'still' });
  const sources = { kubernetes: optionsOf(platform, 'kubernetes') };
  writeFileSync(profile, stringify({ name: 'lost', namespace: 'saasodoo', sources }));
});
afterEach(() => program.close());
afterAll(async () => {
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

it('what was under way is followed to its end by a child, and the journal says so', async () => {
  program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--profile', profile], { env: home });
  await program.shows(/workloads · \d+ pods/);
  program.type('/name=user-service\r');
  await program.lacks('billing-service');
  program.type('r');
  await program.shows('y do it');
  await program.read();
  program.type('y');
  await program.shows(/restart user-service: .* …/);
  program.signal('SIGHUP');
  expect(await program.ended()).toMatchObject({ code: 129 });

  const journal = openJournal(storePath('lost', home));
  const outcome = () => journal.deeds().map(({ intent, ending }) => [intent.verb, ending?.outcome, ending?.checked]);
  await expect.poll(outcome, { timeout: 30_000 }).toEqual([['restart', 'done', true]]);
  expect(journal.verify()).toMatchObject({ records: 2, broken: null });
  journal.close();
}, 90_000);

it('of several no other begins; the next start says what was done, and goes on with the rest', async () => {
  const start = async () => {
    program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--profile', profile], { env: home });
    await program.shows(/workloads · \d+ pods/);
  };
  await start();
  program.type('/name=user-service|billing-service|frontend-service\r');
  await program.lacks('database-service');
  await program.shows('user-service');
  program.type('g   r');
  await program.shows('Restart 3 workloads');
  await program.shows('y do it');
  await program.read();
  program.type('y');
  await program.shows(/restart \S+: .* … · 2 more wait/);
  program.type('F');
  await program.shows(/Under way[\s\S]*Actions[\s\S]*Waiting[\s\S]*restart \S+[\s\S]*restart \S+/);
  program.signal('SIGKILL');
  await program.ended();

  await start();
  await program.shows(
    /restart cut off at [\d:]+: 0 of 3 done, 1 unknown, checked now: done, 2 not begun: J offers to go on/,
    30_000,
  );
  program.type('J');
  await program.shows(/Enter here goes on: \S+, \S+/);
  program.type('j\r');
  await program.shows('Restart 2 workloads');
  await program.shows('y do it');
  await program.read();
  program.type('y');
  const journal = openJournal(storePath('lost', home));
  const outcomes = () =>
    journal
      .deeds()
      .slice(-3)
      .map(({ intent, ending }) => [intent.verb, ending?.outcome, ending?.checked]);
  await expect.poll(outcomes, { timeout: 60_000 }).toEqual([
    ['restart', 'done', true],
    ['restart', 'done', false],
    ['restart', 'done', false],
  ]);
  expect(
    new Set(
      journal
        .deeds()
        .slice(-3)
        .map(({ intent }) => intent.target.id),
    ).size,
  ).toBe(3);
  await program.lacks('Enter here goes on');
  expect(journal.verify().broken).toBeNull();
  journal.close();
}, 180_000);
