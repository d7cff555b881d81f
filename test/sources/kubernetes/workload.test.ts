import { describe, expect, test } from 'vitest';
import { managedBy } from '../../../src/sources/kubernetes/managed-by.ts';
import { type NodeObject, projectNode } from '../../../src/sources/kubernetes/node.ts';
import { projectClaim, projectService } from '../../../src/sources/kubernetes/service.ts';
import { Shared } from '../../../src/sources/kubernetes/shared.ts';
import {
  type Deployment,
  type Job,
  projectCronJob,
  projectDaemonSet,
  projectDeployment,
  projectJob,
  projectStatefulSet,
} from '../../../src/sources/kubernetes/workload.ts';

const projecting = { source: 'prod', shared: new Shared(), now: () => 1_000 };
const AT = '2026-11-23T12:00:00Z';
const at = Date.parse(AT);

describe('Deployment', () => {
  const project = (spec: Deployment['spec'], status: Deployment['status'], generation = 1) =>
    projectDeployment({ metadata: { name: 'web', namespace: 'shop', generation }, spec, status }, projecting);
  const well = { observedGeneration: 1, replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3 };
  const condition = (type: string, status: string, reason: string, message?: string) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: AT,
  });
  const done = condition('Progressing', 'True', 'NewReplicaSetAvailable');

  test('at its count', () => {
    expect(
      project({ replicas: 3, strategy: { type: 'RollingUpdate' } }, { ...well, conditions: [done] }),
    ).toMatchObject({
      id: 'prod/shop/deployment/web',
      type: 'Deployment',
      wanted: 3,
      ready: 3,
      updated: 3,
      rollout: null,
      message: null,
      strategy: 'RollingUpdate',
    });
  });

  test.each([
    ['its controller has not read the newest specification', { replicas: 3 }, { ...well, conditions: [done] }, 2],
    ['old replicas are left', { replicas: 3 }, { ...well, replicas: 4 }, 1],
    ['new replicas are missing', { replicas: 3 }, { ...well, updatedReplicas: 2 }, 1],
    ['new replicas are not available', { replicas: 3 }, { ...well, availableReplicas: 2 }, 1],
    ['nothing is told yet', { replicas: 3 }, {}, 1],
  ])('is updating while %s', (_why, spec, status, generation) => {
    expect(project(spec, status, generation).rollout).toEqual({ state: 'updating', message: null, since: null });
  });

  test('a replica that fails after the rollout is no rollout', () => {
    const status = {
      ...well,
      availableReplicas: 1,
      readyReplicas: 1,
      conditions: [done, condition('Available', 'False', 'Min', 'Deployment does not have minimum availability.')],
    };
    expect(project({ replicas: 3 }, status)).toMatchObject({
      rollout: null,
      message: 'Deployment does not have minimum availability.',
    });
  });

  test('a stuck rollout failed, and a quota says why', () => {
    const stuck = condition(
      'Progressing',
      'False',
      'ProgressDeadlineExceeded',
      'ReplicaSet "web-1" has timed out progressing.',
    );
    const quota = condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota: pods=3');
    expect(project({ replicas: 3 }, { ...well, conditions: [stuck, quota] })).toMatchObject({
      rollout: { state: 'failed', message: 'ReplicaSet "web-1" has timed out progressing.', since: at },
      message: 'exceeded quota: pods=3',
    });
  });

  test('paused', () => {
    expect(project({ replicas: 3, paused: true }, well).rollout).toMatchObject({ state: 'paused' });
  });

  test('without a status nothing is known, and 0 of 0 is 0', () => {
    expect(project({ replicas: 3 }, undefined)).toMatchObject({ wanted: 3, ready: null, updated: null });
    expect(project({ replicas: 0 }, { observedGeneration: 1 })).toMatchObject({ wanted: 0, ready: 0, rollout: null });
  });
});

