import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SwarmNode, SwarmService, Task } from '../../../src/demo/controller/swarm/objects.ts';
import type { Source } from '../../../src/sources/source.ts';
import { createSwarm } from '../../../src/sources/swarm/index.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';
import { hurried } from '../../sources/swarm/shapes.ts';
import { DockerBed } from '../bed.ts';

const soon = { timeout: 8_000, interval: 10 };
let bed: DockerBed;
let sink: RecordingSink;
let source: Source;

beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
  sink = new RecordingSink();
  source = createSwarm('swarm', { kind: 'swarm', host: bed.api.host }, hurried(50, { pingDeadlineMs: 300 }));
  source.start(sink);
  await expect.poll(() => sink.phase, soon).toBe('live');
});
afterEach(async () => {
  await source.stop();
  await bed.api.close();
});

const list = async <T>(path: string) => (await bed.ask(path)).body as T[];
const byId = <T>(entries: [string | null, T][]) =>
  new Map(entries.sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)));
const seenRunning = () => sink.all('replica').filter(each => each.state === 'running' && each.wanted === 'running');

describe('the swarm source at the demo', () => {
  it('tells the same nodes', async () => {
    const nodes = await list<SwarmNode>('/nodes');
    expect(
      byId(sink.all('node').map(each => [each.uid, [each.name, each.ready, each.availability, each.address]])),
    ).toEqual(
      byId(nodes.map(each => [each.ID, [each.Description.Hostname, true, each.Spec.Availability, each.Status.Addr]])),
    );
    expect(sink.all('node').filter(each => each.leader)).toHaveLength(1);
  });

  it('tells the same services, and that those have what they want', async () => {
    const services = await list<SwarmService>('/services');
    expect(services.length).toBeGreaterThan(20);
    const wanted = ({ Spec }: SwarmService) => Spec.Mode.Replicated?.Replicas;
    expect(byId(sink.all('workload').map(each => [each.uid, [each.name, each.wanted, each.version]]))).toEqual(
      byId(services.map(each => [each.ID, [each.Spec.Name, wanted(each), String(each.Version.Index)]])),
    );
    for (const each of sink.all('workload'))
      expect([each.name, each.ready, each.updated]).toEqual([each.name, each.wanted, each.wanted]);
    expect(sink.named('workload', 'saasodoo_traefik')).toMatchObject({
      namespace: 'saasodoo',
      managedBy: 'stack saasodoo',
    });
  });

  it('tells the same tasks, each on its node', async () => {
    const tasks = (await list<Task>('/tasks')).filter(each => each.DesiredState === 'running');
    const nodes = new Map(sink.all('node').map(each => [each.uid, each.id]));
    expect(byId(seenRunning().map(each => [each.uid, [each.node, each.slot, each.image]]))).toEqual(
      byId(tasks.map(each => [each.ID, [nodes.get(each.NodeID ?? ''), each.Slot, each.Spec.ContainerSpec.Image]])),
    );
  });

  it('tells the networks and the routes, and nothing that it could not read', async () => {
    await expect.poll(() => sink.coverages.get('network')?.state, soon).toBe('complete');
    expect(sink.all('network').map(each => each.name)).toContain('saasodoo-network');
    expect(sink.all('route').length).toBeGreaterThan(3);
    expect(sink.lines).toEqual([]);
    await expect.poll(() => sink.target, soon).toBe(`vps-1 · Docker 27.5.1 · ${bed.api.host}`);
  });

  it('sees a scaling converge', async () => {
    const { ID, Version, Spec } = (await bed.ask('/services/saasodoo_redis')).body as SwarmService;
    const body = { ...Spec, Mode: { Replicated: { Replicas: 3 } } };
    await bed.ask(`/services/${ID}/update?version=${Version.Index}`, { method: 'POST', body });
    await expect.poll(() => sink.named('workload', 'saasodoo_redis'), soon).toMatchObject({ wanted: 3, ready: 1 });
    expect(sink.events.map(each => each.message)).toContain('replicas 1 → 3');
    bed.pass(60);
    await expect.poll(() => sink.named('workload', 'saasodoo_redis'), soon).toMatchObject({ wanted: 3, ready: 3 });
  });

  it('does not believe the tasks of a node that is lost', async () => {
    const there = seenRunning().filter(each => each.node === 'swarm/node/vps-3');
    expect(there.length).toBeGreaterThan(1);
    bed.world.swarm.loseNode('vps-3');
    bed.pass(60);
    await expect
      .poll(() => sink.named('node', 'vps-3'), soon)
      .toMatchObject({ ready: false, state: 'down', stateReason: 'heartbeat failure' });
    for (const { id } of there) {
      await expect
        .poll(() => sink.get('replica', id), soon)
        .toMatchObject({ state: 'running', ready: false, wanted: 'gone' });
    }
    await expect.poll(() => sink.all('workload').every(each => each.ready === each.wanted), soon).toBe(true);
  });

  it('is stale while the engine is frozen, or gone, and live again after', async () => {
    bed.api.gate.freeze();
    await expect.poll(() => sink.phase, soon).toBe('stale');
    bed.api.gate.thaw();
    await expect.poll(() => sink.phase, soon).toBe('live');
    await bed.api.gate.shut();
    await expect.poll(() => sink.phase, soon).toBe('stale');
    await bed.api.gate.reopen();
    await expect.poll(() => sink.phase, soon).toBe('live');
  });
});
