import { describe, expect, test } from 'vitest';
import { projectPod } from '../../../src/sources/kubernetes/pod.ts';
import {
  type ContainerStatus,
  type Pod,
  type PodSpec,
  type PodStatus,
  podState,
} from '../../../src/sources/kubernetes/pod-state.ts';
import { Shared } from '../../../src/sources/kubernetes/shared.ts';

const projecting = { source: 'prod', shared: new Shared(), now: () => 1_000 };
const project = (pod: Pod) => projectPod(pod, projecting);
const at = (minute: number) => `2026-11-23T12:${String(minute).padStart(2, '0')}:00Z`;

const running: ContainerStatus = { name: 'c', ready: true, restartCount: 0, state: { running: { startedAt: at(0) } } };
const waiting = (reason: string, message?: string): ContainerStatus => ({
  name: 'c',
  ready: false,
  state: { waiting: { reason, message } },
});
const ended = (exitCode: number, reason?: string, signal?: number): ContainerStatus => ({
  name: 'c',
  ready: false,
  state: { terminated: { exitCode, reason, signal } },
});
const ready = { type: 'Ready', status: 'True' };

/** Each was checked against the table that a 1.35 API server prints for the same status. */
describe('STATUS as kubectl prints it', () => {
  const cases: [state: string, status: PodStatus, spec?: PodSpec, metadata?: Pod['metadata']][] = [
    ['Pending', { phase: 'Pending' }],
    ['Unknown', {}],
    ['Running', { phase: 'Running', containerStatuses: [running] }],
    ['ContainerCreating', { phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] }],
    ['CrashLoopBackOff', { phase: 'Running', containerStatuses: [running, waiting('CrashLoopBackOff')] }],
    ['ErrImagePull', { phase: 'Running', containerStatuses: [waiting('ErrImagePull'), waiting('CrashLoopBackOff')] }],
    ['Completed', { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] }],
    ['OOMKilled', { phase: 'Running', containerStatuses: [ended(137, 'OOMKilled')] }],
    ['Error', { phase: 'Failed', containerStatuses: [ended(1, 'Error')] }],
    ['ExitCode:3', { phase: 'Failed', containerStatuses: [ended(3)] }],
    ['Signal:9', { phase: 'Failed', containerStatuses: [ended(137, undefined, 9)] }],
    ['Running', { phase: 'Running', conditions: [ready], containerStatuses: [ended(0, 'Completed'), running] }],
    ['NotReady', { phase: 'Running', containerStatuses: [ended(0, 'Completed'), running] }],
    ['Error', { phase: 'Running', containerStatuses: [ended(0, 'Completed'), ended(1, 'Error')] }],
    ['Evicted', { phase: 'Failed', reason: 'Evicted' }],
    [
      'SchedulingGated',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
    ],
    ['Terminating', { phase: 'Running', containerStatuses: [running] }, {}, { deletionTimestamp: at(1) }],
    ['Unknown', { phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: at(1) }],
    ['Completed', { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] }, {}, { deletionTimestamp: at(1) }],
  ];
  const init = (...states: ContainerStatus[]) => ({
    phase: 'Pending',
    initContainerStatuses: states.map((state, n) => ({ ...state, name: `i${n}` })),
  });
  const two: PodSpec = { initContainers: [{ name: 'i0' }, { name: 'i1' }], containers: [{ name: 'c' }] };
  const sidecar: PodSpec = {
    initContainers: [{ name: 'i0', restartPolicy: 'Always' }, { name: 'i1' }],
    containers: [{ name: 'c' }],
  };
  cases.push(
    ['Init:0/2', init(waiting('PodInitializing'), waiting('PodInitializing')), two],
    ['Init:1/2', init(ended(0, 'Completed'), running), two],
    ['Init:CrashLoopBackOff', init(waiting('CrashLoopBackOff')), two],
    ['Init:Error', init(ended(1, 'Error')), two],
    ['Init:ExitCode:2', init(ended(2)), two],
    ['Init:Signal:9', init(ended(2, undefined, 9)), two],
    ['Init:1/2', init({ ...running, started: true }, waiting('PodInitializing')), sidecar],
    ['Init:0/2', init({ ...running, started: false }), sidecar],
    [
      'PodInitializing',
      { ...init(ended(0, 'Completed'), ended(0)), containerStatuses: [waiting('PodInitializing')] },
      two,
    ],
  );

  test.each(cases)('%s', (state, status, spec = {}, metadata = {}) => {
    expect(podState({ metadata, spec, status }).state).toBe(state);
  });

  test('READY and RESTARTS count sidecars, but not what only starts the pod', () => {
    const last = (minute: number) => ({ lastState: { terminated: { finishedAt: at(minute) } } });
    const state = podState({
      spec: {
        initContainers: [{ name: 'side', restartPolicy: 'Always' }, { name: 'start' }],
        containers: [{ name: 'c' }, { name: 'd' }],
      },
      status: {
        initContainerStatuses: [
          { ...running, name: 'side', started: true, restartCount: 2, ...last(5) },
          { ...ended(0), name: 'start', restartCount: 7, ...last(9) },
        ],
        containerStatuses: [
          { ...running, restartCount: 1, ...last(3) },
          { ...waiting('CrashLoopBackOff'), name: 'd', restartCount: 4 },
        ],
      },
    });
    expect(state).toMatchObject({ containers: 3, containersReady: 2, restarts: 7, lastRestartAt: Date.parse(at(5)) });
  });
});

