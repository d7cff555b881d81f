import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Kind } from '../../../src/model/entity.ts';
import type { Source } from '../../../src/sources/source.ts';
import { createSwarm } from '../../../src/sources/swarm/index.ts';
import type { Timing } from '../../../src/sources/swarm/timing.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { down, hurried, network, node, service, task, uid } from './shapes.ts';

let engine: ScriptedEngine;
let sink: RecordingSink;
let source: Source;

const soon = { timeout: 5_000, interval: 5 };
const LISTS = ['/services', '/tasks', '/nodes', '/networks'];

beforeEach(async () => {
  engine = new ScriptedEngine();
  await engine.listen();
  engine.nodes = [node('w1'), node('w2')];
  engine.services = [service('web', { replicas: 2 })];
  engine.tasks = [
    task({ id: 't1', service: 'web', slot: 1, node: 'w1' }),
    task({ id: 't2', service: 'web', slot: 2, node: 'w2' }),
  ];
  engine.networks = [network('appnet')];
  sink = new RecordingSink();
});

afterEach(async () => {
  await source.stop();
  await engine.close();
});

function start(timing: Timing = hurried()): void {
  source = createSwarm('swarm', { kind: 'swarm', host: engine.host }, timing);
  source.start(sink);
}

async function live(timing?: Timing): Promise<void> {
  start(timing);
  await expect.poll(() => sink.phase, soon).toBe('live');
}

const counts = () => LISTS.map(path => engine.count(path));
const states = (kinds: Kind[]) => kinds.map(kind => sink.coverages.get(kind)?.state);

describe('a swarm that is well', () => {
  test('is read, and is live when all of it has answered', async () => {
    await live();
    expect(sink.states.find(({ phase }) => phase)).toMatchObject({ phase: 'live', trouble: null, proof: true });
    expect(sink.all('node').map(({ id }) => id)).toEqual(['swarm/node/w1', 'swarm/node/w2']);
    expect(sink.named('workload', 'web')).toMatchObject({ wanted: 2, ready: 2 });
    expect(sink.all('replica').map(({ name }) => name)).toEqual(['web.1', 'web.2']);
    await expect
      .poll(() => states(['node', 'workload', 'replica', 'network', 'route']), soon)
      .toEqual(Array(5).fill('complete'));
    await expect.poll(() => sink.target, soon).toBe(`node1 · Docker 20.10.24 · ${engine.host}`);
    expect(engine.queries).toContain('/services?status=true');
  });

  test('costs at most 30 calls a minute when nothing changes, and counts them all', async () => {
    await live(hurried(40));
    await expect.poll(() => engine.count('/services'), soon).toBeGreaterThanOrEqual(2);
    const before = engine.count();
    const services = engine.count('/services');
    // Services are asked at most 10 times a minute: so this is at least a minute of the source's own time.
    await expect
      .poll(() => engine.count('/services'), { ...soon, timeout: 15_000 })
      .toBeGreaterThanOrEqual(services + 10);
    expect(engine.count() - before).toBeLessThanOrEqual(30);
    expect(engine.count('/info')).toBe(1);
    expect(engine.count('/events')).toBe(1);
    await source.stop();
    expect(source.requests).toBe(engine.count());
  });

  test('reads networks only while they are looked at, and all tasks seldom', async () => {
    source = createSwarm('swarm', { kind: 'swarm', host: engine.host }, hurried(100));
    source.attend?.(new Set<Kind>(['node', 'workload']));
    source.start(sink);
    await expect.poll(() => engine.count('/services'), soon).toBeGreaterThanOrEqual(12);
    expect(engine.count('/networks')).toBe(0);
    expect(engine.count('/tasks')).toBeLessThanOrEqual(1 + engine.count('/services') / 3);
    expect(sink.coverages.get('network')).toEqual({ state: 'asking' });
    source.attend?.(new Set<Kind>(['network', 'replica']));
    await expect.poll(() => sink.coverages.get('network')?.state, soon).toBe('complete');
  });

  test('asks for tasks when the count of a service moves', async () => {
    await live(hurried(50, { tasksMs: 1e9, restlessMs: 1e9, movingMs: 1e9 }));
    const before = engine.count('/tasks');
    engine.tasks = engine.tasks.slice(0, 1);
    engine.services = [service('web', { replicas: 2, ServiceStatus: { RunningTasks: 1, DesiredTasks: 2 } })];
    await expect.poll(() => sink.named('workload', 'web')?.ready, soon).toBe(1);
    expect(engine.count('/tasks')).toBe(before + 1);
    expect(engine.queries).toContain(`/tasks?filters={"service":["${uid('web')}"]}`);
  });

  test('a service that goes while its tasks are asked for is gone, and nothing has failed', async () => {
    await live(hurried(50, { tasksMs: 1e9 }));
    engine.services = [service('web', { ServiceStatus: { RunningTasks: 1, DesiredTasks: 2 } })];
    engine.faults.set('/tasks', { status: 404, message: `service ${uid('web')} not found` });
    await expect.poll(() => engine.queries.some(query => query.startsWith('/tasks?')), soon).toBe(true);
    engine.services = [];
    await expect.poll(() => sink.all('replica'), soon).toEqual([]);
    expect(states(['replica'])).toEqual(['complete']);
    expect(sink.phase).toBe('live');
  });

  test('an engine that is too old to count tasks is counted by its tasks', async () => {
    engine.services = [{ ...service('web', { replicas: 2 }), ServiceStatus: undefined }];
    await live();
    expect(sink.named('workload', 'web')).toMatchObject({ wanted: 2, ready: 2 });
  });

  test('the object as the engine has it, secrets masked', async () => {
    const TaskTemplate = { ContainerSpec: { Image: 'x', Env: ['DB_PASSWORD=hunter2', 'PORT=80'] } };
    engine.services = [service('web', { Spec: { Name: 'web', TaskTemplate } as never })];
    await live();
    const raw = await source.raw?.('workload', 'swarm/service/web', new AbortController().signal);
    expect(JSON.stringify(raw)).not.toContain('hunter2');
    expect(raw).toMatchObject({
      ID: uid('web'),
      Spec: { TaskTemplate: { ContainerSpec: { Env: [expect.anything(), 'PORT=80'] } } },
    });
    const nothing = source.raw?.('workload', 'swarm/service/none', new AbortController().signal);
    await expect(nothing).rejects.toMatchObject({ trouble: { what: 'inspect swarm/service/none' } });
    engine.services = [];
    const gone = source.raw?.('workload', 'swarm/service/web', new AbortController().signal);
    await expect(gone).rejects.toMatchObject({ trouble: { why: `services ${uid('web')} not found` } });
  });
});

