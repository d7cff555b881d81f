import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/actions/prove.ts';
import type { Noun } from '../../src/model/entity.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;
let noun: Noun;
beforeAll(async () => {
  demo = await OnDemo.start();
  noun = await demo.noun('kubernetes/saasodoo/deployment/billing-service');
}, 60_000);
afterAll(() => demo.close());

it.each([
  ['set-image', { image: '' }, 'image'],
  ['set-image', { image: 'web :2' }, 'image'],
  ['set-image', { image: 'postgres:18-alpine', container: 'sidecar' }, 'container'],
  ['set-resources', { 'cpu-limit': 'much' }, 'cpu-limit'],
  ['set-resources', { 'cpu-limit': '-1' }, 'cpu-limit'],
  // 512 bytes, where 512Mi was meant.
  ['set-resources', { 'memory-limit': '512' }, 'memory-limit'],
] as const)('%s says at which field %j cannot be', async (verb, input, field) => {
  await expect(demo.propose(verb, noun, input)).rejects.toMatchObject({ name: 'InputError', field });
});

it('asks which container is meant, and changes only that', async () => {
  const type = 'application/strategic-merge-patch+json';
  const side = { name: 'side', image: 'postgres:18-alpine' };
  const body = { spec: { template: { spec: { containers: [side] } } } };
  await demo.write('kubernetes', { method: 'PATCH', path: demo.pathOf(noun), type, body });
  await expect(demo.propose('set-image', noun, { image: 'redis:7-alpine' })).rejects.toThrow(
    'which one: billing-service, side',
  );
  const wanted = { image: 'redis:7-alpine', container: 'side' };
  expect(await demo.act('set-image', noun, wanted)).toMatchObject({ outcome: 'done' });
  const containers = at(await demo.read(noun), ['spec', 'template', 'spec', 'containers']);
  expect(containers).toMatchObject([{ name: 'billing-service' }, { name: 'side', image: 'redis:7-alpine' }]);
});

it('says that an image which cannot be had was not done', async () => {
  const gateway = demo.gateway({ waits: { everyMs: 20, limitMs: 30_000 } });
  const other = await demo.noun('kubernetes/saasodoo/deployment/user-service');
  const { outcome, words } = await demo.act('set-image', other, { image: 'registry.test/none:1' }, gateway);
  expect(outcome).toBe('unknown');
  expect(words).toMatch(/^not there after .+: \d of 3 renewed; .+: (ErrImagePull|ImagePullBackOff): /);
});
