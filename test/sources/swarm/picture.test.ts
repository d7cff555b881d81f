import { beforeEach, describe, expect, test } from 'vitest';
import { Picture } from '../../../src/sources/swarm/picture.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';
import { CHANGED_SPEC, down, network, node, service, task, uid } from './shapes.ts';

const NOW = Date.parse('2026-11-23T18:00:00Z');
let sink: RecordingSink;
let picture: Picture;

beforeEach(() => {
  sink = new RecordingSink();
  picture = new Picture('swarm', sink);
});

type Lists = { nodes?: unknown[]; services?: unknown[]; tasks?: unknown[] };

function take({ nodes, services, tasks }: Lists, now = NOW): void {
  if (nodes) picture.takeNodes(nodes, now);
  if (services) picture.takeServices(services, now);
  if (tasks) picture.takeTasks(tasks, now);
}

const workload = (name: string) => sink.named('workload', name);
const replica = (name: string) => sink.all('replica').find(one => one.name === name && one.wanted !== 'gone');

describe('nodes', () => {
  test('with what they have and what they are', () => {
    const manager = node('m1', {
      Spec: { Role: 'manager', Availability: 'drain', Labels: { zone: 'a\u001b[31m' } },
      Status: { State: 'ready', Addr: '0.0.0.0' },
      ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '198.18.0.1:2377' },
    });
    take({ nodes: [manager, down('w1')] });
    expect(sink.named('node', 'm1')).toMatchObject({
      id: 'swarm/node/m1',
      uid: uid('m1'),
      version: '9',
      roles: ['manager'],
      state: 'ready',
      ready: true,
      stateReason: null,
      availability: 'drain',
      leader: true,
      pressures: [],
      cpuMillicores: 2_000,
      memoryBytes: 25_276_502_016,
      cpuUsedMillicores: null,
      address: '198.18.0.1',
      softwareVersion: '20.10.24+dfsg1',
      labels: { zone: 'a␛[31m' },
    });
    expect(sink.named('node', 'w1')).toMatchObject({ state: 'down', ready: false, stateReason: 'heartbeat failure' });
  });

  test('of one name are told apart, the lost old self and the new one', () => {
    const again = node('w1', { ID: 'newnodeid0000000000000000' });
    take({ nodes: [down('w1'), again] });
    expect(sink.all('node').map(({ id }) => id)).toEqual(['swarm/node/w1-w1000000', 'swarm/node/w1-newnodei']);
  });

  test('that go down are an event, in the engine’s words, once', () => {
    take({ nodes: [node('w1')] });
    take({ nodes: [down('w1')] }, NOW + 1_000);
    take({ nodes: [down('w1')] }, NOW + 2_000);
    expect(sink.events).toMatchObject([
      { severity: 'bad', about: 'swarm/node/w1', reason: 'down', message: 'ready → down: heartbeat failure' },
    ]);
    expect(sink.named('node', 'w1')?.stateSince).toBe(NOW + 1_000);
  });

  test('that are as they were do not stir their tasks', () => {
    const tasks = [task({ id: 't1', service: 'web', slot: 1, node: 'w1' })];
    take({ nodes: [node('w1')], services: [service('web')], tasks });
    const before = [workload('web'), replica('web.1')];
    take({ nodes: [node('w1')] });
    expect([workload('web'), replica('web.1')]).toEqual(before);
    expect(workload('web')).toBe(before[0]);
    take({ nodes: [down('w1')] });
    expect(workload('web')).not.toBe(before[0]);
  });

  test('whose state nobody knows are neither ready nor lost', () => {
    const unknown = node('w1', { Status: { State: 'unknown', Message: 'Node moved to "unknown" state' } });
    take({
      nodes: [node('w1')],
      services: [service('web')],
      tasks: [task({ id: 't1', service: 'web', slot: 1, node: 'w1' })],
    });
    take({ nodes: [unknown] });
    expect(sink.named('node', 'w1')?.ready).toBeNull();
    expect(workload('web')?.ready).toBe(0);
    expect(sink.events.map(({ reason }) => reason)).toEqual(['unknown']);
  });

  test('a manager that does not count for the quorum says so', () => {
    const lost = node('m2', { ManagerStatus: { Reachability: 'unreachable', Addr: '198.18.0.2:2377' } });
    take({ nodes: [lost] });
    expect(sink.named('node', 'm2')?.pressures).toEqual(['manager unreachable: it does not count for the quorum']);
  });
});

