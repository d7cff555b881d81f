import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { at } from '../../src/actions/prove.ts';
import type { Noun } from '../../src/model/entity.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
}, 60_000);
afterAll(() => demo.close());

const IMAGE = ['spec', 'template', 'spec', 'containers', '0', 'image'];

/** As somebody else does it. */
async function setImage(noun: Noun, image: string): Promise<void> {
  const type = 'application/strategic-merge-patch+json';
  const body = { spec: { template: { spec: { containers: [{ name: noun.name, image }] } } } };
  await demo.write('kubernetes', { method: 'PATCH', path: demo.pathOf(noun), type, body });
}

it('shows what would differ, and which revisions there are', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/deployment/billing-service');
  await setImage(noun, 'postgres:18-alpine');
  const { plan } = await vi.waitFor(async () => {
    const proposal = await demo.propose('rollback', noun);
    expect(proposal.plan.changes).not.toEqual([]);
    return proposal;
  });
  expect(plan.changes).toEqual([
    {
      what: 'spec.containers.billing-service.image',
      from: 'postgres:18-alpine',
      to: expect.stringMatching(/compose-billing-service:/),
    },
  ]);
  const revisions = plan.notes.filter(note => note.startsWith('revision'));
  expect(revisions[0]).toMatch(/^revision \d+ · \S+ · postgres:18-alpine · now$/);
  expect(revisions.slice(1)).toContainEqual(expect.stringMatching(/^revision \d+ · .+:2026\.10$/));
});

it('returns a StatefulSet to a revision that is named', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/statefulset/redis');
  await expect(demo.propose('rollback', noun)).rejects.toThrow('there is no earlier revision of it');
  const former = at(await demo.read(noun), IMAGE);
  await setImage(noun, 'postgres:18-alpine');
  await expect.poll(() => demo.propose('rollback', noun).then(({ plan }) => plan.command)).toMatch(/--to-revision=1$/);
  for (const [revision, why] of [
    ['7', 'there is no revision 7: 2, 1 are kept'],
    ['2', '2 is what it has now: 2, 1 are kept'],
  ] as const) {
    await expect(demo.propose('rollback', noun, { revision })).rejects.toMatchObject({
      field: 'revision',
      message: why,
    });
  }
  const gateway = demo.gateway();
  expect(await demo.act('rollback', noun, { revision: '1' }, gateway)).toMatchObject({ outcome: 'done' });
  expect(at(await demo.read(noun), IMAGE)).toBe(former);
  expect(await demo.undo(gateway)).toMatchObject({ outcome: 'done' });
  expect(at(await demo.read(noun), IMAGE)).toBe('postgres:18-alpine');
});

it('is refused while the rollout is paused', async () => {
  const noun = await demo.noun('kubernetes/saasodoo/deployment/database-service');
  const type = 'application/merge-patch+json';
  await demo.write('kubernetes', { method: 'PATCH', path: demo.pathOf(noun), type, body: { spec: { paused: true } } });
  await expect(demo.propose('rollback', noun)).rejects.toThrow('its rollout is paused: resume it first');
});

it('says that no earlier specification of a service is kept', async () => {
  const noun = await demo.noun('swarm/service/saasodoo_redis');
  await expect(demo.propose('rollback', noun)).rejects.toThrow('no earlier specification of it is kept');
});
