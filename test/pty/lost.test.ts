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
