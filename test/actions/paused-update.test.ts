import { afterAll, beforeAll, expect, it } from 'vitest';
import { OnDemo } from './on-demo.ts';

const CRASHES = 'registry.test/crash:1';
let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
  demo.platform.world.swarm.images.push(CRASHES, { exitCode: 1, afterMs: 1_000, lastLine: 'boom' });
}, 60_000);
afterAll(() => demo.close());

it('continues an update that Swarm has paused, and then has nothing left to roll back to', async () => {
  const noun = await demo.noun('swarm/service/saasodoo_user-service');
  await expect(demo.propose('resume', noun)).rejects.toThrow('it is not paused');
  await expect(demo.propose('pause', noun)).rejects.toThrow('Swarm cannot pause an update');
  expect(await demo.act('set-image', noun, { image: CRASHES })).toMatchObject({
    outcome: 'failed',
    words: expect.stringMatching(/^the update is paused: update paused due to failure or early termination of task/),
  });
  const isPaused = async () => (await demo.noun(noun.id)) as { rollout?: { state: string } };
  await expect.poll(isPaused, { timeout: 20_000 }).toMatchObject({ rollout: { state: 'paused' } });
  const paused = await demo.noun(noun.id);
  const { plan } = await demo.propose('resume', paused);
  expect(plan.command).toBe('docker service update saasodoo_user-service');
  expect(plan.notes).toContainEqual(expect.stringContaining('roll back instead'));
  const gateway = demo.gateway({ waits: { everyMs: 20, limitMs: 30_000 } });
  expect((await demo.act('resume', paused, {}, gateway)).outcome).not.toBe('done');
  await expect(demo.propose('rollback', paused)).rejects.toThrow('the specification that is kept is the one it has');
});
