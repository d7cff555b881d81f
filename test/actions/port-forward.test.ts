import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Gateway } from '../../src/actions/gateway.ts';
import { consentTo, OnDemo } from './on-demo.ts';

let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
});
afterAll(() => demo.close());

const SERVICE = 'kubernetes/saasodoo/deployment/user-service';

/** Begins one, and says where it listens. */
async function begin(gateway: Gateway, id: string, input = {}) {
  const proposal = await demo.propose('port-forward', await demo.noun(id), { local: '0', ...input }, gateway);
  const ended = gateway.carryOut(proposal, consentTo(proposal), new AbortController().signal);
  const url = await vi.waitFor(() => {
    const [, address] = /^(127\.0\.0\.1:\d+) →/.exec(gateway.background[0]?.words ?? '') ?? [];
    if (!address) throw new Error(`it does not listen: ${gateway.actions[0]?.words}`);
    return `http://${address}/health`;
  });
  return { proposal, ended, url };
}

const ask = async (url: string) => (await fetch(url, { headers: { connection: 'close' } })).json();

it('leads into the pod until it is ended', async () => {
  const gateway = demo.gateway();
  const { proposal, ended, url } = await begin(gateway, SERVICE);
  expect(proposal.plan.command).toMatch(/^kubectl -n saasodoo port-forward pod\/user-service-\S+ :\d+$/);
  expect(await Promise.all([ask(url), ask(url)])).toEqual([
    { status: 'healthy', service: 'user-service' },
    { status: 'healthy', service: 'user-service' },
  ]);
  expect(gateway.background).toHaveLength(1);
  // Something else can be done to it all the while.
  expect(await demo.act('restart', await demo.noun(SERVICE), {}, gateway)).toMatchObject({ outcome: 'done' });
  gateway.background[0]?.stop();
  expect(await ended).toMatchObject({ outcome: 'done', words: expect.stringMatching(/ended after 2 connections/) });
  await expect(ask(url)).rejects.toThrow();
  expect(gateway.journal.deeds({})[0]).toMatchObject({ intent: { verb: 'port-forward' }, ending: { outcome: 'done' } });
});

it('ends with the program, and the journal knows', async () => {
  const gateway = demo.gateway();
  const { ended } = await begin(gateway, 'kubernetes/saasodoo/pod/redis-0');
  expect(gateway.end()).toBe(false);
  await gateway.sessionsEnded();
  expect(gateway.running).toEqual([]);
  expect(await ended).toMatchObject({ outcome: 'done' });
  expect(gateway.journal.open()).toEqual([]);
});

it('says that nothing listens there, and goes on', async () => {
  const gateway = demo.gateway();
  const { ended, url } = await begin(gateway, 'kubernetes/saasodoo/pod/redis-0', { port: '4' });
  await expect(ask(url)).rejects.toThrow();
  await expect.poll(() => gateway.background[0]?.words).toMatch(/the last one failed: .*connection refused/);
  gateway.background[0]?.stop();
  await ended;
});

it('ends when its pod is another one', async () => {
  const gateway = demo.gateway();
  const noun = await demo.noun('kubernetes/saasodoo/pod/rabbitmq-0');
  const { ended, url } = await begin(gateway, noun.id, { port: '4' });
  await demo.remove(noun);
  await expect.poll(async () => (await demo.noun(noun.id)).uid).not.toBe(noun.uid);
  await ask(url).catch(() => {});
  expect(await ended).toMatchObject({ outcome: 'failed', words: 'rabbitmq-0 is another one now' });
});

it('says that a port of this machine is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(server.address()).not.toBeNull());
  const { port } = server.address() as { port: number };
  const action = await demo.act('port-forward', await demo.noun(SERVICE), { local: `${port}` });
  expect(action).toMatchObject({ outcome: 'failed', words: expect.stringContaining('something else has it') });
  server.close();
});

it('is refused when nothing may be written, and has no sense in a swarm', async () => {
  const gateway = demo.gateway({ readOnly: true });
  const refused = await demo.act('port-forward', await demo.noun(SERVICE), {}, gateway);
  expect(refused).toMatchObject({ outcome: 'refused', words: 'read-only: nothing is written' });
  await expect(demo.propose('port-forward', await demo.noun('swarm/service/saasodoo_traefik'))).rejects.toThrow(
    'Swarm forwards no ports',
  );
  await expect(demo.propose('port-forward', await demo.noun(SERVICE), { port: '70000' })).rejects.toMatchObject({
    field: 'port',
  });
});