describe('services', () => {
  test('count what runs, by slots, and belong to their stacks', () => {
    const web = service('shop_web', {
      replicas: 2,
      Spec: {
        Name: 'shop_web',
        Labels: { 'com.docker.stack.namespace': 'shop' },
        TaskTemplate: { ContainerSpec: { Image: `registry:5000/web:1.2@sha256:${'ab'.repeat(32)}` } },
        Mode: { Replicated: { Replicas: 2 } },
        UpdateConfig: { Parallelism: 1, Order: 'start-first' },
      },
    });
    take({
      nodes: [node('w1')],
      services: [web],
      tasks: [
        task({ id: 't1', service: 'shop_web', slot: 1, node: 'w1' }),
        task({ id: 't2', service: 'shop_web', slot: 1, node: 'w1' }),
        task({ id: 't3', service: 'shop_web', slot: 2, node: 'w1', state: 'starting' }),
      ],
    });
    expect(workload('shop_web')).toMatchObject({
      id: 'swarm/service/shop_web',
      type: 'Service',
      namespace: 'shop',
      managedBy: 'stack shop',
      wanted: 2,
      ready: 1,
      images: ['registry:5000/web:1.2'],
      strategy: 'start-first, 1 at a time',
      rollout: null,
      version: '21',
    });
    expect(replica('shop_web.2')).toMatchObject({
      namespace: 'shop',
      workload: 'swarm/service/shop_web',
      ready: false,
    });
  });

  test('say nothing about counts until the tasks are known', () => {
    take({ services: [service('web')] });
    expect(workload('web')).toMatchObject({ wanted: 1, ready: null, updated: null });
  });

  test('nor of a new one, whose tasks were not read yet', () => {
    take({
      nodes: [node('w1')],
      services: [service('web')],
      tasks: [task({ id: 't1', service: 'web', slot: 1, node: 'w1' })],
    });
    take({ services: [service('web'), service('new')] });
    expect([workload('web')?.ready, workload('new')?.ready]).toEqual([1, null]);
    take({ tasks: [] });
    expect([workload('web')?.ready, workload('new')?.ready]).toEqual([0, 0]);
  });

  test('tasks that were answered first are not lost', () => {
    picture.takeTasks([task({ id: 't1', service: 'web', slot: 1, node: 'w1' })], NOW);
    take({ nodes: [node('w1')], services: [service('web')] });
    expect(workload('web')?.ready).toBe(1);
  });

  test('an update: how far it is, and what became of it', () => {
    const specs = [
      task({ id: 't1', service: 'web', slot: 1, node: 'w1', spec: CHANGED_SPEC }),
      task({ id: 't2', service: 'web', slot: 2, node: 'w1' }),
    ];
    const updating = (State: string) =>
      service('web', {
        replicas: 2,
        UpdateStatus: { State, StartedAt: '2026-11-23T17:52:49Z', Message: 'in its words' },
        Spec: {
          Name: 'web',
          TaskTemplate: { ...CHANGED_SPEC, Runtime: 'container' },
          Mode: { Replicated: { Replicas: 2 } },
        },
      });
    const rollouts = [
      'updating',
      'paused',
      'rollback_started',
      'rollback_paused',
      'rollback_completed',
      'completed',
    ].map(state => {
      take({ nodes: [node('w1')], services: [updating(state)], tasks: specs });
      return workload('web')?.rollout?.state ?? null;
    });
    expect(rollouts).toEqual(['updating', 'paused', 'rolling back', 'failed', 'rolled back', null]);
    expect(workload('web')?.updated).toBe(1);
  });

  test('global ones want a task on each eligible node: what the engine says, else what is there', () => {
    const agent = service('agent', { Spec: { Name: 'agent', Mode: { Global: {} } } });
    const tasks = ['w1', 'w2'].map(on => task({ id: `t${on}`, service: 'agent', node: on }));
    const counted = { ...agent, ServiceStatus: { RunningTasks: 3, DesiredTasks: 2 } };
    const nodes = [node('w1'), node('w2')];
    take({ nodes, services: [counted], tasks });
    expect(workload('agent')).toMatchObject({ type: 'Global', wanted: 2, ready: 2 });
    take({ services: [{ ...agent, ServiceStatus: undefined }], tasks });
    expect(workload('agent')?.wanted).toBe(2);
    expect(sink.all('replica').map(({ id, name, slot }) => [id, name, slot])).toEqual([
      [`swarm/task/agent.${uid('w1')}.tw100000`, 'agent.w1', null],
      [`swarm/task/agent.${uid('w2')}.tw200000`, 'agent.w2', null],
    ]);
  });

  test('jobs: what has completed, what failed, when it was done; slot 0 is left out by the engine', () => {
    const spec = { Name: 'job', Mode: { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 2 } } };
    const job = (CompletedTasks: number) =>
      service('job', {
        ServiceStatus: { RunningTasks: 0, DesiredTasks: 2, CompletedTasks },
        JobStatus: { LastExecution: '2026-11-23T17:52:34Z' },
        Spec: spec,
      });
    const done = (id: string, slot?: number) =>
      task({ id, service: 'job', slot, node: 'w1', state: 'complete', desired: 'complete', at: NOW });
    const failed = task({
      id: 'bad',
      service: 'job',
      slot: 1,
      node: 'w1',
      state: 'failed',
      desired: 'shutdown',
      error: 'e',
    });
    take({ nodes: [node('w1')], services: [job(1)], tasks: [done('a'), failed] });
    expect(workload('job')).toMatchObject({
      type: 'ReplicatedJob',
      wanted: 2,
      succeeded: 1,
      failed: 1,
      finishedAt: null,
    });
    expect(replica('job.0')).toMatchObject({ wanted: 'completed', state: 'complete', message: null, slot: 0 });
    take({ services: [job(2)], tasks: [done('a'), done('b', 1), failed] });
    expect(workload('job')).toMatchObject({ succeeded: 2, finishedAt: NOW, message: null });
    const everywhere = service('clean', {
      ServiceStatus: { RunningTasks: 0, DesiredTasks: 0, CompletedTasks: 2 },
      Spec: { Name: 'clean', Mode: { GlobalJob: {} } },
    });
    const each = ['w1', 'w2'].map(on =>
      task({ id: on, service: 'clean', node: on, state: 'complete', desired: 'complete' }),
    );
    take({ services: [everywhere], tasks: each });
    expect(workload('clean')).toMatchObject({ type: 'GlobalJob', wanted: 2, succeeded: 2 });
  });

  test('routes from their labels', () => {
    const labels = {
      'traefik.http.routers.user.rule': 'Host(`api.example`) && PathPrefix(`/user`)',
      'traefik.http.services.user.loadbalancer.server.port': '8001',
    };
    take({ services: [service('user', { Spec: { Name: 'user', Labels: labels } })] });
    expect(sink.all('route')).toMatchObject([{ id: 'swarm/route/user', port: 8001, workload: 'swarm/service/user' }]);
    expect(picture.pathOf('route', 'swarm/route/user')).toBe(`/services/${uid('user')}`);
    take({ services: [] });
    expect(sink.all('route')).toEqual([]);
  });

  test('only what moved makes the tasks worth asking', () => {
    expect(picture.takeServices([service('web')], NOW)).toBe(false);
    expect(picture.takeServices([service('web')], NOW)).toBe(false);
    const fewer = service('web', { ServiceStatus: { RunningTasks: 0, DesiredTasks: 1 } });
    expect(picture.takeServices([fewer], NOW)).toBe(true);
    expect(picture.takeServices([{ ...fewer, Version: { Index: 22 } }], NOW)).toBe(true);
    // Who is gone has no tasks to be asked for.
    expect(picture.takeServices([], NOW)).toBe(false);
    expect(picture.takeNodes([node('w1')], NOW)).toBe(false);
    expect(picture.takeNodes([node('w1')], NOW)).toBe(false);
    expect(picture.takeNodes([down('w1')], NOW)).toBe(true);
    const drained = node('w1', { Spec: { Role: 'worker', Availability: 'drain' } });
    picture.takeNodes([node('w1')], NOW);
    expect(picture.takeNodes([drained], NOW)).toBe(true);
  });
});