test('StatefulSet: a partition holds replicas back on purpose', () => {
  const project = (partition: number, updatedReplicas: number) =>
    projectStatefulSet(
      {
        metadata: { name: 'db', namespace: 'shop', generation: 2 },
        spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } },
        status: { observedGeneration: 2, readyReplicas: 3, updatedReplicas, currentRevision: 'a', updateRevision: 'b' },
      },
      projecting,
    ).rollout?.state;
  expect(project(0, 1)).toBe('updating');
  expect(project(2, 1)).toBeUndefined();
});

test('DaemonSet', () => {
  const project = (type: string) =>
    projectDaemonSet(
      {
        metadata: { name: 'agent', namespace: 'shop', generation: 1 },
        spec: { updateStrategy: { type } },
        status: { observedGeneration: 1, desiredNumberScheduled: 3, numberReady: 2, updatedNumberScheduled: 1 },
      },
      projecting,
    );
  expect(project('RollingUpdate')).toMatchObject({ wanted: 3, ready: 2, updated: 1, rollout: { state: 'updating' } });
  expect(project('OnDelete').rollout).toBeNull();
});

describe('Job', () => {
  const project = (spec: Job['spec'], status: Job['status']) =>
    projectJob(
      {
        metadata: { name: 'once', namespace: 'shop', ownerReferences: [{ kind: 'CronJob', name: 'nightly' }] },
        spec,
        status,
      },
      projecting,
    );

  test('running', () => {
    expect(project({ completions: 4 }, { succeeded: 1, ready: 2, startTime: AT })).toMatchObject({
      wanted: 4,
      ready: 2,
      succeeded: 1,
      failed: 0,
      message: null,
      finishedAt: null,
      lastRunAt: at,
      owner: 'prod/shop/cronjob/nightly',
      managedBy: null,
    });
  });

  test('done, and failed', () => {
    const complete = [{ type: 'Complete', status: 'True', lastTransitionTime: AT }];
    expect(project({}, { succeeded: 1, completionTime: AT, conditions: complete })).toMatchObject({
      wanted: 1,
      finishedAt: at,
      message: null,
    });
    const failed = [
      { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'too often', lastTransitionTime: AT },
    ];
    expect(project({}, { failed: 7, conditions: failed })).toMatchObject({
      failed: 7,
      finishedAt: at,
      message: 'BackoffLimitExceeded: too often',
    });
    expect(project({ suspend: true }, undefined)).toMatchObject({ suspended: true, succeeded: null, failed: null });
  });
});

test('CronJob', () => {
  const spec = {
    schedule: '*/5 * * * *',
    suspend: true,
    jobTemplate: {
      spec: { template: { spec: { containers: [{ image: 'a:1' }, { image: 'a:1' }, { image: 'b:2' }] } } },
    },
  };
  const status = { lastScheduleTime: AT, lastSuccessfulTime: AT };
  expect(projectCronJob({ metadata: { name: 'n', namespace: 'shop' }, spec, status }, projecting)).toMatchObject({
    id: 'prod/shop/cronjob/n',
    wanted: null,
    ready: null,
    schedule: '*/5 * * * *',
    suspended: true,
    lastRunAt: at,
    finishedAt: at,
    images: ['a:1', 'b:2'],
  });
});

test.each([
  [
    'Helm release web',
    { annotations: { 'meta.helm.sh/release-name': 'web' }, labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
  ],
  ['Argo CD application shop', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' } }],
  ['Argo CD application shop', { labels: { 'argocd.argoproj.io/instance': 'shop' } }],
  ['Flux kustomization infra', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'infra' } }],
  [
    'Flux Helm release web',
    { labels: { 'helm.toolkit.fluxcd.io/name': 'web' }, annotations: { 'meta.helm.sh/release-name': 'web' } },
  ],
  ['PostgresCluster hippo', { ownerReferences: [{ kind: 'PostgresCluster', name: 'hippo', controller: true }] }],
  ['k3s add-on traefik', { annotations: { 'objectset.rio.cattle.io/owner-name': 'traefik' } }],
  ['kustomize', { labels: { 'app.kubernetes.io/managed-by': 'kustomize' } }],
  [null, {}],
])('managed by %s', (who, metadata) => expect(managedBy(metadata)).toBe(who));

