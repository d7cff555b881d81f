import { afterEach, beforeEach, expect, it } from 'vitest';
import { isAtWork } from '../../src/checklists/records.ts';
import { teamRuns } from '../../src/checklists/team-runs.ts';
import type { RunBegun } from '../../src/model/checklist-run.ts';
import { type Journal, openJournal } from '../../src/store/journal.ts';

let mine: Journal;
let theirs: Journal;
beforeEach(() => {
  mine = openJournal(':memory:');
  theirs = openJournal(':memory:');
});
afterEach(() => {
  mine.close();
  theirs.close();
});

const begun = (id: string, at: number, operator: string): RunBegun => ({
  ...{ step: 'begin', id, at, operator, sshClient: null, process: { pid: 1, host: `${operator}-laptop` } },
  ...{ checklist: 'daily', demo: false, auto: false, items: [{ id: 'disk', title: 'Disk space' }] },
});

async function reached(): Promise<void> {
  const writer = theirs.chains.own();
  await mine.chains.add(writer, await theirs.chains.after(writer.id, 0));
}

it('has the runs of everybody, in the order in which they were begun, and who is at one', async () => {
  theirs.keep('checklist', begun('a', 1, 'ana'));
  theirs.keep('checklist', { step: 'end', id: 'a', at: 2, verdict: 'warn' });
  mine.keep('checklist', begun('b', 3, 'bob'));
  theirs.keep('checklist', begun('c', 4, 'ana'));
  await reached();
  const runs = teamRuns(mine);
  expect(runs.map(({ id, begunBy, end }) => `${id} ${begunBy} ${end?.verdict ?? 'open'}`)).toEqual([
    'a ana warn',
    'b bob open',
    'c ana open',
  ]);
  expect(isAtWork(runs[2]!, 5)).toBe(true);
});

it('one run goes on in the journal of another', async () => {
  theirs.keep('checklist', begun('a', 1, 'ana'));
  theirs.keep('checklist', { step: 'leave', id: 'a', at: 2 });
  await reached();
  const { process } = begun('a', 1, 'bob');
  mine.keep('checklist', { step: 'resume', id: 'a', at: 3, operator: 'bob', sshClient: null, process });
  const decision = { step: 'decision', id: 'a', at: 4, item: 'disk', operator: 'bob', note: null } as const;
  mine.keep('checklist', { ...decision, decision: 'confirmed' });
  expect(teamRuns(mine)).toMatchObject([
    { begunBy: 'ana', worker: { operator: 'bob' }, left: false, items: [{ decision: { operator: 'bob' } }] },
  ]);
});

it('passes over what is no entry', async () => {
  for (const odd of [{ step: 'begin' }, { step: 'item', findings: 'x' }, { step: 'newer' }, {}])
    theirs.keep('checklist', { id: 'a', at: 1, ...odd } as never);
  theirs.keep('checklist', begun('a', 1, 'ana'));
  await reached();
  expect(teamRuns(mine)).toHaveLength(1);
});
