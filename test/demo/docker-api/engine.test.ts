import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveDocker } from '../../../src/demo/docker-api/server.ts';
import { at, DockerBed } from '../bed.ts';
import { eventLines, filters } from './event-lines.ts';

let bed: DockerBed;
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const get = async (path: string) => (await bed.ask(path)).body as Record<string, unknown>[];
const said = async (path: string, method = 'GET') => {
  const { status, body } = await bed.ask(path, { method });
  return [status, at(body, 'message')];
};
const names = (list: Record<string, unknown>[]) => list.map(each => at(each, 'Spec', 'Name') ?? each.Name).sort();
const ids = (list: Record<string, unknown>[]) => list.map(each => each.ID as string);

describe('the engine', () => {
  it('answers pings with who it is', async () => {
    const { text, headers } = await bed.ask('/v1.41/_ping');
    expect(text).toBe('OK');
    expect(headers).toMatchObject({
      'api-version': '1.47',
      ostype: 'linux',
      'docker-experimental': 'false',
      swarm: 'active/manager',
      server: 'Docker/27.5.1 (linux)',
    });
    const head = await bed.ask('/_ping', { method: 'HEAD' });
    expect([head.status, head.text, head.headers['api-version']]).toEqual([200, '', '1.47']);
  });

  it('tells its own time', async () => {
    bed.pass(3_600);
    expect(Date.parse((await bed.ask('/_ping')).headers.date ?? '')).toBe(bed.clock.now());
  });

  it('answers under its versions and without one, and names the limits to all others', async () => {
    expect((await bed.ask('/v1.24/nodes')).text).toBe((await bed.ask('/nodes')).text);
    expect((await bed.ask('/v1.47/nodes')).status).toBe(200);
    expect(await said('/v1.99/nodes')).toEqual([
      400,
      'client version 1.99 is too new. Maximum supported API version is 1.47',
    ]);
    expect(await said('/v1.10/nodes')).toEqual([
      400,
      'client version 1.10 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version',
    ]);
  });

  it('knows no other addresses', async () => {
    expect(await said('/nothing')).toEqual([404, 'page not found']);
    expect(await said('/nodes', 'POST')).toEqual([404, 'page not found']);
  });

  it('tells of itself and its swarm, and no token of it', async () => {
    const { body, text } = await bed.ask('/info');
    expect(at(body, 'Name')).toBe('vps-1');
    expect(at(body, 'Swarm')).toMatchObject({
      LocalNodeState: 'active',
      ControlAvailable: true,
      Nodes: 3,
      Managers: 1,
    });
    const swarm = await bed.ask('/swarm');
    expect(at(swarm.body, 'ID')).toBe(at(body, 'Swarm', 'Cluster', 'ID'));
    expect(`${text}${swarm.text}`).not.toContain('SWMTKN');
    expect(at((await bed.ask('/version')).body, 'ApiVersion')).toBe('1.47');
  });
});