describe('tasks that cannot be believed', () => {
  const pinned = [
    task({ id: 'old', service: 'web', slot: 1, node: 'w1', desired: 'shutdown' }),
    task({
      id: 'new',
      service: 'web',
      slot: 1,
      state: 'pending',
      error: 'no suitable node (scheduling constraints not satisfied on 1 node; 1 node not available for new tasks)',
    }),
  ];

  test('of a node that is down count for nothing, though the engine counts them', () => {
    take({ nodes: [node('w1')], services: [service('web')], tasks: [{ ...pinned[0], DesiredState: 'running' }] });
    expect(workload('web')).toMatchObject({ wanted: 1, ready: 1, message: null });
    // The node is told first: at that moment its tasks still say "running" and are wanted.
    take({ nodes: [down('w1')] }, NOW + 60_000);
    expect(workload('web')).toMatchObject({ ready: 0, message: 'node w1 is down since 18:01' });
    expect(replica('web.1')).toMatchObject({
      state: 'running',
      ready: false,
      containersReady: 0,
      node: 'swarm/node/w1',
      message: 'node w1 is down since 18:01; its last word was running',
    });
    take({ services: [service('web')], tasks: pinned }, NOW + 60_000);
    expect(workload('web')).toMatchObject({ wanted: 1, ready: 0, message: expect.stringMatching(/^no suitable node/) });
    const gone = sink.all('replica').find(({ wanted }) => wanted === 'gone');
    expect(gone).toMatchObject({ ready: false, message: 'node w1 is down since 18:01; its last word was running' });
    expect(sink.events.filter(({ reason }) => reason === 'lost')).toMatchObject([
      { about: 'swarm/service/web', message: 'web.1: node w1 is down since 18:01', severity: 'warn' },
    ]);
  });

  test('and count again when it is back', () => {
    take({ nodes: [down('w1')], services: [service('web')], tasks: [{ ...pinned[0], DesiredState: 'running' }] });
    expect(workload('web')?.ready).toBe(0);
    take({ nodes: [node('w1')] });
    expect(workload('web')).toMatchObject({ ready: 1, message: null });
    expect(replica('web.1')?.ready).toBe(true);
  });

  test('and what they told of their end once their node was back is no crash, however often it is lost', () => {
    const ends = { state: 'failed', desired: 'shutdown', error: 'task: non-zero exit (255)', exitCode: 255 };
    const attempt = (id: string, at: number, over: Partial<Parameters<typeof task>[0]> = {}) =>
      task({ id, service: 'web', slot: 1, node: 'w1', at, ...over });
    const history: ReturnType<typeof task>[] = [];
    take({ nodes: [node('w1')], services: [service('web')] });
    for (const [loss, id] of ['a', 'b', 'c'].entries()) {
      const at = NOW + loss * 120_000;
      take({ tasks: [attempt(id, at), ...history] }, at);
      take({ nodes: [down('w1')] }, at + 30_000);
      // The first is given up while its node is away; the others come back with it before anybody noticed.
      if (loss === 0) take({ tasks: [attempt(id, at, { desired: 'shutdown' }), ...history] }, at + 40_000);
      take({ nodes: [node('w1')] }, at + 60_000);
      history.unshift(attempt(id, at + 61_000, ends));
    }
    const again = attempt('d', NOW + 305_000);
    take({ tasks: [again, ...history] }, NOW + 306_000);
    expect(workload('web')).toMatchObject({ wanted: 1, ready: 1, message: null });
    expect(replica('web.1')).toMatchObject({ ready: true, restarts: 0, message: null });
    expect(new Set(sink.events.map(({ reason }) => reason))).toEqual(new Set(['down', 'ready', 'lost']));
  });

  test('a node that is not there any more', () => {
    take({
      nodes: [node('w2')],
      services: [service('web')],
      tasks: [task({ id: 'a', service: 'web', slot: 1, node: 'w1' })],
    });
    expect(replica('web.1')).toMatchObject({ ready: false, node: null });
  });

  test('without a list of nodes their own word is all there is', () => {
    take({ services: [service('web')], tasks: [task({ id: 'a', service: 'web', slot: 1, node: 'w1' })] });
    expect(workload('web')?.ready).toBe(1);
  });
});

