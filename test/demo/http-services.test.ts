import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpServices, serveHttp } from '../../src/demo/http-services.ts';
import { at, Bed } from './bed.ts';

let bed: Bed;
let http: HttpServices;
beforeAll(async () => {
  bed = new Bed({ preset: 'still' });
  http = await serveHttp(bed.world);
});
afterAll(() => http.close());

function ask(host: string, path: string, { method = 'GET', body }: { method?: string; body?: object } = {}) {
  return new Promise<{ status: number; text: string; body: unknown }>((resolve, reject) => {
    const call = request(`${http.url}${path}`, { method, agent: false, headers: { host } }, async response => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const isJson = response.headers['content-type'] === 'application/json';
      resolve({ status: response.statusCode ?? 0, text, body: isJson ? JSON.parse(text) : null });
    });
    call.on('error', reject);
    call.end(body && JSON.stringify(body));
  });
}

describe('the services behind their hosts', () => {
  it('say that they are well without looking', async () => {
    for (const name of ['user', 'instance', 'billing', 'database']) {
      const { status, body } = await ask('api.saasodoo.test', `/${name}/health`);
      expect([status, at(body, 'status'), at(body, 'service')]).toEqual([200, 'healthy', `${name}-service`]);
    }
    expect((await ask('app.saasodoo.test', '/')).status).toBe(200);
    expect((await ask('globex.saasodoo.test', '/')).text).toContain('Globex');
    expect((await ask('nobody.saasodoo.test', '/')).text).toBe('404 page not found\n');
  });

  it('are not there when nobody runs: the proxy says so', async () => {
    const service = bed.world.swarm.store.list('service').find(each => each.Spec.Name === 'saasodoo_billing-service')!;
    bed.world.swarm.updateService(service, { ...service.Spec, Mode: { Replicated: { Replicas: 0 } } });
    bed.until(() => bed.world.swarm.store.tasksOf(service.ID).every(each => each.Status.State !== 'running'));
    const { status, text } = await ask('api.saasodoo.test', '/billing/health');
    expect([status, text]).toEqual([503, 'no available server\n']);
  });
});

describe('the database-service', () => {
  const admin = '/database/api/database/admin';

  it('counts its pools as its own record has them', async () => {
    const { body } = await ask('api.saasodoo.test', `${admin}/pools`);
    expect(at(body, 'total_count')).toBe(3);
    const pool = at(body, 'pools', 0) as { id: string };
    expect(pool).toMatchObject({
      name: 'postgres-pool-1',
      current_instances: 18,
      max_instances: 50,
      capacity_percentage: 36,
    });
    const one = await ask('api.saasodoo.test', `${admin}/pools/${pool.id}`);
    expect(at(one.body, 'swarm_service_name')).toBe('postgres-pool-1');
    const stats = await ask('api.saasodoo.test', `${admin}/stats`);
    expect(stats.body).toMatchObject({ total_pools: 3, total_capacity: 150, total_used: 40 });
    const check = await ask('api.saasodoo.test', `${admin}/pools/${pool.id}/health-check`, { method: 'POST' });
    expect(at(check.body, 'health_status')).toBe('healthy');
    expect((await ask('api.saasodoo.test', `${admin}/pools/nope`)).status).toBe(404);
  });
});

describe('the instance-service', () => {
  it('backs a tenant up: a job first, then the files', async () => {
    const instance = bed.world.shape.instances.find(each => each.databaseName === 'globex')!;
    const actions = `/instance/api/v1/instances/${instance.id}/actions`;
    const before = bed.world.storage.backups.length;
    const answer = await ask('api.saasodoo.test', actions, { method: 'POST', body: { action: 'backup' } });
    expect(answer.status).toBe(202);
    const job = bed.world.cluster.store
      .list('jobs')
      .find(each => each.metadata.name.startsWith(`backup-${instance.id}-`));
    expect(job?.spec.ttlSecondsAfterFinished).toBe(300);
    bed.until(() => bed.world.storage.backups.length === before + 1);
    const { body } = await ask('api.saasodoo.test', `/instance/api/v1/instances/${instance.id}/backups`);
    expect(at(body, 'backups')).toHaveLength(2);
    const refused = await ask('api.saasodoo.test', actions, { method: 'POST', body: { action: 'terminate' } });
    expect(refused.status).toBe(422);
  });

  it('stops and starts a tenant where it runs', async () => {
    const instance = bed.world.shape.instances.find(each => each.system === 'kubernetes' && each.status === 'running')!;
    const act = (action: string) =>
      ask('api.saasodoo.test', `/instance/api/v1/instances/${instance.id}/actions`, {
        method: 'POST',
        body: { action },
      });
    const deployment = () => bed.world.cluster.store.get('deployments', 'saasodoo', instance.serviceName);
    await act('stop');
    bed.until(() => deployment()?.status.replicas === undefined);
    await act('start');
    bed.until(() => deployment()?.status.readyReplicas === 1);
  });
});
