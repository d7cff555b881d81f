import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specOf } from '../../src/sources/kubernetes/specs.ts';
import { isSocket } from '../../src/sources/spec.ts';
import { specsOf } from '../../src/sources/swarm/specs.ts';
import { OnDemo } from '../actions/on-demo.ts';

const SIGNAL = new AbortController().signal;

describe('a specification of Kubernetes', () => {
  const of = (container: object, pod: object = {}) =>
    specOf('prod', 'deployment', {
      metadata: { name: 'web', namespace: 'shop' },
      spec: { template: { spec: { containers: [{ name: 'main', ...container }], ...pod } } },
    }).containers[0];

  it('has requests and limits in base units, and null where there are none', () => {
    const resources = { requests: { cpu: '150m', memory: '128Mi' }, limits: { memory: '1G' } };
    expect(of({ resources })).toMatchObject({
      cpuRequestMillicores: 150,
      cpuLimitMillicores: null,
      memoryRequestBytes: 128 * 2 ** 20,
      memoryLimitBytes: 1e9,
    });
  });

  it.each([
    [{}, {}, null],
    [{ securityContext: { runAsUser: 0 } }, {}, true],
    [{ securityContext: { runAsUser: 1000 } }, { securityContext: { runAsUser: 0 } }, false],
    [{}, { securityContext: { runAsNonRoot: true } }, false],
    [{}, { securityContext: { runAsNonRoot: false } }, null],
  ])('says whether it runs as root: %j in %j: %j', (container, pod, root) => {
    expect(of(container, pod)?.root).toBe(root);
  });

  it('has the socket only where it is mounted into the container', () => {
    const volumes = [{ name: 'sock', hostPath: { path: '/var/run/docker.sock' } }, { name: 'data' }];
    expect(of({ volumeMounts: [{ name: 'sock' }] }, { volumes })?.socket).toBe(true);
    expect(of({ volumeMounts: [{ name: 'data' }] }, { volumes })?.socket).toBe(false);
  });

  it('tells the strategy, whether its numbers are numbers or shares', () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } };
    expect(specOf('prod', 'deployment', { metadata: { name: 'web' }, spec: { strategy } }).strategy).toEqual({
      type: 'RollingUpdate',
      maxSurge: '1',
      maxUnavailable: '25%',
    });
  });

  it('is read of whatever a server answers', () => {
    const broken = { metadata: {}, spec: { template: { spec: { containers: [null, { volumeMounts: 3 }] } } } };
    expect(specOf('prod', 'cronjob', broken as never).containers).toHaveLength(1);
  });
});

describe('a specification of Swarm', () => {
  const of = (ContainerSpec: object) =>
    specsOf('swarm', [{ ID: 'w2k7', Spec: { Name: 'web', TaskTemplate: { ContainerSpec } } }])[0]?.containers[0];

  it.each([
    [{}, { checked: null, root: null, socket: false }],
    [
      { Healthcheck: { Test: ['NONE'] }, User: '0:0' },
      { checked: false, root: true },
    ],
    [
      { Healthcheck: { Test: ['CMD', 'true'] }, User: 'app' },
      { checked: true, root: false },
    ],
    [{ Mounts: [{ Type: 'bind', Source: '/run/docker.sock' }] }, { socket: true }],
  ])('of %j', (container, expected) => {
    expect(of(container)).toMatchObject(expected);
  });

  it('is nothing where no list came', () => expect(specsOf('swarm', { message: 'no' })).toEqual([]));
});

it.each([
  ['/var/run/docker.sock', true],
  ['/run/containerd/containerd.sock', true],
  ['/run/k3s/containerd/containerd.sock', true],
  ['/var/run', true],
  ['/var/run/postgresql', false],
  ['/mnt/cephfs/run', false],
])('%s gives away the machine: %s', (path, expected) => expect(isSocket(path)).toBe(expected));

describe('on the embedded platform', () => {
  let on: OnDemo;
  beforeAll(async () => {
    on = await OnDemo.start();
    await on.noun('kubernetes/saasodoo/deployment/user-service');
    await on.noun('swarm/service/saasodoo_user-service');
  }, 60_000);
  afterAll(() => on?.close());

  it('every workload that runs all the time has one, under its own id', async () => {
    const specs = await Promise.all(
      ['kubernetes', 'swarm'].map(name => on.fleet.source(name)?.specs?.(['saasodoo', 'kube-system'], SIGNAL)),
    );
    const known = new Set(specs.flatMap(list => list ?? []).map(({ workload }) => workload));
    const all = [...on.fleet.all('workload').values()].filter(({ type }) => !/^(Replicated|Global)?Job$/.test(type));
    expect(all.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
    expect(all.length).toBeGreaterThan(50);
  });

  it('all at once are the same as those of each namespace', async () => {
    const read = (namespaces: string[]) => on.fleet.source('kubernetes')?.specs?.(namespaces, SIGNAL);
    const many = Array.from({ length: 30 }, (_, index) => `n${index}`);
    expect(await read(many)).toHaveLength((await read(['saasodoo', 'kube-system']))?.length ?? -1);
  });

  it('the cluster says what a service account may do', async () => {
    const client = on.fleet.source('kubernetes')?.client?.();
    const may = (verb: string, account: string) =>
      client?.forbids?.(
        { verb, group: 'batch', resource: 'jobs', namespace: 'saasodoo' },
        SIGNAL,
        `system:serviceaccount:saasodoo:${account}`,
      );
    expect(await may('create', 'instance-service-sa')).toBeNull();
    expect(await may('patch', 'instance-service-sa')).toMatch(/may not patch jobs/);
    expect(await may('create', 'default')).toMatch(/may not create jobs/);
  });
});
