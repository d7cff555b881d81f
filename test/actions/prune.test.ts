import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Unfit } from '../../src/actions/verb.ts';
import type { Noun } from '../../src/model/entity.ts';
import { WASTES } from '../../src/sources/swarm/waste.ts';
import { answerLost, OnDemo, systemGone } from './on-demo.ts';

let demo: OnDemo;
let manager: Noun;

beforeAll(async () => {
  demo = await OnDemo.start();
  manager = await demo.noun('swarm/node/vps-1');
});
afterAll(() => demo.close());

it('is for engines alone, and for what they keep', async () => {
  await expect(demo.propose('prune', await demo.noun('kubernetes/node/vps-2'))).rejects.toThrow(Unfit);
  await expect(demo.propose('prune', manager, { what: 'everything' })).rejects.toThrow('one of these is wanted');
});

it('asks for the name where data would be lost', async () => {
  const { needs, plan } = await demo.propose('prune', manager, { what: 'all-volumes' });
  expect(needs.confirm).toBe('name');
  expect(plan.notes).toContain('the data in them are lost for ever');
  expect((await demo.propose('prune', manager, { what: 'images' })).needs.confirm).toBe('y');
});

it('does nothing when the system is gone, and claims nothing when no answer came', async () => {
  const proposal = await demo.propose('prune', manager, { what: 'images' });
  expect(await demo.carryOut(systemGone(proposal))).toMatchObject({
    outcome: 'failed',
    words: 'never sent: connection refused',
  });
  const lost = await demo.propose('prune', manager, { what: 'build-cache' });
  expect(await demo.carryOut(answerLost(lost))).toMatchObject({ outcome: 'unknown' });
});

it('removes nothing that was not shown', async () => {
  const proposal = await demo.propose('prune', manager, { what: 'all-volumes' });
  await demo.write('swarm', { method: 'POST', path: '/volumes/create', body: { Name: 'newcomer' } });
  expect(await demo.carryOut(proposal)).toMatchObject({
    outcome: 'refused',
    words: expect.stringMatching(/^it would remove what was not shown: newcomer/),
  });
});

describe('what nothing uses', () => {
  it.each(WASTES.filter(what => what !== 'build-cache'))('%s: shows it, and removes it', async what => {
    if (what === 'networks') {
      await demo.write('swarm', { method: 'POST', path: '/networks/create', body: { Name: 'left-over' } });
    }
    const proposal = await demo.propose('prune', manager, { what }).catch(error => error as Unfit);
    if (proposal instanceof Unfit) return expect(proposal.message).toMatch(/^there is nothing to remove/);
    const [shown] = proposal.plan.changes;
    const count = Number(shown?.from.split(' ')[0]);
    expect(count).toBeGreaterThan(0);
    const { outcome, words } = await demo.carryOut(proposal);
    expect({ outcome, words }).toEqual({
      outcome: 'done',
      words: expect.stringMatching(new RegExp(`^${count} of ${count} ${what} removed`)),
    });
    await expect(demo.propose('prune', manager, { what })).rejects.toThrow('there is nothing to remove');
  });
});