describe('events', () => {
  const scaled = {
    Type: 'service',
    Action: 'update',
    Actor: { ID: uid('web'), Attributes: { name: 'web', 'replicas.old': '2', 'replicas.new': '3' } },
    scope: 'swarm',
    time: 1_795_456_413,
    timeNano: 1_795_456_413_506_631_000,
  };
  const slow = () =>
    hurried(1, {
      settleMs: 1,
      reconnect: { baseMs: 5, limitMs: 20 },
      pace: { beatMs: 1e6, gapMs: 1, quietMs: 1e6, patienceMs: 1e6 },
    });

  test('are told and make the lists worth asking at once', async () => {
    await live(slow());
    await expect.poll(() => engine.streams, soon).toBe(1);
    engine.services = [service('web', { replicas: 3 })];
    engine.emit(scaled);
    await expect.poll(() => sink.named('workload', 'web')?.wanted, soon).toBe(3);
    expect(sink.events).toMatchObject([
      { about: 'swarm/service/web', reason: 'scale', message: 'replicas 2 → 3', at: 1_795_456_413_506 },
    ]);
    engine.nodes = [node('w1'), down('w2')];
    engine.emit({
      Type: 'node',
      Action: 'update',
      Actor: { Attributes: { name: 'w2', 'state.old': 'ready', 'state.new': 'down' } },
    });
    await expect.poll(() => sink.named('node', 'w2')?.state, soon).toBe('down');
    expect(sink.named('workload', 'web')?.ready).toBe(1);
  });

  test('go on where they stood when the stream breaks, and none is told twice', async () => {
    await live(slow());
    await expect.poll(() => engine.streams, soon).toBe(1);
    engine.emit(scaled);
    await expect.poll(() => sink.events.length, soon).toBe(1);
    engine.endStreams();
    await expect.poll(() => engine.count('/events'), soon).toBe(2);
    await expect.poll(() => engine.streams, soon).toBe(1);
    expect(engine.queries.filter(query => query.startsWith('/events')).at(-1)).toContain('since=1795456413.506631');
    engine.emit(scaled, { ...scaled, timeNano: scaled.timeNano + 1e9, time: scaled.time + 1 });
    await expect.poll(() => sink.events.length, soon).toBe(2);
    expect(sink.phase).toBe('live');
  });

  test('in pieces, broken or endless: the stream is opened anew', async () => {
    await live(slow());
    await expect.poll(() => engine.streams, soon).toBe(1);
    const line = JSON.stringify(scaled);
    engine.write(line.slice(0, 40));
    engine.write(`${line.slice(40)}\n{"Type":"ser`);
    await expect.poll(() => sink.events.length, soon).toBe(1);
    engine.write('vice"nonsense\n');
    await expect.poll(() => engine.count('/events'), soon).toBe(2);
    await expect.poll(() => engine.streams, soon).toBe(1);
    engine.write('x'.repeat(1_500_000));
    await expect.poll(() => engine.count('/events'), soon).toBe(3);
    expect(sink.phase).toBe('live');
  });

  test('that are not allowed leave the rest as it is', async () => {
    engine.faults.set('/events', { status: 403, message: 'not allowed' });
    await live();
    await expect.poll(() => engine.count('/events'), soon).toBeGreaterThan(2);
    expect(sink.phase).toBe('live');
    expect(sink.lines.filter(line => line.includes('follow events'))).toHaveLength(1);
  });

  test('a silent stream is opened anew, for it may be dead', async () => {
    await live(hurried(50, { streamSilentMs: 20 }));
    await expect.poll(() => engine.count('/events'), soon).toBeGreaterThan(3);
    expect(sink.phase).toBe('live');
  });
});