describe('tasks that die', () => {
  const dead = (id: string, secondsAgo: number, over: Partial<Parameters<typeof task>[0]> = {}) =>
    task({
      id,
      service: 'web',
      slot: 1,
      node: 'w1',
      state: 'failed',
      desired: 'shutdown',
      error: 'task: non-zero exit (1)',
      exitCode: 1,
      at: NOW - secondsAgo * 1_000,
      livedMs: 2_000,
      ...over,
    });
  const running = (at: number) => task({ id: 'live', service: 'web', slot: 1, node: 'w1', at });
  const base = { nodes: [node('w1')], services: [service('web')] };

  test('a crash loop is told with its count, and does not flicker to 1/1 between two crashes', () => {
    const history = [dead('a', 90), dead('b', 70), dead('c', 40), dead('d', 3)];
    take({ ...base, tasks: [running(NOW - 1_000), ...history] });
    const told = 'failed 4 times in 90 s: task: non-zero exit (1)';
    expect(workload('web')).toMatchObject({ wanted: 1, ready: 0, message: told });
    expect(replica('web.1')).toMatchObject({ ready: false, restarts: 4, lastRestartAt: NOW - 3_000, state: 'running' });
    expect(replica('web.1')?.message).toBe(`${told}; just started again`);
    // It has outlived its predecessors by far: it is believed, and the loop is still told.
    take({ tasks: [running(NOW - 1_000), ...history] }, NOW + 30_000);
    expect(workload('web')).toMatchObject({ ready: 1, message: expect.stringMatching(/^failed 4 times in 2 min/) });
    take({ tasks: [running(NOW - 1_000), ...history] }, NOW + 700_000);
    expect(workload('web')).toMatchObject({ ready: 1, message: null });
  });

  test('one line with a count for one cause, however many restarts', () => {
    take({ ...base, tasks: [dead('a', 100), dead('b', 70)] });
    take({ tasks: [dead('b', 70), dead('c', 40), dead('d', 10)] });
    expect(new Set(sink.events.map(({ key }) => key)).size).toBe(1);
    expect(sink.events.map(({ count, at }) => [count, at])).toEqual([
      [2, NOW - 70_000],
      [undefined, NOW - 40_000],
      [undefined, NOW - 10_000],
    ]);
    expect(sink.events.map(({ severity }) => severity)).toEqual(['warn', 'bad', 'bad']);
    expect(sink.events[0]).toMatchObject({
      about: 'swarm/service/web',
      subject: 'service/web',
      reason: 'failed',
      message: 'task: non-zero exit (1)',
    });
  });

  test('history: of each slot the newest that ended, wanted no more, with its reason', () => {
    take({ ...base, tasks: [running(NOW), dead('a', 100), dead('b', 70), dead('c', 40)] });
    const gone = sink.all('replica').filter(({ wanted }) => wanted === 'gone');
    expect(gone).toMatchObject([
      {
        id: 'swarm/task/web.1.c0000000',
        state: 'failed',
        message: 'task: non-zero exit (1)',
        exitCode: 1,
        restarts: null,
      },
    ]);
  });

  test('a missing image, in the engine’s words, before anything ever ran', () => {
    const words = 'No such image: nosuch/image:9';
    const refused = (id: string, ago: number, desired: string) =>
      dead(id, ago, { state: 'rejected', desired, error: words, livedMs: 200 });
    take({ ...base, tasks: [refused('b', 1, 'ready'), refused('a', 6, 'shutdown')] });
    expect(workload('web')).toMatchObject({ ready: 0, message: `failed 2 times in 6 s: ${words}` });
    expect(replica('web.1')).toMatchObject({ state: 'rejected', message: words, wanted: 'running' });
  });

  test('a restart policy that gave up', () => {
    take({ ...base, tasks: [dead('a', 3_000, { error: 'task: non-zero exit (7)', exitCode: 7 })] });
    expect(workload('web')).toMatchObject({ ready: 0, message: 'task: non-zero exit (7); not started again' });
  });

  test('an old death is not blamed for a task that was sent away', () => {
    const drained = dead('b', 2, { state: 'shutdown', error: undefined, exitCode: 0 });
    const starting = task({ id: 'live', service: 'web', slot: 1, node: 'w1', state: 'starting', at: NOW });
    const leaving = dead('b', 2, { state: 'running', error: undefined, exitCode: 0 });
    for (const before of [drained, leaving]) {
      take({ ...base, tasks: [starting, before, dead('a', 300)] });
      expect(workload('web')).toMatchObject({ ready: 0, message: null });
      expect(replica('web.1')?.message).toBeNull();
    }
  });

  test('one death makes the tasks worth a closer look for two minutes, though all runs again', () => {
    const lately = (now: number) => [...picture.restless(now - 120_000)];
    take({ ...base, tasks: [running(NOW)] });
    expect(lately(NOW)).toEqual([]);
    take({ tasks: [running(NOW), dead('a', 10)] });
    expect(workload('web')?.ready).toBe(1);
    expect(lately(NOW)).toEqual([uid('web')]);
    expect(lately(NOW + 120_001)).toEqual([]);
    take({ tasks: [] }, NOW + 300_000);
    expect(lately(NOW + 300_000)).toEqual([uid('web')]);
  });

  test('switched off is not broken', () => {
    const off = service('web', { replicas: 0 });
    take({ nodes: base.nodes, services: [off], tasks: [dead('a', 20), dead('b', 15), dead('c', 10)] });
    expect(workload('web')).toMatchObject({ wanted: 0, ready: 0, message: null });
  });
});

