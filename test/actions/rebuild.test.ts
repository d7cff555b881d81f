import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Gateway } from '../../src/actions/gateway.ts';
import type { Proposal } from '../../src/actions/proposal.ts';
import { at, prove } from '../../src/actions/prove.ts';
import type { Noun } from '../../src/model/entity.ts';
import { consentTo, OnDemo } from './on-demo.ts';

let demo: OnDemo;
let noun: Noun;
let proposal: Proposal;
beforeEach(async () => {
  demo = await OnDemo.start();
  noun = await demo.noun('kubernetes/saasodoo/deployment/user-service');
  proposal = await demo.propose('rebuild', noun);
}, 60_000);
afterEach(() => demo.close());

const replicas = async () => at(await demo.read(noun), ['spec', 'replicas']);
const proven = () => prove(proposal.plan.proofs, proposal.client, AbortSignal.timeout(5_000));

it('has replaced every replica', async () => {
  const before = demo.fleet.replicasOf(noun.id).map(({ uid }) => uid);
  expect(before).toHaveLength(3);
  expect(await proven()).toBe(false);
  expect(await demo.carryOut(proposal)).toMatchObject({
    outcome: 'done',
    words: expect.stringMatching(/^3 of 3 ready/),
  });
  expect(await proven()).toBe(true);
  await expect.poll(() => demo.fleet.replicasOf(noun.id).filter(({ uid }) => before.includes(uid))).toEqual([]);
});

/** Calls back once, when the second step begins. */
function atStepTwo(gateway: Gateway, then: () => void): Gateway {
  const stop = gateway.subscribe(() => {
    if (!gateway.actions.some(({ words }) => words.startsWith('step 2'))) return;
    stop();
    then();
  });
  return gateway;
}

it('says at which step it stopped and how many run when it is broken off', async () => {
  const breaking = new AbortController();
  const gateway = atStepTwo(demo.gateway(), () => breaking.abort());
  const { outcome, words } = await gateway.carryOut(proposal, consentTo(proposal), breaking.signal);
  expect(outcome).toBe('unknown');
  expect(words).toMatch(/^stopped at step 2 of 3: it was broken off; \d of 3 run, and 3 are to run$/);
  expect(await replicas()).toBe(0);
  // What a look at it after a kill would find.
  expect(await proven()).toBe(false);
});

it('leaves it to whoever scaled it meanwhile', async () => {
  const { store } = demo.platform.world.cluster;
  const gateway = atStepTwo(demo.gateway(), () => {
    const now = store.get('deployments', 'saasodoo', 'user-service');
    if (now) store.modify('deployments', now, each => ({ ...each, spec: { ...each.spec, replicas: 1 } }));
  });
  const { outcome, words } = await demo.carryOut(proposal, gateway);
  expect(outcome).toBe('failed');
  expect(words).toMatch(/^stopped at step [23] of 3: .+; \d of 3 run, and 3 are to run$/);
  expect(await replicas()).toBe(1);
});
