import { expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { TeamState } from '../../src/model/team.ts';
import { journalDoc } from '../../src/screen/journal-doc.ts';
import { openJournal } from '../../src/store/journal.ts';
import { intentOf } from '../helpers/deeds.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';

const NOW = Date.UTC(2026, 10, 23, 14, 3);
const live: TeamState = { on: 'db', phase: 'live', since: NOW, asOf: NOW, trouble: null, sql: [], forks: [] };

it('shows what everybody did, newest first, and from which machine', async () => {
  const [journal, colleague] = [openJournal(':memory:'), openJournal(':memory:')];
  journal.begin(intentOf({ operator: 'bob', at: NOW, process: { pid: 1, host: 'laptop' } }));
  colleague.begin(intentOf({ at: NOW - 60_000 }));
  const writer = colleague.chains.own();
  await journal.chains.add(writer, await colleague.chains.after(writer.id, 0));
  const { lines } = journalDoc(gatewayFor(new Fleet(), { journal: () => journal, team: () => live }), () => {});
  expect(lines().map(({ text }) => text)).toEqual([
    expect.stringMatching(/ {2}bob@laptop {2}scale web 3 → 5$/),
    expect.stringContaining('not ended'),
    expect.stringContaining('kubectl'),
    expect.stringMatching(/ {2}ana@bastion {2}scale web 3 → 5$/),
    expect.stringContaining('not ended'),
    expect.stringContaining('kubectl'),
  ]);
});

it('says above it whether that is all', () => {
  let team: TeamState = {
    ...live,
    phase: 'down',
    trouble: { what: '', on: 'db', why: 'connection refused', fix: null },
  };
  const { lines } = journalDoc(gatewayFor(new Fleet(), { team: () => team }), () => {});
  expect(lines()[0]).toEqual({
    text: 'team store db: not reached since Mon 23 Nov 14:03:00 (connection refused); what colleagues did is as of Mon 23 Nov 14:03:00',
    tone: 'warn',
  });
  team = { ...team, asOf: null };
  expect(lines()[0]?.text).toMatch(/; it was never reached from here$/);
  team = { ...live, forks: ['journal of ana@bastion, record 3: another one is there already'] };
  expect(lines()[0]).toMatchObject({ text: expect.stringContaining('record 3'), tone: 'bad' });
});