describe('an engine that fails', () => {
  test('frozen: it is stale after the deadline of one ping, and what was seen stays', async () => {
    await live(hurried(50, { pingDeadlineMs: 60 }));
    const proofs = sink.proofs;
    engine.freeze();
    await expect.poll(() => sink.phase, soon).toBe('stale');
    expect(sink.trouble).toMatchObject({ why: 'no answer within 0.06 s', on: engine.host });
    expect(sink.proofs - proofs).toBeLessThanOrEqual(2);
    expect(states(['node', 'workload', 'replica', 'network', 'route'])).toEqual(Array(5).fill('failed'));
    expect([sink.all('node').length, sink.all('workload').length, sink.all('replica').length]).toEqual([2, 1, 2]);
    const before = counts();
    engine.services = [service('web', { replicas: 5 })];
    engine.faults.clear();
    await expect.poll(() => sink.phase, soon).toBe('live');
    expect(sink.named('workload', 'web')?.wanted).toBe(5);
    expect(counts()).not.toEqual(before);
    expect(sink.trouble).toBeNull();
  });

  test('gone and back: stale at once, live again by itself', async () => {
    await live();
    const { port } = engine;
    await engine.close();
    await expect.poll(() => sink.phase, soon).toBe('stale');
    expect(sink.trouble?.why).toMatch(/refused|reset/);
    expect(sink.all('workload')).toHaveLength(1);
    const again = new ScriptedEngine();
    again.services = [service('other')];
    again.info = { Swarm: { Cluster: { ID: 'cluster2' } } };
    await again.listen(port);
    await expect.poll(() => sink.phase, soon).toBe('live');
    expect(sink.all('workload').map(({ name }) => name)).toEqual(['other']);
    await expect.poll(() => sink.events.map(({ reason }) => reason), soon).toContain('another');
    await source.stop();
    await again.close();
    await engine.listen();
  });

  test('not there at the start: it says why, and goes on trying', async () => {
    const { port } = engine;
    await engine.close();
    source = createSwarm('swarm', { kind: 'swarm', host: `tcp://127.0.0.1:${port}` }, hurried());
    source.start(sink);
    await expect.poll(() => sink.trouble?.why, soon).toBe('connection refused');
    expect(sink.phase).toBe('connecting');
    expect(states(['workload'])).toEqual(['failed']);
    await engine.listen(port);
    await expect.poll(() => sink.phase, soon).toBe('live');
  });

  test.each([
    [
      '500',
      { status: 500, message: 'rpc error: code = Unknown desc = no such thing' },
      'rpc error: code = Unknown desc = no such thing',
    ],
    [
      'a proxy’s page',
      { status: 502, type: 'text/html', body: '<html><h1>502 Bad Gateway</h1></html>' },
      'HTTP status 502: 502 Bad Gateway',
    ],
    ['half of the answer', 'half' as const, 'connection reset by the other side'],
    ['not JSON', { body: 'hello' }, 'it answered /services with something that is not JSON'],
    ['null', { body: 'null' }, 'it answered with null, not a list'],
    ['an object', { body: '{}' }, 'it answered with object, not a list'],
  ])('services fail with %s: told, kept, mended', async (_, fault, why) => {
    await live();
    engine.faults.set('/services', fault);
    await expect
      .poll(() => sink.coverages.get('workload'), soon)
      .toMatchObject({ state: 'failed', trouble: { what: 'list services', why } });
    expect(sink.phase).toBe('stale');
    expect(sink.named('workload', 'web')?.ready).toBe(2);
    // Other lists that answer do not make it complete again.
    const nodes = engine.count('/nodes');
    await expect.poll(() => engine.count('/nodes'), soon).toBeGreaterThan(nodes + 1);
    expect(states(['workload', 'node'])).toEqual(['failed', 'complete']);
    engine.faults.clear();
    await expect.poll(() => sink.phase, soon).toBe('live');
    expect(states(['workload', 'route'])).toEqual(['complete', 'complete']);
  });

  test('networks alone that fail do not make the swarm stale', async () => {
    engine.faults.set('/networks', { status: 500, message: 'broken' });
    await live();
    await expect.poll(() => states(['network']), soon).toEqual(['failed']);
    expect(sink.phase).toBe('live');
  });

  test('tasks that are not allowed: counts are unknown, not 0', async () => {
    engine.faults.set('/tasks', { status: 403, message: 'access denied' });
    await live();
    expect(states(['replica', 'workload'])).toEqual(['forbidden', 'complete']);
    expect(sink.named('workload', 'web')).toMatchObject({ wanted: 2, ready: null });
  });

  test('nothing allowed is refused', async () => {
    for (const path of LISTS) engine.faults.set(path, { status: 403, message: 'access denied' });
    start();
    await expect.poll(() => sink.phase, soon).toBe('refused');
    expect(sink.trouble?.why).toBe('access denied');
  });
});

