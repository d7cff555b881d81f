import { beforeEach, expect, it, vi } from 'vitest';
import type { Consent } from '../../src/actions/proposal.ts';
import { restart } from '../../src/actions/verbs/restart.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Client } from '../../src/sources/client.ts';
import type { Source } from '../../src/sources/source.ts';
import { closedJournal } from '../../src/store/closed-journal.ts';
import { openJournal } from '../../src/store/journal.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import { workload } from '../helpers/nouns.ts';

// When the intent cannot be kept nothing is written, unless that is asked for with a reason.

const full = closedJournal({ what: 'write the journal', on: '/state', why: 'the disk is full', fix: null });
const NEVER = new AbortController().signal;
let fleet: Fleet;
let sent: number;

beforeEach(() => {
  sent = 0;
  fleet = new Fleet();
  const object = {
    metadata: { uid: 'u', generation: 1 },
    spec: { replicas: 1 },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
  };
  const client: Client = { target: 'prod', identity: null, get: async () => object, send: async () => ++sent };
  const source: Source = {
    name: 'prod',
    kind: 'kubernetes',
    requests: 0,
    start: sink => {
      sink.state({ phase: 'live', proof: true });
      sink.put([{ ...workload('web'), uid: 'u' }]);
    },
    stop: async () => {},
    client: () => client,
    pathOf: () => '/x',
  };
  fleet.watch(source);
  fleet.flush();
});

async function act(options: Parameters<typeof gatewayFor>[1], consent: Partial<Consent> = {}) {
  const gateway = gatewayFor(fleet, { waits: { everyMs: 1 }, ...options });
  const [web] = fleet.named('workload', 'web');
  if (!web) throw new Error('no web');
  const proposal = await gateway.prepare(restart, web, {}, NEVER);
  return { proposal, action: await gateway.carryOut(proposal, { yes: true, ...consent }, NEVER) };
}

it('nothing is written when the intent cannot be kept', async () => {
  const { action } = await act({ journal: () => full });
  expect(action).toMatchObject({ outcome: 'refused', words: expect.stringContaining('the disk is full') });
  expect(action.words).toContain('start with --no-journal, and give a reason');
  expect(sent).toBe(0);
});

it('it is written all the same where that is asked for, with a reason', async () => {
  const without = await act({ journal: () => full, noJournal: true });
  expect(without.proposal.needs).toMatchObject({
    reason: true,
    unrecorded: expect.stringContaining('the disk is full'),
  });
  expect(without.action).toMatchObject({ outcome: 'refused', words: 'a reason must be given' });
  expect(sent).toBe(0);
  const { action } = await act({ journal: () => full, noJournal: true }, { reason: 'the node burns' });
  expect(action).toMatchObject({
    outcome: 'done',
    recorded: false,
    words: expect.stringMatching(/; not recorded \(the node burns\)$/),
  });
  expect(sent).toBe(1);
});

it('where the journal can be written it is, asked for or not', async () => {
  const journal = openJournal(':memory:');
  const { proposal, action } = await act({ journal: () => journal, noJournal: true });
  expect(proposal.needs).toMatchObject({ reason: false, unrecorded: null });
  expect(action).toMatchObject({ outcome: 'done', recorded: true });
  expect(journal.deeds()).toHaveLength(1);
});

it('a journal that fails at the moment of writing is told of in the next dialog', async () => {
  const journal = { ...openJournal(':memory:'), begin: vi.fn(full.begin) };
  const gateway = gatewayFor(fleet, { waits: { everyMs: 1 }, journal: () => journal, noJournal: true });
  const [web] = fleet.named('workload', 'web');
  if (!web) throw new Error('no web');
  const first = await gateway.carryOut(await gateway.prepare(restart, web, {}, NEVER), { yes: true }, NEVER);
  expect(first).toMatchObject({
    outcome: 'refused',
    words: expect.stringMatching(/To do it all the same, give a reason$/),
  });
  expect((await gateway.prepare(restart, web, {}, NEVER)).needs.unrecorded).toContain('the disk is full');
  expect(sent).toBe(0);
});
