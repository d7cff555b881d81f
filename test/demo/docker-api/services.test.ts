import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceSpec, SwarmService, Task } from '../../../src/demo/controller/swarm/objects.ts';
import { at, DockerBed } from '../bed.ts';
import { filters } from './event-lines.ts';

let bed: DockerBed;
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const read = async (name: string) => (await bed.ask(`/services/${name}`)).body as SwarmService;
const post = async (path: string, body?: unknown) => {
  const { status, body: answer } = await bed.ask(path, { method: 'POST', body });
  return [status, at(answer, 'message') ?? answer];
};
const update = async (name: string, change: (spec: ServiceSpec) => ServiceSpec, more = '') => {
  const { ID, Version, Spec } = await read(name);
  return post(`/services/${ID}/update?version=${Version.Index}${more}`, change(Spec));
};
const scaled = (Replicas: number) => (spec: ServiceSpec) => ({ ...spec, Mode: { Replicated: { Replicas } } });
const tasks = async (name: string) => (await bed.ask(`/tasks?${filters({ service: [name] })}`)).body as Task[];
const running = async (name: string) => (await tasks(name)).filter(each => each.Status.State === 'running');
const rpc = (code: string, why: string) => `rpc error: code = ${code} desc = ${why}`;
const OK = [200, { Warnings: null }];

/** As the docker command writes what it has read: other order, nothing that is empty or zero. */
function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== 0 && each !== false);
  return Object.fromEntries(entries.map(([key, each]) => [key, rewritten(each)] as const).reverse());
}

describe('an update', () => {
  it('scales, and the tasks follow', async () => {
    expect(await update('saasodoo_user-service', scaled(3))).toEqual(OK);
    expect(await running('saasodoo_user-service')).toHaveLength(1);
    const { ID } = await read('saasodoo_user-service');
    bed.until(() => bed.world.swarm.store.tasksOf(ID).filter(each => each.Status.State === 'running').length === 3);
    const [service] = (await bed.ask(`/services?status=true&${filters({ id: [ID] })}`)).body as object[];
    expect(at(service, 'ServiceStatus')).toEqual({ RunningTasks: 3, DesiredTasks: 3, CompletedTasks: 0 });
    expect(at(service, 'UpdateStatus')).toBeUndefined();
    await update('saasodoo_user-service', scaled(0));
    bed.until(() => bed.world.swarm.store.tasksOf(ID).length === 0);
  });

  it('that says the same in other writing replaces no task', async () => {
    const before = await running('saasodoo_redis');
    await update('saasodoo_redis', spec => rewritten(scaled(2)(spec)) as ServiceSpec);
    bed.pass(60);
    const after = await running('saasodoo_redis');
    expect(after).toHaveLength(2);
    expect(after.map(each => each.ID)).toContain(before[0]?.ID);
  });

  it('by force replaces all tasks, and tells how far it is', async () => {
    const before = await running('saasodoo_redis');
    const forced = (spec: ServiceSpec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 } });
    expect(await update('saasodoo_redis', forced)).toEqual(OK);
    const fresh = filters({ service: ['saasodoo_redis'], '_up-to-date': ['true'] });
    expect((await bed.ask(`/tasks?${fresh}`)).body).toEqual([]);
    bed.pass(1);
    expect((await read('saasodoo_redis')).UpdateStatus).toMatchObject({ State: 'updating' });
    bed.until(() => bed.world.swarm.updates.size === 0);
    expect((await read('saasodoo_redis')).UpdateStatus).toMatchObject({
      State: 'completed',
      Message: 'update completed',
    });
    const after = await running('saasodoo_redis');
    expect(after).toHaveLength(1);
    expect(after[0]?.ID).not.toBe(before[0]?.ID);
    expect((await bed.ask(`/tasks?${fresh}`)).body).toEqual(after);
  });

  it('of an old version is out of sequence: 500, not 409', async () => {
    const { ID, Spec } = await read('saasodoo_redis');
    const stale = rpc('Unknown', 'update out of sequence');
    expect(await post(`/services/${ID}/update?version=1`, Spec)).toEqual([500, stale]);
    expect(await post(`/services/${ID}/update`, Spec)).toEqual([
      400,
      'invalid service version \'\': strconv.ParseUint: parsing "": invalid syntax',
    ]);
    expect(await post('/services/nope/update?version=1', Spec)).toEqual([404, 'service nope not found']);
    expect((await read('saasodoo_redis')).Spec).toEqual(Spec);
  });

  it('goes back to what was before, once there is such a thing', async () => {
    const { ID } = await read('saasodoo_redis');
    const none = rpc('FailedPrecondition', `service ${ID} does not have a previous spec`);
    expect(await update('saasodoo_redis', spec => spec, '&rollback=previous')).toEqual([400, none]);
    await update('saasodoo_redis', scaled(2));
    expect(await update('saasodoo_redis', spec => spec, '&rollback=previous')).toEqual(OK);
    const { Spec, UpdateStatus } = await read('saasodoo_redis');
    expect(Spec.Mode).toEqual({ Replicated: { Replicas: 1 } });
    expect(UpdateStatus).toMatchObject({ State: 'rollback_started', Message: 'manually requested rollback' });
    expect(await update('saasodoo_redis', spec => spec, '&rollback=never')).toEqual([
      500,
      'unrecognized rollback option never',
    ]);
  });

  it('cannot rename, change the mode, or say nothing', async () => {
    expect(await update('saasodoo_redis', spec => ({ ...spec, Name: 'other' }))).toEqual([
      501,
      rpc('Unimplemented', 'renaming services is not supported'),
    ]);
    expect(await update('saasodoo_redis', spec => ({ ...spec, Mode: { Global: {} } }))).toEqual([
      501,
      rpc('Unimplemented', 'service mode change is not allowed'),
    ]);
    expect(await update('saasodoo_redis', () => ({}) as ServiceSpec)).toEqual([
      400,
      'mismatched Runtime and *Spec fields',
    ]);
    expect(await update('saasodoo_redis', scaled(-2))).toEqual([
      400,
      'invalid JSON: json: cannot unmarshal number -2 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64',
    ]);
  });
});