describe('message', () => {
  const crash = (last: object): ContainerStatus => ({
    ...waiting('CrashLoopBackOff', 'back-off 5m0s restarting'),
    lastState: { terminated: last },
  });
  const cases: [string | null, PodStatus][] = [
    [
      'exit 1, database "odoo" does not exist',
      {
        containerStatuses: [
          crash({ exitCode: 1, reason: 'Error', message: 'start\ndatabase "odoo" does not exist\n' }),
        ],
      },
    ],
    ['exit 137 (OOMKilled)', { containerStatuses: [crash({ exitCode: 137, reason: 'OOMKilled' })] }],
    ['back-off 5m0s restarting', { containerStatuses: [waiting('CrashLoopBackOff', 'back-off 5m0s restarting')] }],
    ['pull access denied', { containerStatuses: [waiting('ErrImagePull', 'pull access denied')] }],
    ['exit 1', { phase: 'Failed', containerStatuses: [ended(1, 'Error')] }],
    [null, { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] }],
    ['The node was low on memory.', { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' }],
    [
      '0/3 nodes are available',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }] },
    ],
    [
      'containers with unready status: [c]',
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False', message: 'containers with unready status: [c]' }],
      },
    ],
    [null, { phase: 'Running', conditions: [ready], containerStatuses: [running] }],
    [
      'exit 1, cannot reach postgres://odoo:********@db/x',
      { containerStatuses: [crash({ exitCode: 1, message: 'cannot reach postgres://odoo:hunter2@db/x' })] },
    ],
    ['exit 1, ␛[31mred', { containerStatuses: [crash({ exitCode: 1, message: '\u001b[31mred' })] }],
  ];
  test.each(cases)('%s', (message, status) => expect(project({ status }).message).toBe(message));
});

describe('workload', () => {
  const owned = (kind: string, name: string, labels = {}) =>
    project({ metadata: { name: 'p', namespace: 'shop', labels, ownerReferences: [{ kind, name, controller: true }] } })
      .workload;

  test('is found without reading ReplicaSets', () => {
    expect(owned('ReplicaSet', 'web-api-589d4459b6', { 'pod-template-hash': '589d4459b6' })).toBe(
      'prod/shop/deployment/web-api',
    );
    expect(owned('ReplicaSet', 'by-hand', {})).toBeNull();
    expect(owned('ReplicaSet', 'by-hand', { 'pod-template-hash': '589d4459b6' })).toBeNull();
    expect(owned('StatefulSet', 'db')).toBe('prod/shop/statefulset/db');
    expect(owned('DaemonSet', 'agent')).toBe('prod/shop/daemonset/agent');
    expect(owned('Job', 'once')).toBe('prod/shop/job/once');
    expect(owned('PostgresCluster', 'x')).toBeNull();
    expect(project({ metadata: { name: 'p' } }).workload).toBeNull();
  });

  test('what has ended and will not start again is not wanted', () => {
    const wanted = (kind: string | null, restartPolicy: string, phase: string, more = {}) =>
      project({
        metadata: { ownerReferences: kind ? [{ kind, name: 'x' }] : [], ...more },
        spec: { restartPolicy },
        status: { phase },
      }).wanted;
    expect(wanted('ReplicaSet', 'Always', 'Running')).toBe('running');
    expect(wanted('ReplicaSet', 'Always', 'Failed')).toBe('gone');
    expect(wanted('ReplicaSet', 'Always', 'Running', { deletionTimestamp: at(1) })).toBe('gone');
    expect(wanted('Job', 'Never', 'Failed')).toBe('completed');
    expect(wanted('Job', 'OnFailure', 'Running')).toBe('completed');
    expect(wanted(null, 'Always', 'Failed')).toBe('running');
    expect(wanted(null, 'Never', 'Succeeded')).toBe('completed');
  });
});

