import { afterAll, beforeAll, expect, it } from 'vitest';
import { Refusal } from '../../src/sources/client.ts';
import { typist } from '../helpers/typist.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
});
afterAll(() => demo.close());

const SERVICE = 'kubernetes/saasodoo/deployment/user-service';

const podOf = (command: string) => `/api/v1/namespaces/saasodoo/pods/${/run (debug-\w+)/.exec(command)?.[1]}`;
const isGone = (path: string) =>
  demo.get('kubernetes', path).then(
    pod => Boolean((pod as { metadata: { deletionTimestamp?: string } }).metadata.deletionTimestamp),
    error => error instanceof Refusal && error.status === 404,
  );

it('makes a pod, gives its shell the terminal, and removes it', async () => {
  const console = typist('stty size\rhostname\rexit 3\r');
  const gateway = demo.gateway({ console });
  const proposal = await demo.propose('debug', await demo.noun(SERVICE), {}, gateway);
  const { command } = proposal.plan;
  expect(command).toMatch(
    /^kubectl -n saasodoo run debug-\w+ --rm -it --restart=Never --image=busybox:1\.36 --command -- sh$/,
  );
  expect(await isGone(podOf(command))).toBe(true);
  const action = await demo.carryOut(proposal, gateway);
  expect(action).toMatchObject({ outcome: 'done', exitCode: 3, words: expect.stringContaining('the pod is removed') });
  expect(console.printed).toMatch(/22 77[\s\S]*debug-\w+/);
  await expect.poll(() => isGone(podOf(command))).toBe(true);
});

it('says that an image cannot be had, and leaves no pod behind', async () => {
  const gateway = demo.gateway({ console: typist('') });
  const proposal = await demo.propose('debug', await demo.noun(SERVICE), { image: 'nobody/pushed:it' }, gateway);
  const words = expect.stringMatching(/ErrImagePull.*not found.*; the pod is removed/);
  expect(await demo.carryOut(proposal, gateway)).toMatchObject({ outcome: 'failed', words });
  await expect.poll(() => isGone(podOf(proposal.plan.command))).toBe(true);
});

it('removes its pod when the program ends', async () => {
  const console = typist('sleep 100000\r');
  const gateway = demo.gateway({ console });
  const proposal = await demo.propose('debug', await demo.noun(SERVICE), {}, gateway);
  const ended = demo.carryOut(proposal, gateway);
  await expect.poll(() => console.printed, { timeout: 10_000 }).toContain('sleep');
  gateway.end();
  expect(await ended).toMatchObject({ outcome: 'unknown', words: 'left before it ended; the pod is removed' });
  await expect.poll(() => isGone(podOf(proposal.plan.command))).toBe(true);
});

it('makes nothing where nothing may be written, in a swarm, or of no image', async () => {
  const gateway = demo.gateway({ console: typist(''), readOnly: true });
  const refused = await demo.act('debug', await demo.noun(SERVICE), {}, gateway);
  expect(refused).toMatchObject({ outcome: 'refused', words: 'read-only: nothing is written' });
  const propose = async (id: string, input = {}) => demo.propose('debug', await demo.noun(id), input);
  await expect(propose('swarm/service/saasodoo_traefik')).rejects.toThrow('Swarm runs no single containers');
  await expect(propose(SERVICE, { image: '--privileged' })).rejects.toMatchObject({ field: 'image' });
});
