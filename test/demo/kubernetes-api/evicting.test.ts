import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, KubernetesBed } from '../bed.ts';

const PODS = '/api/v1/namespaces/saasodoo/pods';
const BUDGETS = '/apis/policy/v1/namespaces/saasodoo/poddisruptionbudgets';
let bed: KubernetesBed;
beforeEach(async () => {
  bed = await new KubernetesBed({ preset: 'still' }).open();
});
afterEach(() => bed.api.close());

const podsOf = (name: string) =>
  bed.world.cluster.store
    .list('pods', 'saasodoo')
    .filter(each => each.metadata.labels?.['app.kubernetes.io/name'] === name)
    .map(each => each.metadata.name);
const evict = (pod: string, query = '') =>
  bed.ask(`${PODS}/${pod}/eviction${query}`, {
    method: 'POST',
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } },
  });
const budget = (name: string) => bed.world.cluster.store.get('poddisruptionbudgets', 'saasodoo', name)?.status;

describe('disruption budgets', () => {
  it('tell how many may go', async () => {
    const { body } = await bed.ask(BUDGETS);
    const items = at(body, 'items') as unknown[];
    const told = items.map(each => [
      at(each, 'metadata', 'name'),
      ...['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'].map(key => at(each, 'status', key)),
    ]);
    expect(told).toEqual([
      ['instance-service', 1, 2, 1, 2],
      ['postgres', 0, 1, 1, 1],
      ['user-service', 1, 3, 2, 3],
    ]);
  });

  it('let one go and not the next, until another has taken its place', async () => {
    const [first = '', second = ''] = podsOf('user-service');
    expect((await evict(first, '?dryRun=All')).status).toBe(201);
    expect(budget('user-service')?.disruptionsAllowed).toBe(1);
    expect((await evict(first)).status).toBe(201);
    const refused = await evict(second);
    expect(refused.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      reason: 'TooManyRequests',
      details: {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: expect.stringMatching(/^The disruption budget user-service needs 2 healthy pods and has \d cur/),
          },
        ],
      },
      code: 429,
    });
    bed.until(() => budget('user-service')?.disruptionsAllowed === 1);
    expect((await evict(second)).status).toBe(201);
  });

  it('never let the only one go, but a client may delete it', async () => {
    expect((await evict('postgres-0')).status).toBe(429);
    expect((await bed.ask(`${PODS}/postgres-0`, { method: 'DELETE' })).status).toBe(200);
    // What is going already is asked for by no budget.
    expect((await evict('postgres-0')).status).toBe(201);
  });

  it('follow their workload: fewer wanted, fewer needed', async () => {
    await bed.patch('/apis/apps/v1/namespaces/saasodoo/deployments/instance-service', { spec: { replicas: 4 } });
    bed.until(() => budget('instance-service')?.currentHealthy === 4);
    expect(budget('instance-service')).toMatchObject({ desiredHealthy: 3, disruptionsAllowed: 1, expectedPods: 4 });
  });
});
