import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { DemoPlatform } from '../../src/demo/platform.ts';
import type { Source } from '../../src/sources/source.ts';
import { createSwarm } from '../../src/sources/swarm/index.ts';
import type { Timing } from '../../src/sources/swarm/timing.ts';
import { type CountingRelay, countingRelay } from '../helpers/counting-relay.ts';
import { makeManyServices } from '../helpers/many-services.ts';
import { RecordingSink } from '../helpers/recording-sink.ts';
import { hurried } from '../sources/swarm/shapes.ts';
import { embedded, optionsOf } from './embedded.ts';

// What a swarm of more than 325 services and 3,000 tasks costs to be watched, counted between it and the source.

const HASTE = 10;
const soon = { timeout: 60_000, interval: 20 };
const MiB = 2 ** 20;

let platform: DemoPlatform;
let relay: CountingRelay;
let source: Source;
let sink: RecordingSink;

beforeAll(async () => {
  platform = await embedded({ scenario: 'still' });
  const { hostname, port } = new URL(optionsOf(platform, 'swarm').host ?? '');
  await makeManyServices(`http://${hostname}:${port}`);
  const madeAt = Date.now();
  const waiting = () => platform.world.swarm.store.list('task').filter(({ Status }) => Status.State === 'pending');
  await vi.waitFor(() => expect(waiting()).toHaveLength(3_000), soon);
  // Events are asked for from the last whole second on: what was made in it has moved.
  await vi.waitFor(() => expect(Date.now() - madeAt).toBeGreaterThan(1_000), soon);
  relay = await countingRelay(hostname, Number(port));
  await watch(hurried(HASTE));
}, 120_000);
afterAll(async () => {
  await source.stop();
  await relay.close();
  await platform.close();
});

async function watch(timing: Timing): Promise<void> {
  sink = new RecordingSink();
  source = createSwarm('swarm', { kind: 'swarm', host: `tcp://127.0.0.1:${relay.port}` }, timing);
  source.attend?.(new Set(['node', 'workload', 'replica']));
  source.start(sink);
  await vi.waitFor(() => expect(sink.phase).toBe('live'), soon);
}

/** How often all tasks were asked for, and what was asked of those of single services. */
const readings = () => relay.asked.filter(request => /\/tasks\??$/.test(request)).length;
const named = () => relay.asked.map(decodeURIComponent).filter(request => request.includes('/tasks?filters='));

it('is read by at most 8 calls', () => {
  expect(relay.asked.length).toBeLessThanOrEqual(8);
  expect(sink.all('workload').length).toBeGreaterThanOrEqual(325);
  expect(sink.all('replica').length).toBeGreaterThanOrEqual(3_000);
});

it('costs at rest at most 30 calls and 10 MiB a minute', { timeout: 120_000 }, async () => {
  // All tasks are read once a minute: from one such reading to the next is a minute of the source's own time, or more.
  const past = readings();
  await expect.poll(readings, soon).toBe(past + 1);
  const [calls, bytes] = [relay.asked.length, relay.bytes];
  await expect.poll(readings, soon).toBe(past + 2);
  expect(relay.asked.length - calls).toBeLessThanOrEqual(30);
  expect(relay.bytes - bytes).toBeLessThanOrEqual(10 * MiB);
  // What waits and does not move is not asked for again and again.
  expect(named()).toHaveLength(0);
});

it('tells of a task that dies from its service’s tasks alone', { timeout: 60_000 }, async () => {
  await source.stop();
  await watch(hurried(HASTE, { tasksMs: 1e9 }));
  const whole = readings();
  const { uid, ready } = sink.named('workload', 'saasodoo_redis') ?? {};
  expect(ready).toBe(1);
  await platform.trigger('crash-loop', { workload: 'saasodoo_redis' });
  const living = () => sink.all('replica').find(each => each.name === 'saasodoo_redis.1' && each.wanted !== 'gone');
  await expect.poll(() => living()?.restarts, soon).toBeGreaterThan(0);
  expect(readings()).toBe(whole);
  expect(named().length).toBeGreaterThan(0);
  expect(named().filter(request => !request.includes(`{"service":["${uid}"]}`))).toHaveLength(0);
});