describe('requests and limits', () => {
  const needs = (cpu?: string, memory?: string, limit?: string) => ({
    resources: { requests: { cpu, memory }, limits: limit ? { cpu: limit, memory: limit } : {} },
  });

  test('are summed; a limit holds only when every container has one', () => {
    const spec = { containers: [needs('250m', '64Mi', '1'), needs('50m', undefined, '500m')] };
    expect(project({ spec })).toMatchObject({
      cpuRequestMillicores: 300,
      memoryRequestBytes: 64 * 1024 ** 2,
      cpuLimitMillicores: 1500,
      memoryLimitBytes: 2,
    });
    expect(project({ spec: { containers: [needs('1', '1', '1'), needs()] } })).toMatchObject({
      cpuLimitMillicores: null,
      cpuRequestMillicores: 1000,
    });
    expect(project({ spec: { containers: [needs()] } })).toMatchObject({
      cpuRequestMillicores: null,
      memoryRequestBytes: null,
    });
    expect(project({})).toMatchObject({ cpuRequestMillicores: null, cpuLimitMillicores: null });
  });

  test('init containers count where they need more, sidecars always, and so does overhead', () => {
    const spec: PodSpec = {
      containers: [needs('100m')],
      initContainers: [{ ...needs('50m'), restartPolicy: 'Always' }, needs('400m'), needs('200m')],
      overhead: { cpu: '10m' },
    };
    expect(project({ spec }).cpuRequestMillicores).toBe(460);
    expect(project({ spec: { ...spec, resources: { requests: { cpu: '2' } } } }).cpuRequestMillicores).toBe(2010);
  });
});

test('a whole pod', () => {
  const pod: Pod = {
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '7',
      creationTimestamp: at(0),
      labels: { app: 'web', 'controller-uid': 'x' },
    },
    spec: { nodeName: 'n1', restartPolicy: 'Always', containers: [{ name: 'c', image: 'web:1' }] },
    status: {
      phase: 'Running',
      podIP: '10.1.0.1',
      startTime: at(1),
      conditions: [ready],
      containerStatuses: [{ ...running, lastState: { terminated: { exitCode: 143 } } }],
    },
  };
  expect(project(pod)).toEqual({
    id: 'prod/shop/pod/web-1',
    kind: 'replica',
    name: 'web-1',
    source: 'prod',
    namespace: 'shop',
    observedAt: 1_000,
    uid: 'u',
    version: '7',
    createdAt: Date.parse(at(0)),
    labels: { app: 'web' },
    system: 'kubernetes',
    workload: null,
    node: 'prod/node/n1',
    state: 'Running',
    ready: true,
    wanted: 'running',
    containers: 1,
    containersReady: 1,
    restarts: 0,
    lastRestartAt: null,
    message: null,
    exitCode: 143,
    startedAt: Date.parse(at(1)),
    ip: '10.1.0.1',
    image: 'web:1',
    cpuUsedMillicores: null,
    memoryUsedBytes: null,
    cpuRequestMillicores: null,
    cpuLimitMillicores: null,
    memoryRequestBytes: null,
    memoryLimitBytes: null,
    slot: null,
  });
});

test('ten thousand pods share what they have in common', () => {
  const one = project({ metadata: { name: 'a', namespace: 'shop', labels: { app: 'web' } }, spec: { nodeName: 'n1' } });
  const two = project({ metadata: { name: 'b', namespace: 'shop', labels: { app: 'web' } }, spec: { nodeName: 'n1' } });
  expect(one.labels).toBe(two.labels);
  expect(Object.isFrozen(one.labels)).toBe(true);
});