describe('the tasks of some services alone', () => {
  const web = (id: string, over = {}) => task({ id, service: 'web', slot: 1, node: 'w1', ...over });
  const api = task({ id: 'a1', service: 'api', slot: 1, node: 'w1' });
  const both = { nodes: [node('w1')], services: [service('web'), service('api')], tasks: [web('w1'), api] };
  const states = () => sink.all('replica').map(({ name, state }) => `${name} ${state}`);

  test('replace those of them, and leave the others as they are and as old', () => {
    take(both);
    const before = sink.named('replica', 'api.1');
    picture.takeTasks([web('w2', { state: 'starting' })], NOW, new Set([uid('web')]));
    expect(states()).toEqual(['api.1 running', 'web.1 starting']);
    expect(workload('web')?.ready).toBe(0);
    expect(sink.named('replica', 'api.1')).toBe(before);
    picture.takeTasks([], NOW, new Set([uid('web')]));
    expect(states()).toEqual(['api.1 running']);
  });

  test('count their deaths on, and forget none of the others', () => {
    const dead = (id: string, of: typeof web | typeof api, secondsAgo: number) =>
      task({
        id,
        service: of === api ? 'api' : 'web',
        slot: 1,
        node: 'w1',
        state: 'failed',
        desired: 'shutdown',
        at: NOW - secondsAgo * 1000,
      });
    take({ ...both, tasks: [web('w1'), api, dead('d1', web, 20), dead('d2', api, 30)] });
    picture.takeTasks([web('w3'), dead('d1', web, 20), dead('d3', web, 5)], NOW, new Set([uid('web')]));
    take({ tasks: [web('w3'), api, dead('d1', web, 20), dead('d3', web, 5), dead('d2', api, 30)] });
    expect(replica('web.1')?.restarts).toBe(2);
    expect(replica('api.1')?.restarts).toBe(1);
    expect(sink.events.filter(({ subject }) => subject === 'service/api')).toHaveLength(1);
  });

  test('go with their service', () => {
    take(both);
    take({ services: [service('api')] });
    expect(states()).toEqual(['api.1 running']);
  });

  test('are asked for where they were starting when all were read first: the counts may be newer', () => {
    const counts = { ServiceStatus: { RunningTasks: 1, DesiredTasks: 1 } };
    const services = [service('web', counts), service('api', counts)];
    take({ ...both, services, tasks: [web('w1', { state: 'starting' }), api] });
    take({ services });
    expect(workload('web')?.ready).toBe(0);
    expect(picture.restless(NOW)).toEqual(new Set([uid('web')]));
  });

  test('are asked for where something moved, not where something waits', () => {
    const waits = service('web', { replicas: 2, ServiceStatus: { RunningTasks: 1, DesiredTasks: 2 } });
    take({
      ...both,
      services: [waits, service('api')],
      tasks: [web('w1'), web('w2', { slot: 2, state: 'pending' }), api],
    });
    take({ services: [waits, service('api')] });
    expect(picture.restless(0)).toEqual(new Set());
    take({ services: [waits, service('api', { ServiceStatus: { RunningTasks: 0, DesiredTasks: 1 } })] });
    expect(picture.restless(NOW)).toEqual(new Set([uid('api')]));
    const updating = { ...waits, UpdateStatus: { State: 'updating' } };
    take({ services: [updating, service('api')] }, NOW + 1e6);
    take({ services: [updating, service('api')] }, NOW + 2e6);
    expect(picture.restless(NOW + 2e6)).toEqual(new Set([uid('web')]));
  });
});

