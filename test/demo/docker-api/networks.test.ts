import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, DockerBed } from '../bed.ts';

let bed: DockerBed;
beforeEach(async () => {
  bed = await new DockerBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const call = async (method: string, path: string, body?: object) => {
  const reply = await bed.ask(path, { method, body });
  return [reply.status, at(reply.body, 'message') ?? reply.body];
};
const idOf = async (path: string) => {
  const { body } = await bed.ask(path);
  return at(body, 'Id') ?? at(body, 'ID');
};
const rpc = (why: string) => [400, `rpc error: code = FailedPrecondition desc = ${why}`];

describe('a network', () => {
  it('is made for the whole swarm when it is an overlay, once by each name, and removed', async () => {
    const body = { Name: 'mine', Driver: 'overlay', Labels: { a: 'b' } };
    const id = expect.stringMatching(/^\w{25}$/);
    expect(await call('POST', '/networks/create', body)).toEqual([201, { Id: id, Warning: '' }]);
    const { body: made } = await bed.ask('/networks/mine');
    expect(made).toMatchObject({ Scope: 'swarm', Labels: { a: 'b' }, IPAM: { Config: [{ Subnet: '10.0.2.0/24' }] } });
    expect(await call('POST', '/networks/create', body)).toEqual([409, 'network with name mine already exists']);
    expect(await call('DELETE', '/networks/mine')).toEqual([204, null]);
    expect(await call('DELETE', '/networks/mine')).toEqual([404, 'network mine not found']);
  });

  it('stays while a service has it, but does not wait for tasks that are stopping', async () => {
    await call('POST', '/networks/create', { Name: 'mine', Driver: 'overlay' });
    const TaskTemplate = { ContainerSpec: { Image: 'postgres:18-alpine' }, Networks: [{ Target: 'mine' }] };
    await call('POST', '/services/create', { Name: 'web', TaskTemplate });
    bed.pass(10);
    const [network, service] = [await idOf('/networks/mine'), await idOf('/services/web')];
    expect(await call('DELETE', '/networks/mine')).toEqual(rpc(`network ${network} is in use by service ${service}`));
    await call('DELETE', '/services/web');
    expect(bed.world.swarm.store.tasksOf(String(service))).toHaveLength(1);
    expect(await call('DELETE', '/networks/mine')).toEqual([204, null]);
  });

  it('that the engine or the swarm needs is not removed', async () => {
    expect(await call('DELETE', '/networks/bridge')).toEqual([
      403,
      'bridge is a pre-defined network and cannot be removed',
    ]);
    const traefik = await idOf('/services/saasodoo_traefik');
    expect(await call('DELETE', '/networks/ingress')).toEqual(
      rpc(`ingress network cannot be removed because service ${traefik} depends on it`),
    );
  });
});
