import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { carryOutAll } from '../../src/actions/batch.ts';
import { closeCutOff, watchUnseen } from '../../src/actions/cut-off.ts';
import { draftText } from '../../src/actions/draft-text.ts';
import type { Proposal } from '../../src/actions/proposal.ts';
import { intentOf } from '../../src/actions/record.ts';
import type { Deed, Input } from '../../src/model/deed.ts';
import type { Noun } from '../../src/model/entity.ts';
import { type Journal, openJournal } from '../../src/store/journal.ts';
import { consentTo, OnDemo } from './on-demo.ts';

// What nobody has seen to its end: the system itself says what became of it.

const WHO = { operator: 'tester', sshClient: null, demo: true };
const DEAD = { pid: spawnSync('true').pid, host: hostname() };
const NEVER = new AbortController().signal;

let demo: OnDemo;
const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-test-follow-up-'));
beforeAll(async () => {
  demo = await OnDemo.start();
});
afterAll(async () => {
  await demo.close();
  rmSync(folder, { recursive: true });
});

/** A journal of a program that was killed after it had kept this intent. */
function killed({ proposal, at = demo.fleet.now() }: { proposal: Proposal; at?: number }): Journal {
  const journal = openJournal(':memory:');
  journal.begin({ ...intentOf(proposal, consentTo(proposal), WHO, null, at), process: DEAD });
  return journal;
}

async function found(journal: Journal): Promise<[string | undefined, string | undefined]> {
  const [deed] = await closeCutOff(journal, demo.fleet, AbortSignal.timeout(20_000));
  expect(journal.deeds().map(({ ending }) => ending)).toEqual([deed?.ending ?? null]);
  return [deed?.ending?.outcome, deed?.ending?.words];
}

const file = (name: string, text: string): Input => {
  writeFileSync(join(folder, name), text);
  return { file: join(folder, name) };
};
const DEPLOYMENT = 'kubernetes/saasodoo/deployment/user-service';
const SERVICE = 'swarm/service/saasodoo_user-service';
const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: saasodoo }
data: { color: red }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: billing-service, namespace: saasodoo }
spec: { replicas: 4 }
`;

const edited = async (noun: Noun) =>
  file(
    `${noun.source}.yaml`,
    (await draftText(noun, await demo.read(noun))).replace(/^( *)(replicas|Replicas): \d+$/m, '$1$2: 4'),
  );

describe.each<[verb: string, on: string, input: (noun: Noun) => Promise<Input> | Input, words: RegExp]>([
  ['restart', DEPLOYMENT, () => ({}), /: 3 of 3 ready in \d+ s$/],
  ['restart', SERVICE, () => ({}), /: \d of \d run in \d+ s$/],
  ['set-resources', DEPLOYMENT, () => ({ 'cpu-limit': '0.5' }), /: 3 of 3 ready in \d+ s$/],
  ['edit', DEPLOYMENT, edited, /: 4 of 4 ready in \d+ s$/],
  ['edit', SERVICE, edited, /: 4 of 4 run in \d+ s$/],
  [
    'apply',
    'kubernetes/node/vps-1',
    () => ({ ...file('a.yaml', manifest), force: 'yes' }),
    /: all 2 objects in \d+ s$/,
  ],
  ['prune', 'swarm/node/vps-1', () => ({ what: 'all-images' }), /: gone in \d+ s$/],
  ['prune', 'swarm/node/vps-1', () => ({ what: 'containers' }), /: gone in \d+ s$/],
  ['prune', 'swarm/node/vps-1', () => ({ what: 'all-volumes' }), /: gone in \d+ s$/],
  ['delete', 'kubernetes/saasodoo/deployment/frontend-service', () => ({}), /: gone in \d+ s$/],
])('%s of %s, killed', (verb, on, input, words) => {
  it('before it was sent: failed; after: followed to its end', async () => {
    const noun = await demo.noun(on);
    const proposal = await demo.propose(verb, noun, await input(noun));
    expect(await found(killed({ proposal }))).toEqual([
      'failed',
      'cut off; looked at later: the system does not have it',
    ]);
    const journal = killed({ proposal });
    expect(await demo.carryOut(proposal)).toMatchObject({ outcome: 'done' });
    expect(await found(journal)).toEqual(['done', expect.stringMatching(words)]);
  });
});

it('part of it is not taken for all', async () => {
  const node = await demo.noun('kubernetes/node/vps-1');
  const input = file('b.yaml', manifest.replaceAll('settings', 'others').replace('replicas: 4', 'replicas: 5'));
  const proposal = await demo.propose('apply', node, { ...input, force: 'yes' });
  const journal = killed({ proposal });
  await demo.act('apply', node, file('c.yaml', (manifest.split('---')[0] ?? '').replaceAll('settings', 'others')));
  expect(await found(journal)).toEqual(['failed', 'cut off; looked at later: 1 of 2 parts of it took effect']);
});

it('a command that may still go on is not called failed yet', async () => {
  const noun = await demo.noun(DEPLOYMENT);
  const proposal = await demo.propose('restart', noun);
  const plan = { ...proposal.plan, byCommand: true as const };
  expect(await found(killed({ proposal: { ...proposal, plan } }))).toEqual([undefined, undefined]);
  const at = demo.fleet.now() - 3 * 60_000;
  expect(await found(killed({ proposal: { ...proposal, plan }, at }))).toEqual(['failed', expect.any(String)]);
});

it('what was given up as unknown is followed, and the journal says when it is there', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/deployment/instance-service');
  const gateway = demo.gateway({ waits: { everyMs: 1, limitMs: 0 } });
  expect(await demo.act('restart', noun, {}, gateway)).toMatchObject({
    outcome: 'unknown',
    words: expect.stringMatching(/^not there after 0 min: \S+/),
  });
  const told: Deed[] = [];
  const stop = watchUnseen(
    gateway.journal,
    demo.fleet,
    deed => told.push(deed),
    error => expect.fail(String(error)),
  );
  demo.fleet.sink('another', 'host').state({ phase: 'off' });
  await vi.waitFor(() => expect(told).toHaveLength(1), 20_000);
  stop();
  const [deed] = gateway.journal.deeds();
  expect(deed?.ending).toMatchObject({
    outcome: 'done',
    checked: true,
    words: expect.stringMatching(/^looked at later: /),
  });
  expect(gateway.journal.verify()).toMatchObject({ records: 3, broken: null });
});

describe('several at once', () => {
  const names = ['user-service', 'instance-service', 'billing-service'];

  it('those that wait are called off, and the journal says so', async () => {
    const gateway = demo.gateway();
    const proposals: Proposal[] = [];
    for (const name of names) {
      const noun = await demo.noun(`kubernetes/saasodoo/deployment/${name}`);
      proposals.push(await gateway.prepare((await demo.propose('restart', noun)).verb, noun, {}, NEVER, names.length));
    }
    const ended = carryOutAll(gateway, proposals, { yes: true }, { keepGoing: false, signal: NEVER });
    expect(gateway.queues.map(({ waiting }) => waiting.map(({ name }) => name))).toEqual([names.slice(1)]);
    expect(gateway.callOff()).toBe(2);
    expect(gateway.queues).toEqual([]);
    expect((await ended).map(({ outcome }) => outcome)).toEqual(['done']);
    expect(gateway.journal.kept('batch')).toMatchObject([
      { batch: { verb: 'restart', targets: names.map(name => ({ name })) } },
      { ended: 'called off: 2 not begun' },
    ]);
    expect(gateway.cutShort()).toEqual([]);
  });
});