describe('an engine without its swarm', () => {
  const all = (fault: { status: number; message: string } | 'hang') => {
    for (const path of ['/services', '/tasks', '/nodes']) engine.faults.set(path, fault);
  };

  test.each([
    [
      `This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.`,
      'docker swarm init or join, or name another host',
    ],
    [
      "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.",
      'name a manager as the host',
    ],
    [
      'Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm unlock" to unlock it.',
      'docker swarm unlock',
    ],
  ])('%s', async (message, fix) => {
    all({ status: 503, message });
    start();
    await expect.poll(() => sink.phase, soon).toBe('refused');
    expect(sink.trouble).toMatchObject({ why: message, fix });
    await expect.poll(() => states(['workload', 'node', 'replica']), soon).toEqual(['failed', 'failed', 'failed']);
    engine.faults.clear();
    await expect.poll(() => sink.phase, soon).toBe('live');
  });

  test('quorum lost: it hangs, then says so; pings do not make it live', async () => {
    await live(hurried(50, { hungMs: 60, listDeadlineMs: 10_000 }));
    all('hang');
    await expect.poll(() => sink.phase, soon).toBe('stale');
    expect(sink.trouble?.why).toBe('the engine answers, but the swarm behind it does not');
    const proofs = sink.proofs;
    const pings = engine.count('/_ping');
    await expect.poll(() => engine.count('/_ping'), soon).toBeGreaterThan(pings + 2);
    expect([sink.phase, sink.proofs]).toEqual(['stale', proofs]);
    expect(sink.all('workload')).toHaveLength(1);
  });

  test('quorum lost: a late answer does not make it live', async () => {
    await live(hurried(50, { hungMs: 60, listDeadlineMs: 10_000 }));
    all('hang');
    await expect.poll(() => sink.phase, soon).toBe('stale');
    await expect.poll(() => engine.hanging('/services'), soon).toBe(1);
    const pings = engine.count('/_ping');
    await expect.poll(() => engine.count('/_ping'), soon).toBeGreaterThan(pings + 2);
    const proofs = sink.proofs;
    const lists = sink.listsEnded.get('workload') ?? 0;
    engine.answerHanging('/services');
    await expect.poll(() => sink.listsEnded.get('workload'), soon).toBe(lists + 1);
    expect([sink.phase, sink.proofs]).toEqual(['stale', proofs]);
    // Asked anew, and answered: now it is back.
    engine.faults.clear();
    await expect.poll(() => sink.phase, soon).toBe('live');
  });

  test('quorum lost: the engine’s sentence, until there is a leader again', async () => {
    await live();
    const message =
      "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";
    all({ status: 500, message });
    await expect.poll(() => states(['workload', 'node', 'replica']), soon).toEqual(['failed', 'failed', 'failed']);
    expect([sink.phase, sink.trouble?.why]).toEqual(['stale', message]);
    expect(sink.trouble?.fix).toContain('force-new-cluster');
    engine.faults.clear();
    await expect.poll(() => sink.phase, soon).toBe('live');
    await expect
      .poll(() => states(['workload', 'node', 'replica']), soon)
      .toEqual(['complete', 'complete', 'complete']);
  });
});

test('it stops in the middle of anything, and leaves nothing behind', async () => {
  await live();
  engine.freeze();
  const tasks = engine.count('/tasks');
  await expect.poll(() => engine.count('/tasks') + engine.count('/services'), soon).toBeGreaterThan(tasks);
  await source.stop();
  await vi.waitFor(() => expect(engine.streams).toBe(0));
  const after = engine.count();
  await expect(source.raw?.('node', 'swarm/node/w1', new AbortController().signal)).rejects.toThrow();
  expect(engine.count()).toBe(after);
  expect(source.requests).toBe(after);
});
