import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Unfit } from '../../src/actions/verb.ts';
import type { Replica } from '../../src/model/entity.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
}, 60_000);
afterAll(() => demo.close());

it('names the budget that keeps a pod from being evicted, already in the rehearsal', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/pod/postgres-0');
  const proposal = await demo.propose('evict', noun);
  const words = expect.stringMatching(
    /disruption budget\. The disruption budget postgres needs 1 healthy pods and has 1/,
  );
  expect(proposal.rehearsal).toEqual({ ok: false, words });
  expect(await demo.carryOut(proposal)).toMatchObject({ outcome: 'refused', words });
  expect(await demo.find(noun)).not.toBeNull();
});

it('does not delete another pod that has got the name', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/pod/redis-0');
  const proposal = await demo.propose('delete-pod', noun);
  await demo.remove(noun);
  await expect.poll(async () => (await demo.noun(noun.id)).uid).not.toBe(noun.uid);
  const other = await demo.noun(noun.id);
  expect(await demo.carryOut(proposal)).toMatchObject({ outcome: 'refused', words: 'redis-0 is another one now' });
  expect(await demo.find(other)).not.toBeNull();
});

it('asks for the name where a pod is to be forgotten at once', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/pod/database-service-');
  const grace = async (text: string) => (await demo.propose('delete-pod', noun, { grace: text })).needs.confirm;
  expect([await grace(''), await grace('3'), await grace('0')]).toEqual(['y', 'y', 'name']);
  await expect(grace('soon')).rejects.toMatchObject({ field: 'grace' });
});

it('says that a pod on a node that does not answer stays until it does', async () => {
  await demo.platform.trigger('node-loss');
  const node = await vi.waitFor(() => {
    const nodes = [...demo.fleet.all('node').values()];
    const lost = nodes.find(({ ready, system }) => ready === false && system === 'kubernetes');
    if (!lost) throw new Error('no node is lost yet');
    return lost;
  });
  const [pod] = demo.fleet.replicasOn(node.id);
  if (!pod) throw new Error('nothing runs on the lost node');
  const { plan } = await demo.propose('delete-pod', pod);
  expect(plan.notes).toContainEqual(`${node.name} does not answer: until it does, the pod ends only with grace 0`);
  expect(await demo.act('delete-pod', pod, { grace: '0' })).toMatchObject({ outcome: 'done' });
});

it('renews a stuck task by its whole service', async () => {
  const noun = (await demo.noun('swarm/task/saasodoo_user-service.1.')) as Replica;
  const { plan } = await demo.propose('restart', noun);
  expect(plan.command).toBe('docker service update --force saasodoo_user-service');
  expect(plan.notes[0]).toBe('a task cannot be replaced alone: its whole service is restarted');
  expect(await demo.act('restart', noun)).toMatchObject({ outcome: 'done' });
  expect(await demo.read(noun)).toMatchObject({ DesiredState: 'shutdown' });
  await expect(demo.propose('delete-pod', noun)).rejects.toThrow(Unfit);
});
