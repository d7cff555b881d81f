import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { closeCutOff } from '../../src/actions/cut-off.ts';
import { cutShort, cutShortWords } from '../../src/actions/cut-short.ts';
import { at } from '../../src/actions/prove.ts';
import type { DemoPlatform } from '../../src/demo/platform.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Deed } from '../../src/model/deed.ts';
import { createKubernetes } from '../../src/sources/kubernetes/index.ts';
import { openJournal } from '../../src/store/journal.ts';
import { embedded, optionsOf } from '../contract/embedded.ts';

/** `.ci/run` kills more often. */
const KILLS = Number(process.env.KILLS ?? 4);
/** Within this the child restarts all of them; the moments are spread over it. */
const SPAN_MS = 1_500;
const TARGETS = ['user-service', 'instance-service', 'billing-service', 'database-service', 'frontend-service'].map(
  name => `kubernetes/saasodoo/deployment/${name}`,
);

const folder = mkdtempSync(join(tmpdir(), 'qd-killed-'));
const fleet = new Fleet();
let platform: DemoPlatform;

beforeAll(async () => {
  platform = await embedded({ scenario: 'still', haste: 50 });
  const options = optionsOf(platform, 'kubernetes');
  writeFileSync(join(folder, 'options.json'), JSON.stringify(options));
  fleet.watch(createKubernetes('kubernetes', options));
  await vi.waitFor(() => expect(TARGETS.filter(id => !fleet.get('workload', id))).toEqual([]), 10_000);
});
afterAll(async () => {
  await fleet.stop();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Whether the system holds what the deed was to bring about, asked without the code that is tested. */
async function isThere({ intent }: Deed): Promise<boolean> {
  const [proof] = intent.proofs;
  if (!proof || !('at' in proof)) throw new Error('a restart proves itself by its annotation');
  const object = await fleet.source('kubernetes')?.client?.()?.get(proof.path, AbortSignal.timeout(5_000));
  return at(object, proof.at) === proof.is;
}

it('killed in the middle of several restarts, the journal is whole and says of each what is true', async () => {
  const store = join(folder, 'journal.db');
  const outcomes: string[] = [];
  const seen = new Set<string>();
  let batches = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = execa(
      process.execPath,
      [join(import.meta.dirname, 'bulk-restart.ts'), join(folder, 'options.json'), store, ...TARGETS],
      { reject: false },
    );
    await once(child.stdout, 'data');
    await sleep((SPAN_MS * kill) / KILLS);
    child.kill('SIGKILL');
    await child;

    const journal = openJournal(store);
    await closeCutOff(journal, fleet, AbortSignal.timeout(10_000));
    expect(journal.verify().broken).toBeNull();
    for (const deed of journal.deeds()) {
      if (seen.has(deed.intent.id)) continue;
      seen.add(deed.intent.id);
      const { outcome } = deed.ending ?? {};
      const told = { deed: deed.intent.command, known: outcome !== 'unknown', done: outcome === 'done' };
      // Refused is true as well: then nothing was written.
      expect(told).toEqual({ deed: deed.intent.command, known: true, done: await isThere(deed) });
      outcomes.push(deed.ending?.checked ? 'found later' : 'told by itself');
    }
    // What was not begun is offered to go on with, as long as somebody has not let it be.
    for (const cut of cutShort(journal, Date.now())) {
      batches++;
      expect(cut.batch.targets.map(({ id }) => id)).toEqual(TARGETS);
      expect([...cut.deeds.map(({ intent }) => intent.target.id), ...cut.left.map(({ id }) => id)]).toEqual(TARGETS);
      expect(cutShortWords(cut)).toMatch(/^restart cut off at \d\d:\d\d:\d\d: \d of 5 done/);
      journal.keep('batch', { id: cut.batch.id, at: Date.now(), ended: 'let be' });
    }
    expect(cutShort(journal, Date.now())).toEqual([]);
    journal.close();
  }
  // Else no moment was in the middle of anything.
  expect(outcomes).toContain('found later');
  expect(outcomes).toContain('told by itself');
  expect(batches).toBeGreaterThan(0);
}, 300_000);
