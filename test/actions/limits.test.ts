import { afterAll, beforeAll, expect, it } from 'vitest';
import { limitsOf } from '../../src/actions/limits.ts';
import type { Subject } from '../../src/actions/verb.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { Refusal } from '../../src/sources/client.ts';
import { workload } from '../helpers/nouns.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
});
afterAll(() => demo.close());

const scaler = (target: string) => ({
  metadata: { name: `${target}-hpa` },
  spec: { scaleTargetRef: { kind: 'Deployment', name: target }, minReplicas: 2, maxReplicas: 5 },
});

function subject(object: unknown, get: () => Promise<unknown>, change: object = {}): Subject {
  return {
    noun: { ...workload('web'), ...change } as Subject['noun'],
    path: '',
    object,
    client: { target: 'prod', identity: null, get, send: async () => ({}) },
    fleet: new Fleet(),
    stacks: {},
    groups: {},
    texts: null,
    now: 0,
    signal: new AbortController().signal,
  };
}

const deployment = (...limits: object[]) => ({
  spec: { template: { spec: { containers: limits.map(limits => ({ resources: { limits } })) } } },
});

it('tells what each replica may use, and who else sets the number', async () => {
  const get = async () => ({ items: [scaler('other'), scaler('web')] });
  expect(
    await limitsOf(subject(deployment({ cpu: '500m', memory: '512Mi' }, { cpu: '1', memory: '1Gi' }), get)),
  ).toEqual(['each may use 1.5 CPU, 1.5G memory', 'the autoscaler web-hpa keeps it between 2 and 5, and sets it back']);
  const none = async () => ({ items: [] });
  expect(await limitsOf(subject(deployment({ memory: '512Mi' }), none))).toEqual(['each may use any CPU, 512M memory']);
  expect(await limitsOf(subject(deployment({}), none))).toEqual(['no limit is set: each may use what its node has']);
});

it('says where it cannot be read whether there is an autoscaler, and nothing where there is no such API', async () => {
  const refused = (status: number) => async () => {
    throw new Refusal({ what: 'list', on: 'prod', why: 'forbidden', fix: null }, { answer: 'no', status });
  };
  expect((await limitsOf(subject(deployment({}), refused(403)))).slice(1)).toEqual([
    'whether an autoscaler sets it cannot be read: forbidden',
  ]);
  expect((await limitsOf(subject(deployment({}), refused(404)))).slice(1)).toEqual([]);
});

it('tells of a service of a swarm also how many may run on a node', async () => {
  const TaskTemplate = {
    Resources: { Limits: { NanoCPUs: 5e8, MemoryBytes: 2 ** 29 } },
    Placement: { MaxReplicas: 2 },
  };
  const service = subject({ Spec: { TaskTemplate } }, async () => ({}), { system: 'swarm' });
  expect(await limitsOf(service)).toEqual(['each may use 500m CPU, 512M memory', 'at most 2 run on one node']);
});

it.each(['kubernetes/saasodoo/deployment/user-service', 'swarm/service/saasodoo_user-service'])(
  'stands in the dialog that scales %s',
  async id => {
    const { plan } = await demo.propose('scale', await demo.noun(id), { replicas: '+1' });
    expect(plan.notes).toContainEqual(expect.stringMatching(/^(each may use|no limit is set)/));
  },
);