describe('node', () => {
  const node = (status: string | null, spec: NodeObject['spec'] = {}): NodeObject => ({
    metadata: {
      name: 'n1',
      labels: {
        'node-role.kubernetes.io/control-plane': '',
        'kubernetes.io/role': 'edge',
        'node-role.kubernetes.io/': '',
      },
    },
    spec,
    status: {
      conditions: [
        ...(status
          ? [
              {
                type: 'Ready',
                status,
                reason: 'NodeStatusUnknown',
                message: 'Kubelet stopped posting node status.',
                lastTransitionTime: AT,
              },
            ]
          : []),
        { type: 'DiskPressure', status: 'True' },
        { type: 'MemoryPressure', status: 'False' },
      ],
      addresses: [
        { type: 'Hostname', address: 'n1' },
        { type: 'InternalIP', address: '10.0.0.1' },
      ],
      allocatable: { cpu: '3920m', memory: '16Gi', 'ephemeral-storage': '100Gi', pods: '110' },
      nodeInfo: { kubeletVersion: 'v1.35.4' },
    },
  });

  test('ready', () => {
    expect(projectNode(node('True'), projecting)).toMatchObject({
      id: 'prod/node/n1',
      state: 'ready',
      ready: true,
      stateReason: null,
      stateSince: at,
      availability: 'active',
      roles: ['control-plane', 'edge'],
      pressures: ['DiskPressure'],
      cpuMillicores: 3920,
      memoryBytes: 16 * 1024 ** 3,
      diskBytes: 100 * 1024 ** 3,
      diskUsedBytes: null,
      replicaCapacity: 110,
      address: '10.0.0.1',
      softwareVersion: 'v1.35.4',
    });
  });

  test.each(['False', 'Unknown'])('Ready is %s: not ready, as kubectl says, with the reason', status => {
    expect(projectNode(node(status), projecting)).toMatchObject({
      state: 'not ready',
      ready: false,
      stateReason: 'NodeStatusUnknown: Kubelet stopped posting node status.',
    });
  });

  test('without a word about readiness it is unknown; cordoned it is paused', () => {
    expect(projectNode(node(null), projecting)).toMatchObject({ state: 'unknown', ready: null, stateReason: null });
    expect(projectNode(node('True', { unschedulable: true }), projecting)).toMatchObject({ availability: 'pause' });
  });
});

test('services and claims', () => {
  const service = (spec: object, status = {}) =>
    projectService({ metadata: { name: 's', namespace: 'shop' }, spec, status }, projecting);
  expect(service({ clusterIP: '10.0.0.1' })).toMatchObject({ type: 'ClusterIP', address: '10.0.0.1', endpoints: null });
  expect(service({ clusterIP: 'None' })).toMatchObject({ address: 'headless' });
  expect(service({ type: 'ExternalName', externalName: 'db.example.org' })).toMatchObject({
    address: 'db.example.org',
  });
  expect(service({ clusterIP: '10.0.0.1' }, { loadBalancer: { ingress: [{ hostname: 'lb' }] } })).toMatchObject({
    address: 'lb',
  });
  const claim = {
    metadata: { name: 'data', namespace: 'shop' },
    spec: { storageClassName: 'ceph', volumeName: 'pv-1' },
    status: { phase: 'Bound', capacity: { storage: '10Gi' } },
  };
  expect(projectClaim(claim, projecting)).toMatchObject({
    state: 'Bound',
    capacityBytes: 10 * 1024 ** 3,
    storageClass: 'ceph',
    volume: 'pv-1',
  });
});
