import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Gateway } from '../../src/actions/gateway.ts';
import type { Noun, Workload } from '../../src/model/entity.ts';
import { consentTo, named, OnDemo } from './on-demo.ts';

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
  expect(proposal.plan.command).toMatch(/^kubectl -n saasodoo port-forward deployment\/user-service :8001$/);
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
  await gateway.ended();
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
  // Whether it is seen to go, or its successor is seen first.
  expect(await ended).toMatchObject({
    outcome: 'failed',
    words: expect.stringMatching(/^rabbitmq-0 is (gone|another one now)$/),
  });
});

const FRONT = 'kubernetes/saasodoo/service/user-service';
const patch = (path: string, body: object, type = 'application/merge-patch+json') =>
  demo.write('kubernetes', { method: 'PATCH', path, type, body });

describe('of a service', () => {
  const path = '/api/v1/namespaces/saasodoo/services/user-service';
  afterEach(() => patch(path, { spec: { ports: [{ name: 'main', port: 8001, targetPort: 8001, protocol: 'TCP' }] } }));

  it.each([
    ['80', ':80'],
    ['web', ':80'],
    ['', ':80'],
  ])('leads to where its port %j leads in a pod that is ready, named there', async (port, shown) => {
    await patch(path, { spec: { ports: [{ name: 'web', port: 80, targetPort: 'main', protocol: 'TCP' }] } });
    const gateway = demo.gateway();
    const { proposal, ended, url } = await begin(gateway, FRONT, { port });
    expect(proposal.plan.command).toBe(`kubectl -n saasodoo port-forward service/user-service ${shown}`);
    expect(proposal.plan.notes).toContain('port 80 is 8001 in the pod');
    expect(proposal.plan.notes[0]).toMatch(
      /^to user-service-\S+, which is ready; when it goes, to another one of them$/,
    );
    expect(await ask(url)).toMatchObject({ service: 'user-service' });
    gateway.background[0]?.stop();
    await ended;
  });

  it('says which ports there are, and what cannot be', async () => {
    const noun = await demo.noun(FRONT);
    await expect(demo.propose('port-forward', noun, { port: 'https' })).rejects.toThrow(
      'it has no port "https"; it has 8001 (main)',
    );
    await patch(path, { spec: { ports: [{ name: 'main', port: 80, targetPort: 'gone', protocol: 'TCP' }] } });
    await expect(demo.propose('port-forward', noun)).rejects.toThrow(
      'it leads to a port "gone", which the pod does not declare',
    );
    expect(named('port-forward').unfit({ ...noun, selector: {} } as Noun)).toMatch(/^it selects no pods/);
  });

  it('goes on with another pod when its own goes, and says so', async () => {
    const gateway = demo.gateway();
    const { ended, url } = await begin(gateway, FRONT);
    const target = () => / → (user-service-\S+):8001/.exec(gateway.background[0]?.words ?? '')?.[1];
    const first = target() ?? '';
    await ask(url);
    await demo.remove(await demo.noun(`kubernetes/saasodoo/pod/${first}`));
    await expect
      .poll(() => gateway.background[0]?.words, { timeout: 10_000 })
      .toMatch(
        new RegExp(`→ user-service-\\S+:8001, 1 connection; ${first} is (gone|being ended|not ready any more)$`),
      );
    expect(target()).not.toBe(first);
    expect(await ask(url)).toMatchObject({ service: 'user-service' });
    expect(gateway.background).toHaveLength(1);
    gateway.background[0]?.stop();
    expect(await ended).toMatchObject({ outcome: 'done', words: expect.stringMatching(/ended after 2 connections/) });
  });

  it('waits for the next pod when there is none, and ends in words when none comes', async () => {
    const scale = (replicas: number) =>
      patch('/apis/apps/v1/namespaces/saasodoo/deployments/redirected', { spec: { replicas } });
    await demo.write('kubernetes', {
      method: 'POST',
      path: '/apis/apps/v1/namespaces/saasodoo/deployments',
      body: {
        metadata: { name: 'redirected' },
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: 'redirected' } },
          template: {
            metadata: { labels: { app: 'redirected' } },
            spec: { containers: [{ name: 'main', image: 'redis:7-alpine', ports: [{ containerPort: 8001 }] }] },
          },
        },
      },
    });
    const id = 'kubernetes/saasodoo/deployment/redirected';
    await expect.poll(async () => ((await demo.noun(id)) as Workload).ready, { timeout: 20_000 }).toBe(1);
    const gateway = demo.gateway();
    const { ended, url } = await begin(gateway, id);
    await scale(0);
    await expect
      .poll(() => gateway.background[0]?.words, { timeout: 10_000 })
      .toMatch(/→ no pod yet, .*: waits for another pod/);
    const waiting = fetch(url);
    await scale(1);
    expect((await waiting).status).toBe(200);
    await scale(0);
    expect(await ended).toMatchObject({
      outcome: 'failed',
      words: expect.stringMatching(/^redirected-\S+ is .*, and no other pod of redirected got ready within 60 s$/),
    });
    await expect(demo.propose('port-forward', await demo.noun(id))).rejects.toThrow(
      /switched off|no pod of redirected/,
    );
  }, 40_000);
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
