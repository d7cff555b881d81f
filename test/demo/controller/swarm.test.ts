import { beforeEach, describe, expect, it } from 'vitest';
import { setAvailability } from '../../../src/demo/controller/swarm/genesis.ts';
import type { ServiceSpec, Task } from '../../../src/demo/controller/swarm/objects.ts';
import { Bed } from '../bed.ts';

let bed: Bed;
beforeEach(() => {
  // Still: nothing but what the test does.
  bed = new Bed({ preset: 'still' });
});

const swarm = () => bed.world.swarm;
const service = (name: string) =>
  swarm()
    .store.list('service')
    .find(each => each.Spec.Name === name)!;
const tasks = (name: string) => swarm().store.tasksOf(service(name).ID);
const current = (name: string) => tasks(name).filter(each => ['running', 'ready'].includes(each.DesiredState));
const running = (name: string) => current(name).filter(each => each.Status.State === 'running');
const update = (name: string, change: (spec: ServiceSpec) => ServiceSpec) =>
  swarm().updateService(service(name), change(service(name).Spec));
const scale = (name: string, Replicas: number) =>
  update(name, spec => ({ ...spec, Mode: { Replicated: { Replicas } } }));
const withImage = (name: string, Image: string) =>
  update(name, spec => ({
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...spec.TaskTemplate.ContainerSpec, Image } },
  }));
const hostOf = ({ NodeID }: Task) => (NodeID ? swarm().store.get('node', NodeID)?.Description.Hostname : null);

describe('a replicated service', () => {
  it('is scaled up over the nodes, and down without a trace', () => {
    scale('saasodoo_user-service', 3);
    bed.until(() => running('saasodoo_user-service').length === 3);
    expect(new Set(running('saasodoo_user-service').map(hostOf)).size).toBe(3);
    scale('saasodoo_user-service', 1);
    bed.until(() => tasks('saasodoo_user-service').length === 1);
  });

  it('starts the new task first where it is told so, then stops the old one', () => {
    const old = running('saasodoo_user-service')[0]!;
    update('saasodoo_user-service', spec => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 } }));
    const together: number[] = [];
    bed.until(() => {
      together.push(tasks('saasodoo_user-service').filter(each => each.Status.State === 'running').length);
      return service('saasodoo_user-service').UpdateStatus?.State === 'completed';
    });
    expect(Math.min(...together)).toBe(1);
    expect(swarm().store.get('task', old.ID)?.Status.State).toBe('shutdown');
  });

  it('stops the old task first by default', () => {
    update('saasodoo_redis', spec => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 } }));
    let fewest = 1;
    bed.until(() => {
      fewest = Math.min(fewest, running('saasodoo_redis').length);
      return service('saasodoo_redis').UpdateStatus?.State === 'completed';
    });
    expect(fewest).toBe(0);
  });

  it('pauses an update whose task fails, and goes back when it is told to', () => {
    withImage('saasodoo_redis', 'nosuch/image:9');
    bed.until(() => service('saasodoo_redis').UpdateStatus?.State === 'paused');
    const { UpdateStatus } = service('saasodoo_redis');
    expect(UpdateStatus?.Message).toMatch(/^update paused due to failure or early termination of task \w{25}$/);
    const refused = tasks('saasodoo_redis').find(each => each.Status.State === 'rejected');
    expect(refused?.Status.Err).toBe('No such image: nosuch/image:9');
    expect(swarm().rollBack(service('saasodoo_redis'), 'manually requested rollback')).toBe(true);
    bed.until(() => service('saasodoo_redis').UpdateStatus?.State === 'rollback_completed');
    expect(running('saasodoo_redis')).toHaveLength(1);
  });

  it('restarts what fails after its delay, keeps five of the past, and rests when its attempts are spent', () => {
    const crash = { exitCode: 3, afterMs: 500, lastLine: '' };
    swarm().setFault('saasodoo_mailhog', { crash, unhealthy: false });
    bed.pass(120);
    const failed = tasks('saasodoo_mailhog').filter(each => each.Status.State === 'failed');
    expect(failed).toHaveLength(5);
    expect(failed[0]?.Status.Err).toBe('task: non-zero exit (3)');
    const [first, second] = failed.map(each => Date.parse(each.Status.Timestamp));
    expect(second! - first!).toBeGreaterThan(5_000);
    // rabbitmq: at most 3 attempts
    swarm().setFault('saasodoo_rabbitmq', { crash, unhealthy: false });
    bed.pass(120);
    expect(current('saasodoo_rabbitmq')).toEqual([]);
    expect(tasks('saasodoo_rabbitmq').filter(each => each.Status.State === 'failed')).toHaveLength(4);
  });

  it('waits for a node that suits it, and says why', () => {
    update('saasodoo_redis', spec => ({
      ...spec,
      TaskTemplate: { ...spec.TaskTemplate, Placement: { Constraints: ['node.labels.ssd == yes'] } },
    }));
    bed.until(() => current('saasodoo_redis').some(each => each.Status.State === 'pending'));
    expect(current('saasodoo_redis')[0]?.Status.Err).toBe(
      'no suitable node (scheduling constraints not satisfied on 3 nodes)',
    );
    const node = swarm().store.list('node')[2]!;
    swarm().store.modify('node', node.ID, now => ({ ...now, Spec: { ...now.Spec, Labels: { ssd: 'yes' } } }));
    bed.until(() => running('saasodoo_redis').length === 1);
    expect(hostOf(running('saasodoo_redis')[0]!)).toBe(node.Description.Hostname);
  });
});