describe('a new service', () => {
  const spec = (more: object = {}) => ({
    Name: 'web',
    TaskTemplate: { ContainerSpec: { Image: 'postgres:18-alpine' } },
    ...more,
  });

  it('is made with what is usual, and runs', async () => {
    const [status, answer] = await post('/services/create', spec());
    expect([status, answer]).toEqual([201, { ID: expect.stringMatching(/^\w{25}$/), Warnings: null }]);
    expect((await read('web')).Spec).toMatchObject({ Labels: {}, Mode: { Replicated: { Replicas: 1 } } });
    bed.pass(10);
    expect(await running('web')).toHaveLength(1);
  });

  it('is attached to networks by their names', async () => {
    await post('/services/create', spec({ Networks: [{ Target: 'saasodoo-network' }] }));
    const network = (await bed.ask('/networks/saasodoo-network')).body;
    expect((await read('web')).Spec.TaskTemplate.Networks).toEqual([{ Target: at(network, 'Id') }]);
    expect(await post('/services/create', spec({ Name: 'w2', Networks: [{ Target: 'nonet' }] }))).toEqual([
      500,
      'network nonet not found',
    ]);
  });

  it('needs a name of its own, an image, and ports that are free', async () => {
    const taken = rpc('AlreadyExists', 'name conflicts with an existing object: service saasodoo_redis already exists');
    expect(await post('/services/create', spec({ Name: 'saasodoo_redis' }))).toEqual([409, taken]);
    expect(await post('/services/create', spec({ Name: 'a b' }))).toEqual([
      400,
      rpc('InvalidArgument', 'name must be valid as a DNS name component'),
    ]);
    expect(await post('/services/create', spec({ TaskTemplate: { ContainerSpec: {} } }))).toEqual([
      400,
      rpc('InvalidArgument', 'ContainerSpec: image reference must be provided'),
    ]);
    const { ID } = await read('saasodoo_traefik');
    const port = { TargetPort: 80, PublishedPort: 80 };
    expect(await post('/services/create', spec({ EndpointSpec: { Ports: [port] } }))).toEqual([
      400,
      rpc('InvalidArgument', `port '80' is already in use by service 'saasodoo_traefik' (${ID}) as an ingress port`),
    ]);
  });

  it('waits where no node suits it, and says why', async () => {
    const Placement = { Constraints: ['node.role==nope'] };
    await post('/services/create', spec({ TaskTemplate: { ...spec().TaskTemplate, Placement } }));
    bed.pass(5);
    expect((await tasks('web'))[0]?.Status).toMatchObject({
      State: 'pending',
      Err: 'no suitable node (scheduling constraints not satisfied on 3 nodes)',
    });
  });
});

describe('a removed service', () => {
  it('is gone at once, its tasks when they have stopped', async () => {
    const { ID } = await read('saasodoo_redis');
    const removed = await bed.ask('/services/saasodoo_redis', { method: 'DELETE' });
    expect([removed.status, removed.text]).toEqual([200, '']);
    expect((await bed.ask('/services/saasodoo_redis')).status).toBe(404);
    expect(bed.world.swarm.store.tasksOf(ID)).toHaveLength(1);
    bed.until(() => bed.world.swarm.store.tasksOf(ID).length === 0);
    const again = await bed.ask('/services/saasodoo_redis', { method: 'DELETE' });
    expect([again.status, at(again.body, 'message')]).toEqual([404, 'service saasodoo_redis not found']);
  });
});
