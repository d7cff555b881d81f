import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { meanwhile } from '../../src/actions/meanwhile.ts';
import { lastUndoable } from '../../src/actions/undo.ts';
import type { Intent } from '../../src/model/deed.ts';
import type { Workload } from '../../src/model/entity.ts';
import { type Journal, openJournal } from '../../src/store/journal.ts';
import { endingOf, intentOf } from '../helpers/deeds.ts';
import { workload } from '../helpers/nouns.ts';

const NOW = Date.UTC(2026, 10, 23, 14, 3);
const web: Workload = { ...workload('web'), id: 'prod/x/deployment/web', uid: 'u', health: 'ok', reason: null };
let journal: Journal;
let colleague: Journal;
beforeEach(() => {
  journal = openJournal(':memory:');
  colleague = openJournal(':memory:');
});
afterEach(() => {
  journal.close();
  colleague.close();
});

/** What a colleague's program does, and ours has heard of. */
async function theirs(more: Partial<Intent> = {}, ended = false): Promise<void> {
  const intent = intentOf({ at: NOW - 60_000, ...more });
  colleague.begin(intent);
  if (ended) colleague.end(endingOf(intent.id));
  const writer = colleague.chains.own();
  await journal.chains.add(writer, await colleague.chains.after(writer.id, 0));
}
const told = (noun = web) => meanwhile(journal, noun, null, NOW);

it('tells what a colleague has begun on the same target', async () => {
  await theirs();
  expect(told()).toEqual(['ana@bastion has begun scale of it at 14:02:00: not ended, as far as is known']);
});

it('knows the target also where a colleague calls its source otherwise', async () => {
  await theirs({ target: { ...intentOf().target, id: 'other/x/deployment/web' } });
  expect(told()).toHaveLength(1);
  expect(told({ ...web, uid: 'v' })).toEqual([]);
});

it('tells nothing of what has ended, is older than a day, or is on something else', async () => {
  await theirs({}, true);
  await theirs({ at: NOW - 25 * 3_600_000 });
  await theirs({ target: { ...intentOf().target, id: 'prod/x/deployment/db', uid: 'w' } });
  expect(told()).toEqual([]);
});

it('tells of another program of the same operator, and not of this one', () => {
  journal.begin(intentOf({ at: NOW, process: { pid: process.pid, host: hostname() } }));
  expect(told()).toEqual([]);
  journal.begin(intentOf({ at: NOW, process: { pid: process.pid + 1, host: hostname() } }));
  expect(told()).toHaveLength(1);
});

it('says how old that may be while the team’s store is away', async () => {
  await theirs();
  const trouble = { what: 'share the journal', on: 'db', why: 'connection refused', fix: null };
  const away = { on: 'db', phase: 'down', since: NOW, asOf: NOW - 30_000, trouble, sql: [], forks: [] } as const;
  expect(meanwhile(journal, web, away, NOW)[0]).toMatch(
    /; team store db: not reached since .*14:03:00 \(connection refused\); what colleagues did is as of .*14:02:30$/,
  );
});

it('only what the operator did is taken back by them', async () => {
  const own = intentOf({ operator: 'bob', at: NOW - 5_000 });
  journal.begin(own);
  journal.end(endingOf(own.id));
  // On the same login, and in another journal.
  const other = intentOf({ operator: 'ana', at: NOW - 4_000 });
  journal.begin(other);
  journal.end(endingOf(other.id));
  await theirs({ operator: 'bob' }, true);
  expect(lastUndoable(journal, 'bob', NOW)?.intent.id).toBe(own.id);
  expect(lastUndoable(journal, 'carol', NOW)).toBeNull();
});
