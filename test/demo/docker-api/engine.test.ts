import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SwarmService } from '../../../src/demo/controller/swarm/objects.ts';
import { at, DockerBed } from '../bed.ts';

let bed: DockerBed;
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const get = async (path: string) => (await bed.ask(path)).body as Record<string, unknown>[];
const service = async (name: string) => (await bed.ask(`/services/${name}`)).body as SwarmService;
const filters = (value: object) => `filters=${encodeURIComponent(JSON.stringify(value))}`;
const said = ({ status, body }: { status: number; body: unknown }) => [status, at(body, 'message')];

describe('the engine', () => {
  it('answers under its versions, and names the limits to all others', async () => {
    const ping = await bed.ask('/_ping');
    expect([ping.text, ping.headers['api-version'], ping.headers.ostype]).toEqual(['OK', '1.47', 'linux']);
    expect((await bed.ask('/v1.24/nodes')).status).toBe(200);
    expect(said(await bed.ask('/v9.99/nodes'))).toEqual([
      400,
      'client version 9.99 is too new. Maximum supported API version is 1.47',
    ]);
    expect(said(await bed.ask('/v1.2/nodes'))[1]).toContain('too old. Minimum supported API version is 1.24');
    expect(said(await bed.ask('/nothing'))).toEqual([404, 'page not found']);
  });

  it('tells of itself and its swarm, and no token of it', async () => {
    const { body, text } = await bed.ask('/info');
    expect([at(body, 'Name'), at(body, 'Swarm', 'Nodes'), at(body, 'Swarm', 'Managers')]).toEqual(['vps-1', 3, 1]);
    expect(text).not.toContain('SWMTKN');
    expect(at((await bed.ask('/version')).body, 'ApiVersion')).toBe('1.47');
  });
});

describe('lists', () => {
  it('are narrowed by filters in both of their forms, and refuse others', async () => {
    const stack = await get(`/services?status=true&${filters({ label: ['com.docker.stack.namespace=saasodoo'] })}`);
    expect(stack).toHaveLength(19);
    expect(at(stack, 0, 'ServiceStatus')).toEqual({ RunningTasks: 1, DesiredTasks: 1, CompletedTasks: 0 });
    expect(await get(`/services?${filters({ name: { saasodoo_post: true } })}`)).toHaveLength(1);
    const [redis] = await get(`/services?${filters({ name: ['saasodoo_redis'] })}`);
    expect(await get(`/tasks?${filters({ service: [redis?.ID] })}`)).toHaveLength(1);
    expect(await get(`/nodes?${filters({ role: ['manager'] })}`)).toHaveLength(1);
    expect(said(await bed.ask(`/services?${filters({ foo: ['x'] })}`))[0]).toBe(400);
    expect(said(await bed.ask(`/tasks?${filters({ 'desired-state': ['bad'] })}`))).toEqual([
      500,
      "Invalid desired-state filter: 'bad'",
    ]);
  });

  it('of containers are those of the manager alone', async () => {
    const containers = await get('/containers/json');
    const nodes = await get('/nodes');
    const manager = nodes.find(each => at(each, 'Spec', 'Role') === 'manager');
    expect(containers.length).toBeGreaterThan(3);
    for (const each of containers) expect(at(each, 'Labels', 'com.docker.swarm.node.id')).toBe(manager?.ID);
  });
});

describe('an update', () => {
  const update = (id: string, version: number | string, body: unknown, more = '') =>
    bed.ask(`/services/${id}/update?version=${version}${more}`, { method: 'POST', body });

  it('scales, and the tasks follow', async () => {
    const { ID, Version, Spec } = await service('saasodoo_user-service');
    const answer = await update(ID, Version.Index, { ...Spec, Mode: { Replicated: { Replicas: 3 } } });
    expect([answer.status, answer.body]).toEqual([200, { Warnings: null }]);
    bed.until(() => bed.world.swarm.store.tasksOf(ID).filter(each => each.Status.State === 'running').length === 3);
    const [status] = await get(`/services?status=true&${filters({ id: [ID] })}`);
    expect(at(status, 'ServiceStatus', 'RunningTasks')).toBe(3);
  });

  it('of an old version is out of sequence: 500, not 409', async () => {
    const { ID, Version, Spec } = await service('saasodoo_redis');
    expect(said(await update(ID, 1, Spec))).toEqual([500, 'rpc error: code = Unknown desc = update out of sequence']);
    expect(said(await update(ID, '', Spec))[0]).toBe(400);
    expect(said(await update(ID, Version.Index, { ...Spec, Name: 'other' }))[0]).toBe(501);
    expect(said(await update('nope', 1, Spec))).toEqual([404, 'service nope not found']);
    const nothing = said(await update(ID, Version.Index, Spec, '&rollback=previous'));
    expect(nothing).toEqual([400, expect.stringContaining('does not have a previous spec')]);
  });

  it('goes back to what was before', async () => {
    const { ID, Version, Spec } = await service('saasodoo_redis');
    await update(ID, Version.Index, { ...Spec, Mode: { Replicated: { Replicas: 2 } } });
    const now = await service('saasodoo_redis');
    await update(ID, now.Version.Index, now.Spec, '&rollback=previous');
    expect((await service('saasodoo_redis')).Spec.Mode.Replicated?.Replicas).toBe(1);
  });
});

