import { afterEach, beforeEach, expect, it } from 'vitest';
import { partsOf } from '../../src/actions/stack.ts';
import type { Noun } from '../../src/model/entity.ts';
import type { Client } from '../../src/sources/client.ts';
import { answerLost, named, OnDemo, systemGone } from './on-demo.ts';

let demo: OnDemo;
let service: Noun;
let client: Client;
const parts = () => partsOf('saasodoo', client, AbortSignal.timeout(10_000));

beforeEach(async () => {
  demo = await OnDemo.start();
  service = await demo.noun('swarm/service/saasodoo_user-service');
  client = demo.fleet.source('swarm')?.client?.() as Client;
});
afterEach(() => demo.close());

it('removes all that was made for a stack, and nothing else', async () => {
  const before = await parts();
  const others = ((await client.get('/services', AbortSignal.timeout(10_000))) as object[]).length;
  const { outcome, words } = await demo.act('remove-stack', service);
  expect({ outcome, words }).toEqual({
    outcome: 'done',
    words: expect.stringMatching(new RegExp(`^${before.length} objects of saasodoo removed`)),
  });
  expect(await parts()).toEqual([]);
  const left = (await client.get('/services', AbortSignal.timeout(10_000))) as object[];
  expect(left).toHaveLength(others - before.filter(({ kind }) => kind === 'service').length);
});

it('is named by its stack on the command line', () => {
  expect(named('remove-stack').named?.('saasodoo', demo.fleet)).toMatchObject({
    source: 'swarm',
    namespace: 'saasodoo',
  });
  expect(named('remove-stack').named?.('saasodoo_user-service', demo.fleet)).toBeUndefined();
});

it('asks for the name of the stack, not of the service', async () => {
  const before = await parts();
  const proposal = await demo.propose('remove-stack', service);
  expect(proposal.plan.command).toBe('docker stack rm saasodoo');
  const never = new AbortController().signal;
  const answer = { yes: true, name: service.name, anyway: true };
  expect(await demo.gateway().carryOut(proposal, answer, never)).toMatchObject({
    outcome: 'refused',
    words: 'the name must be typed: saasodoo',
  });
  expect(await parts()).toEqual(before);
});

it('removes nothing that was not shown', async () => {
  const proposal = await demo.propose('remove-stack', service);
  await demo.write('swarm', {
    method: 'POST',
    path: '/networks/create',
    body: { Name: 'newcomer', Driver: 'overlay', Labels: { 'com.docker.stack.namespace': 'saasodoo' } },
  });
  const before = await parts();
  expect(await demo.carryOut(proposal)).toMatchObject({
    outcome: 'refused',
    words: 'it would remove what was not shown: newcomer',
  });
  expect(await parts()).toEqual(before);
});

it('says when nothing was sent, and looks for what became of it when no answer comes', async () => {
  const before = await parts();
  const proposal = await demo.propose('remove-stack', service);
  expect(await demo.carryOut(systemGone(proposal))).toMatchObject({
    outcome: 'failed',
    words: 'never sent: connection refused',
  });
  expect(await parts()).toEqual(before);
  expect(await demo.carryOut(answerLost(proposal))).toMatchObject({ outcome: 'done' });
  expect(await parts()).toEqual([]);
});

it('is not for what belongs to no stack', async () => {
  await demo.write('swarm', {
    method: 'POST',
    path: '/services/create',
    body: {
      Name: 'alone',
      TaskTemplate: { ContainerSpec: { Image: 'alpine:3' } },
      Mode: { Replicated: { Replicas: 1 } },
    },
  });
  await expect(demo.propose('remove-stack', await demo.noun('swarm/service/alone'))).rejects.toThrow('no stack');
});
