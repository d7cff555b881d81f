import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SwarmNode, Task } from '../../../src/demo/controller/swarm/objects.ts';
import { at, DockerBed } from '../bed.ts';
import { filters } from './event-lines.ts';

let bed: DockerBed;
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const read = async (name: string) => (await bed.ask(`/nodes/${name}`)).body as SwarmNode;
const post = async (path: string, body: object) => {
  const { status, body: answer } = await bed.ask(path, { method: 'POST', body });
  return [status, at(answer, 'message')];
};
const update = async (name: string, change: object) => {
  const { ID, Version, Spec } = await read(name);
  return post(`/nodes/${ID}/update?version=${Version.Index}`, { ...Spec, ...change });
};
const remove = async (name: string, query = '') => {
  const { status, body } = await bed.ask(`/nodes/${name}${query}`, { method: 'DELETE' });
  return [status, at(body, 'message')];
};
const tasksOn = async (name: string) => (await bed.ask(`/tasks?${filters({ node: [name] })}`)).body as Task[];
const runningOn = async (name: string) =>
  (await tasksOn(name)).filter(each => each.Status.State === 'running' && each.DesiredState === 'running');
const precondition = (why: string) => [400, `rpc error: code = FailedPrecondition desc = ${why}`];

describe('a node', () => {
  it('that is drained gives its tasks to the others, and takes none', async () => {
    const before = (await runningOn('vps-3')).map(each => each.ServiceID).sort();
    const others = [...(await runningOn('vps-1')), ...(await runningOn('vps-2'))].length;
    expect(before.length).toBeGreaterThan(1);
    expect(await update('vps-3', { Availability: 'drain' })).toEqual([200, undefined]);
    bed.pass(60);
    expect(await runningOn('vps-3')).toEqual([]);
    expect((await tasksOn('vps-3')).map(each => each.Status.State)).toContain('shutdown');
    expect([...(await runningOn('vps-1')), ...(await runningOn('vps-2'))]).toHaveLength(others + before.length);
  });

  it('that is lost is down after its heartbeat, and its tasks still say that they run', async () => {
    const before = await runningOn('vps-3');
    bed.world.swarm.loseNode('vps-3');
    bed.pass(60);
    const { Status } = await read('vps-3');
    expect(Status).toMatchObject({ State: 'down', Message: 'heartbeat failure' });
    const after = await tasksOn('vps-3');
    for (const { ID } of before) {
      const task = after.find(each => each.ID === ID);
      expect([task?.Status.State, task?.DesiredState]).toEqual(['running', 'shutdown']);
    }
    const { ServiceID } = before[0] ?? {};
    const [service] = (await bed.ask(`/services?status=1&${filters({ id: [ServiceID] })}`)).body as object[];
    expect(at(service, 'ServiceStatus')).toMatchObject({ RunningTasks: 2, DesiredTasks: 1 });
  });

  it('is changed only in its newest version, by what there is', async () => {
    const { Version, Spec } = await read('vps-3');
    const spec = { Role: 'worker', Availability: 'pause' };
    expect(await post('/nodes/vps-3/update?version=1', spec)).toEqual([
      500,
      'rpc error: code = Unknown desc = update out of sequence',
    ]);
    expect(await post('/nodes/vps-3/update', spec)).toEqual([
      400,
      'invalid node version \'\': strconv.ParseUint: parsing "": invalid syntax',
    ]);
    expect(await update('vps-3', { Role: 'x' })).toEqual([400, 'invalid Role: "x"']);
    expect(await update('vps-3', { Availability: 'x' })).toEqual([400, 'invalid Availability: "x"']);
    expect(await read('vps-3')).toMatchObject({ Version, Spec });
    expect(await update('vps-3', { Labels: { disk: 'ssd' } })).toEqual([200, undefined]);
    expect((await read('vps-3')).Spec.Labels).toEqual({ disk: 'ssd' });
  });

  it('becomes a manager, and the last of them stays one', async () => {
    const last = precondition('attempting to demote the last manager of the swarm');
    expect(await update('vps-1', { Role: 'worker' })).toEqual(last);
    await update('vps-2', { Role: 'manager' });
    expect((await read('vps-2')).ManagerStatus).toBeUndefined();
    bed.pass(2);
    expect((await read('vps-2')).ManagerStatus).toMatchObject({ Reachability: 'reachable' });
    expect(at((await bed.ask('/info')).body, 'Swarm', 'Managers')).toBe(2);
  });

  it('is removed when it is down or by force, and leaves orphans', async () => {
    const { ID } = await read('vps-3');
    expect(await remove('vps-3')).toEqual(precondition(`node ${ID} is not down and can't be removed`));
    const manager = await read('vps-1');
    const member =
      'is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal';
    expect(await remove('vps-1', '?force=true')).toEqual(precondition(`node ${manager.ID} ${member}`));
    const before = await runningOn('vps-3');
    expect(await remove('vps-3', '?force=1')).toEqual([200, undefined]);
    expect((await bed.ask('/nodes/vps-3')).status).toBe(404);
    bed.pass(60);
    const orphan = (await bed.ask(`/tasks/${before[0]?.ID}`)).body as Task;
    expect([orphan.Status.State, orphan.DesiredState]).toEqual(['orphaned', 'shutdown']);
    const siblings = bed.world.swarm.store.tasksOf(orphan.ServiceID);
    expect(siblings.filter(each => each.Status.State === 'running')).toHaveLength(1);
  });
});