describe('nodes', () => {
  const update = (name: string, version: number, body: object) =>
    bed.ask(`/nodes/${name}/update?version=${version}`, { method: 'POST', body });
  const versionOf = async (name: string) => Number(at((await bed.ask(`/nodes/${name}`)).body, 'Version', 'Index'));

  it('are drained, promoted, and kept from what would break the swarm', async () => {
    const drain = { Role: 'worker', Availability: 'drain', Labels: {} };
    expect(said(await update('vps-3', 1, drain))[0]).toBe(500);
    expect((await update('vps-3', await versionOf('vps-3'), drain)).status).toBe(200);
    const last = await update('vps-1', await versionOf('vps-1'), { Role: 'worker', Availability: 'active' });
    expect(said(last)).toEqual([
      400,
      'rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm',
    ]);
    expect(said(await bed.ask('/nodes/vps-2', { method: 'DELETE' }))[1]).toContain("is not down and can't be removed");
    expect(said(await bed.ask('/nodes/vps-1', { method: 'DELETE' }))[1]).toContain('must be demoted to worker');
    await update('vps-2', await versionOf('vps-2'), { Role: 'manager', Availability: 'active' });
    bed.pass(2);
    expect(at((await bed.ask('/nodes/vps-2')).body, 'ManagerStatus', 'Reachability')).toBe('reachable');
  });
});

describe('logs', () => {
  it('come in frames of 8 bytes, and of a lost node only a complaint', async () => {
    const { ID } = await service('saasodoo_registry');
    const { bytes, headers } = await bed.ask(`/services/${ID}/logs?stdout=1&stderr=1&tail=3&timestamps=1&details=1`);
    expect(headers['content-type']).toBe('application/vnd.docker.multiplexed-stream');
    const frames = framesOf(bytes);
    expect(frames).toHaveLength(3);
    expect(frames[0]?.text).toMatch(
      /^2026-11-23T14:0\d:\d\d\.\d{9}Z com\.docker\.swarm\.node\.id=\w{25},.*task\.id=\w{25} \w+: /,
    );
    expect(said(await bed.ask(`/services/${ID}/logs`))).toEqual([
      500,
      'Bad parameters: you must choose at least one stream',
    ]);
    const [task] = bed.world.swarm.store.tasksOf(ID);
    bed.world.swarm.loseNode(bed.world.swarm.store.get('node', task?.NodeID ?? '')?.Description.Hostname ?? '');
    const lost = framesOf((await bed.ask(`/services/${ID}/logs?stdout=1&tail=3`)).bytes);
    expect(lost).toEqual([{ stream: 3, text: expect.stringContaining('is not available') }]);
  });
});

describe('events', () => {
  it('tell of services as it happens, and never of tasks', async () => {
    const lines: unknown[] = [];
    const query = filters({ type: ['service', 'node', 'container'], event: ['update', 'create', 'remove', 'die'] });
    const call = request(`${bed.api.host.replace('tcp:', 'http:')}/events?${query}`, response => {
      response.setEncoding('utf8');
      response.on('data', (text: string) =>
        lines.push(
          ...text
            .trim()
            .split('\n')
            .map(line => JSON.parse(line)),
        ),
      );
    });
    const connected = new Promise(resolve => call.on('response', resolve));
    call.on('error', () => {}); // ended below
    call.end();
    await connected;
    const { ID, Version, Spec } = await service('saasodoo_redis');
    const body = { ...Spec, Mode: { Replicated: { Replicas: 2 } } };
    await bed.ask(`/services/${ID}/update?version=${Version.Index}`, { method: 'POST', body });
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0));
    expect(lines[0]).toMatchObject({
      Type: 'service',
      Action: 'update',
      scope: 'swarm',
      Actor: { ID, Attributes: { name: 'saasodoo_redis', 'replicas.old': '1', 'replicas.new': '2' } },
    });
    expect(lines.map(each => at(each, 'Type'))).not.toContain('task');
    call.destroy();
  });

  it('are told again since a moment, and end at another', async () => {
    const before = bed.clock.now() / 1000;
    bed.pass(10);
    const { ID, Version, Spec } = await service('saasodoo_redis');
    const body = { ...Spec, Labels: { x: 'y' } };
    await bed.ask(`/services/${ID}/update?version=${Version.Index}`, { method: 'POST', body });
    const { text } = await bed.ask(`/events?since=${before}&until=${bed.clock.now() / 1000}`);
    expect(
      text
        .trim()
        .split('\n')
        .map(line => at(JSON.parse(line), 'Action')),
    ).toEqual(['update']);
  });
});

describe('an engine that is frozen', () => {
  it('takes the question and answers when it is thawed', async () => {
    bed.api.gate.freeze();
    let answered = false;
    const waiting = bed.ask('/_ping').then(reply => {
      answered = true;
      return reply.text;
    });
    await new Promise(done => setImmediate(done));
    expect(answered).toBe(false);
    bed.api.gate.thaw();
    expect(await waiting).toBe('OK');
  });
});

function framesOf(bytes: Buffer): { stream: number; text: string }[] {
  const frames: { stream: number; text: string }[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.readUInt32BE(offset + 4);
    frames.push({ stream: bytes[offset] ?? -1, text: bytes.subarray(offset + 8, offset + 8 + length).toString() });
    offset += 8 + length;
  }
  return frames;
}