describe('a global service', () => {
  it('has a task on each node, and none on one that is drained', () => {
    const { Spec } = service('saasodoo_redis');
    const { ID } = swarm().createService({ ...Spec, Name: 'agent', Mode: { Global: {} } });
    bed.until(() => running('agent').length === 3);
    setAvailability(swarm(), 'vps-2', 'drain');
    bed.until(() => running('agent').length === 2);
    setAvailability(swarm(), 'vps-2', 'active');
    bed.until(() => running('agent').length === 3);
    swarm().removeService(ID);
    bed.until(() => swarm().store.tasksOf(ID).length === 0);
  });
});

describe('a node', () => {
  it('that is lost is down; its tasks go on saying that they run, others take their place; back, they have failed', () => {
    const lost = swarm()
      .store.list('node')
      .find(each => each.Description.Hostname === 'vps-3')!;
    const there = swarm().tasksOn(lost.ID);
    expect(there.length).toBeGreaterThan(3);
    swarm().loseNode('vps-3');
    bed.until(() => swarm().store.get('node', lost.ID)?.Status.State === 'down');
    expect(swarm().store.get('node', lost.ID)?.Status.Message).toBe('heartbeat failure');
    bed.pass(60);
    const now = there.map(each => swarm().store.get('task', each.ID)!);
    expect(new Set(now.map(each => `${each.Status.State}/${each.DesiredState}`))).toEqual(
      new Set(['running/shutdown']),
    );
    for (const { ServiceID } of there) {
      const next = swarm()
        .store.tasksOf(ServiceID)
        .filter(each => each.DesiredState === 'running');
      expect(next.map(each => each.Status.State)).toEqual(['running']);
    }
    swarm().returnNode('vps-3');
    expect(swarm().store.get('task', there[0]!.ID)?.Status).toMatchObject({
      State: 'failed',
      Err: 'task: non-zero exit (255)',
    });
  });

  it('that is drained is emptied', () => {
    setAvailability(swarm(), 'vps-3', 'drain');
    const lost = swarm()
      .store.list('node')
      .find(each => each.Description.Hostname === 'vps-3')!;
    bed.until(() => swarm().tasksOn(lost.ID).length === 0);
    bed.pass(30);
    const down = swarm()
      .store.list('service')
      .filter(each => running(each.Spec.Name).length !== (each.Spec.Mode.Replicated?.Replicas ?? 1));
    expect(down).toEqual([]);
  });
});