describe('lists', () => {
  it('hold their objects by id, and each object is what is found by its id, name, or beginning', async () => {
    for (const kind of ['nodes', 'services', 'tasks']) {
      const list = await get(`/${kind}`);
      expect(list.length).toBeGreaterThan(2);
      expect(ids(list)).toEqual(ids(list).toSorted());
      const [first] = list;
      expect(await get(`/${kind}/${first?.ID}`)).toEqual(first);
      expect(await get(`/${kind}/${ids(list)[0]?.slice(0, 12)}`)).toEqual(first);
    }
    expect(await get('/services/saasodoo_redis')).toMatchObject({ Spec: { Name: 'saasodoo_redis' } });
    expect(await get('/nodes/vps-2')).toMatchObject({ Description: { Hostname: 'vps-2' } });
    expect(await get('/nodes/self')).toMatchObject({ Description: { Hostname: 'vps-1' } });
    expect(await get('/networks/saasodoo-network')).toMatchObject({ Driver: 'overlay', Scope: 'swarm' });
  });

  it('say what is not there, and which beginning is of several', async () => {
    for (const kind of ['service', 'node', 'task', 'network']) {
      expect(await said(`/${kind}s/nope`)).toEqual([404, `${kind} nope not found`]);
    }
    const letters = ids(await get('/tasks')).map(each => each[0]);
    const often = letters.find((letter, index) => letters.indexOf(letter) !== index) ?? '';
    const count = letters.filter(each => each === often).length;
    expect(await said(`/tasks/${often}`)).toEqual([400, `task ${often} is ambiguous (${count} matches found)`]);
  });

  it('of services tell how many tasks run, when asked to', async () => {
    const label = { label: ['com.docker.stack.namespace=saasodoo'] };
    const stack = await get(`/services?status=true&${filters(label)}`);
    expect(stack).toHaveLength(19);
    expect(at(stack, 0, 'ServiceStatus')).toEqual({ RunningTasks: 1, DesiredTasks: 1, CompletedTasks: 0 });
    expect((await get(`/services?${filters(label)}`))[0]).not.toHaveProperty('ServiceStatus');
  });

  it('are narrowed by filters in both of their forms', async () => {
    expect(names(await get(`/services?${filters({ name: { saasodoo_post: true } })}`))).toEqual(['saasodoo_postgres']);
    expect(await get(`/services?${filters({ name: ['odoo_postgres'] })}`)).toEqual([]);
    expect(await get(`/services?${filters({ mode: ['global'] })}`)).toEqual([]);
    expect(await get(`/nodes?${filters({ role: ['manager'] })}`)).toHaveLength(1);
    expect(await get(`/nodes?${filters({ name: ['vps-'] })}`)).toHaveLength(3);
    expect(names(await get(`/networks?${filters({ scope: ['swarm'] })}`))).toEqual(['ingress', 'saasodoo-network']);
    expect(names(await get(`/networks?${filters({ type: ['builtin'] })}`))).toEqual(['bridge', 'host', 'none']);
  });

  it('of tasks are narrowed by service, node and what is wanted, as these are named or numbered', async () => {
    const redis = (await get('/services/saasodoo_redis')) as unknown as { ID: string };
    const byName = await get(`/tasks?${filters({ service: ['saasodoo_redis'] })}`);
    expect(byName).toHaveLength(1);
    expect(await get(`/tasks?${filters({ service: [redis.ID] })}`)).toEqual(byName);
    expect(byName[0]).toMatchObject({ ServiceID: redis.ID, DesiredState: 'running', Volumes: null });
    expect(at(byName, 0, 'Spec')).not.toHaveProperty('Runtime');
    const all = await get('/tasks');
    const node = at(await get('/nodes/vps-3'), 'ID');
    const there = all.filter(each => each.NodeID === node);
    expect(there.length).toBeGreaterThan(1);
    expect(await get(`/tasks?${filters({ node: ['vps-3'] })}`)).toEqual(there);
    expect(await get(`/tasks?${filters({ 'desired-state': ['shutdown'] })}`)).toEqual(
      all.filter(each => each.DesiredState === 'shutdown'),
    );
  });

  it('refuse filters that they do not know, or cannot read', async () => {
    for (const kind of ['services', 'nodes', 'tasks', 'networks', 'containers/json']) {
      expect(await said(`/${kind}?${filters({ foo: ['x'] })}`)).toEqual([400, "invalid filter 'foo'"]);
    }
    expect(await said('/tasks?filters=zzz')).toEqual([400, 'invalid filter']);
    expect(await said(`/tasks?${filters({ service: ['nope'] })}`)).toEqual([404, 'service nope not found']);
    expect(await said(`/tasks?${filters({ node: ['nope'] })}`)).toEqual([404, 'node nope not found']);
    expect(await said(`/tasks?${filters({ 'desired-state': ['x'] })}`)).toEqual([
      500,
      "Invalid desired-state filter: 'x'",
    ]);
    expect(await said(`/nodes?${filters({ role: ['x'] })}`)).toEqual([500, "Invalid role filter: 'x'"]);
  });

  it('of containers are those of the manager alone', async () => {
    const containers = await get('/containers/json');
    const manager = at(await get('/nodes/self'), 'ID');
    const running = (await get('/tasks')).filter(
      each => each.NodeID === manager && at(each, 'Status', 'State') === 'running',
    );
    expect(containers.map(each => at(each, 'Labels', 'com.docker.swarm.task.id')).sort()).toEqual(ids(running));
    expect(containers[0]).toMatchObject({ State: 'running', Status: expect.stringMatching(/^Up /) });
    expect(at(containers[0], 'NetworkSettings', 'Networks', 'saasodoo-network', 'IPAddress')).toMatch(
      /^10\.0\.\d+\.\d+$/,
    );
  });

  it('keep those containers that ended, for who asks for all', async () => {
    const { swarm } = bed.world;
    const manager = swarm.store.list('node').find(each => each.ManagerStatus);
    const task = swarm.tasksOn(manager?.ID ?? '')[0];
    if (task) swarm.agent.end(task, 137);
    bed.pass(60);
    const ended = (await get('/containers/json?all=1')).find(
      each => at(each, 'Labels', 'com.docker.swarm.task.id') === task?.ID,
    );
    expect(ended).toMatchObject({ State: 'exited', Status: 'Exited (137) About a minute ago' });
    expect(await get('/containers/json')).not.toContainEqual(ended);
  });
});

describe('an engine that is frozen', () => {
  it('takes connections, and answers when it is thawed', async () => {
    bed.api.gate.freeze();
    const before = bed.api.requests;
    const socket = connect(bed.api.gate.port, '127.0.0.1');
    await new Promise(resolve => socket.once('connect', resolve));
    const heard: string[] = [];
    socket.setEncoding('utf8').on('data', text => heard.push(String(text)));
    socket.write('GET /_ping HTTP/1.1\r\nhost: x\r\n\r\n');
    // Another server of the same world answers meanwhile.
    const other = await serveDocker(bed.world);
    expect((await fetch(`${other.host.replace('tcp:', 'http:')}/_ping`)).status).toBe(200);
    await other.close();
    expect([heard, bed.api.requests]).toEqual([[], before]);
    bed.api.gate.thaw();
    await vi.waitFor(() => expect(heard.join('')).toContain('200 OK'));
    socket.destroy();
  });

  it('holds back its events, and loses none of them', async () => {
    const other = await serveDocker(bed.world);
    const query = filters({ type: ['node'] });
    const [held, free] = await Promise.all([eventLines(bed.api.host, query), eventLines(other.host, query)]);
    bed.api.gate.freeze();
    bed.world.swarm.loseNode('vps-2');
    bed.pass(10);
    await vi.waitFor(() => expect(free.lines).toHaveLength(1));
    expect(held.lines).toEqual([]);
    bed.api.gate.thaw();
    await vi.waitFor(() => expect(held.lines).toEqual(free.lines));
    held.stop();
    free.stop();
    await other.close();
  });
});

describe('an engine that is gone', () => {
  it('refuses connections, and is back on its port', async () => {
    const { host } = bed.api;
    const stream = await eventLines(host, '');
    await bed.api.gate.shut();
    await expect(bed.ask('/_ping')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await bed.api.gate.reopen();
    expect(bed.api.host).toBe(host);
    expect((await bed.ask('/_ping')).status).toBe(200);
    stream.stop();
  });
});
