import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceSpec, SwarmNode, SwarmService } from '../../../src/demo/controller/swarm/objects.ts';
import { at, DockerBed } from '../bed.ts';
import { eventLines, filters, type Lines, told } from './event-lines.ts';

let bed: DockerBed;
const streams: Lines[] = [];
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.stop();
  await bed.api.close();
});

const listen = async (query = '') => {
  const stream = await eventLines(bed.api.host, query);
  streams.push(stream);
  return stream.lines;
};
const update = async (name: string, change: (spec: ServiceSpec) => ServiceSpec) => {
  const { ID, Version, Spec } = (await bed.ask(`/services/${name}`)).body as SwarmService;
  await bed.ask(`/services/${ID}/update?version=${Version.Index}`, { method: 'POST', body: change(Spec) });
};
const updateNode = async (name: string, change: object) => {
  const { ID, Version, Spec } = (await bed.ask(`/nodes/${name}`)).body as SwarmNode;
  const body = { ...Spec, ...change };
  await bed.ask(`/nodes/${ID}/update?version=${Version.Index}`, { method: 'POST', body });
};
const scaled = (Replicas: number) => (spec: ServiceSpec) => ({ ...spec, Mode: { Replicated: { Replicas } } });
const forced = (spec: ServiceSpec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 7 } });
const labelled = (spec: ServiceSpec) => ({ ...spec, Labels: { x: 'y' } });
const now = () => bed.clock.now() / 1000;

describe('events', () => {
  it('tell what became of services', async () => {
    const lines = await listen(filters({ type: ['service'] }));
    await update('saasodoo_redis', scaled(2));
    bed.pass(30);
    await update('saasodoo_redis', forced);
    bed.until(() => bed.world.swarm.updates.size === 0 && bed.world.timeline.now > bed.world.startedAt + 40_000);
    const body = { Name: 'web', TaskTemplate: { ContainerSpec: { Image: 'postgres:18-alpine' } } };
    await bed.ask('/services/create', { method: 'POST', body });
    await bed.ask('/services/web', { method: 'DELETE' });
    await vi.waitFor(() => expect(lines).toHaveLength(6));
    expect(lines.map(told)).toEqual([
      ['service update saasodoo_redis', { 'replicas.new': '2', 'replicas.old': '1' }],
      ['service update saasodoo_redis', {}],
      ['service update saasodoo_redis', { 'updatestate.new': 'updating' }],
      ['service update saasodoo_redis', { 'updatestate.new': 'completed', 'updatestate.old': 'updating' }],
      ['service create web', {}],
      ['service remove web', {}],
    ]);
    const { ID } = bed.world.swarm.store.list('service').find(each => each.Spec.Name === 'saasodoo_redis') ?? {};
    expect(lines[0]).toMatchObject({ scope: 'swarm', Actor: { ID }, time: bed.world.startedAt / 1000 });
    expect(at(lines[0], 'timeNano')).toBe(bed.world.startedAt * 1e6);
  });

  it('tell what became of nodes', async () => {
    const lines = await listen(filters({ type: ['node'] }));
    await updateNode('vps-2', { Availability: 'drain' });
    bed.world.swarm.loseNode('vps-3');
    bed.pass(30);
    bed.world.swarm.returnNode('vps-3');
    await vi.waitFor(() => expect(lines).toHaveLength(3));
    expect(lines.map(told)).toEqual([
      ['node update vps-2', { 'availability.new': 'drain', 'availability.old': 'active' }],
      ['node update vps-3', { 'state.new': 'down', 'state.old': 'ready' }],
      ['node update vps-3', { 'state.new': 'ready', 'state.old': 'down' }],
    ]);
  });

  it('never tell of tasks, and of containers only of those on the manager', async () => {
    const lines = await listen();
    const { swarm } = bed.world;
    const manager = swarm.store.list('node').find(each => each.ManagerStatus)?.ID;
    const [here, there] = [manager, swarm.store.list('node').find(each => each.ID !== manager)?.ID].map(
      id => swarm.tasksOn(id ?? '')[0],
    );
    if (here) swarm.agent.end(here, 1);
    if (there) swarm.agent.end(there, 1);
    bed.pass(30);
    await update('saasodoo_mailhog', labelled);
    await vi.waitFor(() => expect(lines.map(told)).toContainEqual(['service update saasodoo_mailhog', {}]));
    const dead = lines.filter(each => at(each, 'Action') === 'die');
    expect(dead.map(each => at(each, 'Actor', 'Attributes', 'com.docker.swarm.task.id'))).toEqual([here?.ID]);
    expect(dead[0]).toMatchObject({
      status: 'die',
      scope: 'local',
      Actor: { Attributes: { exitCode: '1', 'com.docker.swarm.node.id': manager } },
    });
    expect(new Set(lines.map(each => at(each, 'Type')))).toEqual(new Set(['container', 'service']));
  });

  it('are narrowed by filters; one that nobody knows is ignored', async () => {
    const queries = [{ event: ['create'] }, { service: ['saasodoo_redis'] }, { scope: ['local'] }, { foo: ['bar'] }];
    const [creations, redis, local, all] = await Promise.all(queries.map(each => listen(filters(each))));
    await update('saasodoo_redis', labelled);
    await update('saasodoo_mailhog', labelled);
    await vi.waitFor(() => expect(all).toHaveLength(2));
    await vi.waitFor(() => expect(redis?.map(told)).toEqual([['service update saasodoo_redis', {}]]));
    expect([creations, local]).toEqual([[], []]);
  });

  it('of the past are told again since a moment', async () => {
    await update('saasodoo_redis', labelled);
    bed.pass(10);
    const since = now();
    await update('saasodoo_mailhog', labelled);
    const lines = await listen(`since=${since}`);
    await vi.waitFor(() => expect(lines).not.toHaveLength(0));
    await update('saasodoo_registry', labelled);
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    expect(lines.map(told)).toEqual([
      ['service update saasodoo_mailhog', {}],
      ['service update saasodoo_registry', {}],
    ]);
  });

  it('are forgotten when nobody listens any more', async () => {
    const { events } = bed.world.swarm;
    const subscribe = events.onEvent.bind(events);
    let listeners = 0;
    vi.spyOn(events, 'onEvent').mockImplementation(listener => {
      const unsubscribe = subscribe(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        unsubscribe();
      };
    });
    const stream = await eventLines(bed.api.host, '');
    expect(listeners).toBe(1);
    stream.stop();
    await expect.poll(() => listeners).toBe(0);
  });

  it('end at a moment: at once when it has passed, else when it comes', async () => {
    const from = now();
    await update('saasodoo_redis', labelled);
    bed.pass(10);
    const { text } = await bed.ask(`/events?since=${from}&until=${now()}`);
    expect(text.trim().split('\n')).toHaveLength(1);
    const stream = await eventLines(bed.api.host, `until=${now() + 60}`);
    await update('saasodoo_mailhog', labelled);
    bed.pass(61);
    await stream.over;
    expect(stream.lines).toHaveLength(1);
    const wrong = await bed.ask('/events?since=100&until=5');
    expect([wrong.status, at(wrong.body, 'message')]).toEqual([
      400,
      '`since` time (100) cannot be after `until` time (5)',
    ]);
  });
});