describe('what is no answer', () => {
  test.each([[null], ['<html>'], [{ message: 'x' }], [[null]], [[{ Name: 'no id' }]], [[1]]])('%j', garbage => {
    take({
      nodes: [node('w1')],
      services: [service('web')],
      tasks: [task({ id: 'a', service: 'web', slot: 1, node: 'w1' })],
    });
    expect(() => picture.takeServices(garbage, NOW)).toThrow(/^it answered with/);
    expect(() => picture.takeTasks(garbage, NOW)).toThrow(/^it answered with/);
    expect(() => picture.takeNodes(garbage, NOW)).toThrow(/^it answered with/);
    expect(() => picture.takeNetworks(garbage)).toThrow(/^it answered with/);
    expect([workload('web')?.ready, sink.all('replica').length, sink.all('node').length]).toEqual([1, 1, 1]);
  });

  test('objects with nothing in them are shown as such', () => {
    take({ nodes: [{ ID: 'n' }], services: [{ ID: 's' }], tasks: [{ ID: 't', ServiceID: 's' }] });
    picture.takeNetworks([{ Id: 'x' }]);
    expect(workload('s')).toMatchObject({ wanted: null, ready: 0, images: [], createdAt: null, version: null });
    expect(sink.named('node', 'n')).toMatchObject({ state: 'unknown', ready: null, memoryBytes: null });
    expect(sink.all('replica')).toMatchObject([{ state: 'unknown', ready: false, exitCode: null }]);
    expect(sink.named('network', 'x')).toMatchObject({ driver: 'null', attachable: false });
  });
});

test('networks, and where each noun is kept', () => {
  take({
    nodes: [node('w1')],
    services: [service('web')],
    tasks: [task({ id: 'task1', service: 'web', slot: 1, node: 'w1' })],
  });
  picture.takeNetworks([network('appnet'), network('x'), { ...network('x'), Id: 'other00000' }]);
  expect(sink.all('network').map(({ name }) => name)).toEqual(['appnet', 'x-x0000000', 'x-other000']);
  expect(picture.pathOf('network', 'swarm/network/appnet')).toBe(`/networks/${uid('appnet')}`);
  expect(picture.pathOf('node', 'swarm/node/w1')).toBe(`/nodes/${uid('w1')}`);
  expect(picture.pathOf('replica', sink.all('replica')[0]?.id ?? '')).toBe(`/tasks/${uid('task1')}`);
  expect(picture.pathOf('workload', 'swarm/service/none')).toBeNull();
  expect(picture.pathOf('pool', 'swarm/service/web')).toBeNull();
});
