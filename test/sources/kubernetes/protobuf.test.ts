import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/demo/controller/kubernetes/objects.ts';
import { RESOURCES } from '../../../src/demo/controller/kubernetes/resources.ts';
import { protobufList } from '../../../src/demo/kubernetes-api/protobuf-list.ts';
import { projectPod } from '../../../src/sources/kubernetes/pod.ts';
import {
  DEPLOYMENT,
  MalformedError,
  type Message,
  NODE_METRICS,
  POD,
  POD_METRICS,
  readList,
} from '../../../src/sources/kubernetes/protobuf.ts';
import { Shared } from '../../../src/sources/kubernetes/shared.ts';
import { type Metrics, usedBy } from '../../../src/sources/kubernetes/usage.ts';
import { projectDeployment } from '../../../src/sources/kubernetes/workload.ts';

const projecting = { source: 'prod', shared: new Shared(), now: () => 1_000 };
const at = '2026-11-23T12:00:00Z';
const metadata = {
  name: 'web-1',
  namespace: 'shop',
  uid: 'u-1',
  resourceVersion: '4711',
  generation: 3,
  creationTimestamp: '1969-12-31T23:59:00Z',
  labels: { app: 'web', empty: '', 'pod-template-hash': '7f' },
  ownerReferences: [
    { apiVersion: 'v1', kind: 'Other', name: 'o', uid: 'u-2' },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7f', uid: 'u-3', controller: true },
  ],
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...metadata, deletionTimestamp: at },
  spec: {
    nodeName: 'knoten-ü',
    restartPolicy: 'Always',
    nodeSelector: { disk: 'fast' },
    containers: [
      {
        name: 'web',
        image: 'web:1',
        resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { cpu: '1', memory: '2Gi' } },
        ports: [{ name: 'main', containerPort: 80 }],
        readinessProbe: { tcpSocket: { port: 'main' }, periodSeconds: 5 },
      },
      { name: 'beside', image: 'beside:2' },
    ],
  },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    startTime: at,
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at, message: 'not yet' }],
    containerStatuses: [
      {
        name: 'web',
        image: 'web:1',
        imageID: '',
        ready: false,
        started: true,
        restartCount: 300,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: { terminated: { exitCode: -1, reason: 'Error', message: 'no', startedAt: at, finishedAt: at } },
      },
    ],
  },
} satisfies KubeObject;
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...metadata, annotations: { 'meta.helm.sh/release-name': 'shop' } },
  spec: {
    replicas: 2_000_000_000,
    paused: true,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: pod.spec },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } },
  },
  status: {
    observedGeneration: 3,
    replicas: 4,
    readyReplicas: 2,
    updatedReplicas: 1,
    availableReplicas: 2,
    conditions: [{ type: 'Available', status: 'False', lastTransitionTime: at, message: 'too few' }],
  },
} satisfies KubeObject;

const page = { resourceVersion: '99', continue: 'more', remainingItemCount: 500 };
const podList = (objects: KubeObject[]) => protobufList(RESOURCES.pods, objects, page);
const deploymentList = (objects: KubeObject[]) => protobufList(RESOURCES.deployments, objects, page);
const read = (body: Buffer, message: Message) => [...readList(body, message).objects];

describe('an object read from protobuf', () => {
  it('is projected as its JSON is: a pod', () => {
    const [first, second] = read(podList([pod, { ...pod, spec: {}, status: {} }]), POD);
    expect(projectPod(first as never, projecting)).toEqual(projectPod(pod, projecting));
    expect(projectPod(second as never, projecting)).toEqual(projectPod({ metadata: pod.metadata }, projecting));
    expect(projectPod(first as never, projecting)).toMatchObject({
      createdAt: -60_000,
      state: 'Terminating',
      exitCode: -1,
      restarts: 300,
      node: 'prod/node/knoten-ü',
      cpuRequestMillicores: 250,
      cpuLimitMillicores: null,
    });
  });

  it('is projected as its JSON is: a deployment', () => {
    const [first] = read(deploymentList([deployment]), DEPLOYMENT);
    expect(projectDeployment(first as never, projecting)).toEqual(projectDeployment(deployment, projecting));
  });

  it('has only what is read of it', () => {
    const [first] = read(podList([pod]), POD);
    expect(first?.spec).toEqual({
      nodeName: 'knoten-ü',
      restartPolicy: 'Always',
      containers: [
        { name: 'web', image: 'web:1', resources: pod.spec.containers[0]?.resources },
        { name: 'beside', image: 'beside:2' },
      ],
    });
  });
});

// What k8s.io/metrics v0.35.0 (Go) writes: two pods, of which one has two containers and one none; a node.
const POD_METRICS_LIST =
  'azhzAAooChZtZXRyaWNzLms4cy5pby92MWJldGExEg5Qb2RNZXRyaWNzTGlzdBLYAQoGCgASABoAEpYBCi0KBXdlYi0xEgAaBHNob3AiACoAMgA4AEII' +
  'CM/VkNgGEABaCgoDYXBwEgN3ZWISCAjP1ZDYBhAAGgYIgKzH8DciLAoDd2ViEhMKA2NwdRIMCgoxMjM0NTY3ODluEhAKBm1lbW9yeRIGCgQ2NE1pIiUK' +
  'BmJlc2lkZRIKCgNjcHUSAwoBMBIPCgZtZW1vcnkSBQoDMU1pEjUKIQoFd2ViLTISABoEc2hvcCIAKgAyADgAQggIz9WQ2AYQABIICM/VkNgGEAAaBgiA' +
  'rMfwNxoAIgA=';
const NODE_METRICS_LIST =
  'azhzAAopChZtZXRyaWNzLms4cy5pby92MWJldGExEg9Ob2RlTWV0cmljc0xpc3QSYAoGCgASABoAElYKIQoJa25vdGVuLcO8EgAaACIAKgAyADgAQggI' +
  'z9WQ2AYQABIICM/VkNgGEAAaBgiArMfwNyIOCgNjcHUSBwoFMTUwMG0iDwoGbWVtb3J5EgUKAzJHaRoAIgA=';

it('reads what nodes and pods use', () => {
  const used = (base64: string, message: Message) =>
    read(Buffer.from(base64, 'base64'), message).map(each => [each.metadata, usedBy(each as Metrics)]);
  const mebibyte = 1024 * 1024;
  expect(used(POD_METRICS_LIST, POD_METRICS)).toEqual([
    [
      { name: 'web-1', namespace: 'shop' },
      { cpuUsedMillicores: 123, memoryUsedBytes: 65 * mebibyte },
    ],
    [
      { name: 'web-2', namespace: 'shop' },
      { cpuUsedMillicores: null, memoryUsedBytes: null },
    ],
  ]);
  expect(used(NODE_METRICS_LIST, NODE_METRICS)).toEqual([
    [
      { name: 'knoten-ü', namespace: '' },
      { cpuUsedMillicores: 1_500, memoryUsedBytes: 2_048 * mebibyte },
    ],
  ]);
});

describe('a list in protobuf', () => {
  it('tells its version and where it goes on', () => {
    expect(readList(podList([]), POD)).toMatchObject({ metadata: { resourceVersion: '99', continue: 'more' } });
    expect(read(podList([]), POD)).toEqual([]);
  });

  it('reads each object only when it is asked for', () => {
    const body = podList([pod, pod, pod]);
    const { objects } = readList(body, POD);
    const [first] = objects;
    expect(first?.metadata?.name).toBe('web-1');
    body.fill(0xff, body.length - 20);
    expect(() => read(body, POD)).toThrow(MalformedError);
  });

  it('that is cut off anywhere is malformed', () => {
    const body = podList([pod, pod]);
    for (let end = 0; end < body.length; end++) expect(() => read(body.subarray(0, end), POD)).toThrow(MalformedError);
  });

  it('says what is wrong with it', () => {
    expect(() => readList(Buffer.from('{"kind":"PodList"}'), POD)).toThrow(
      'is broken protobuf: it does not begin as one',
    );
    expect(() => readList(Buffer.from('k8s\0'), POD)).toThrow('there is nothing in it');
    expect(() => readList(Buffer.from('k8s\0\x12\x00'), POD)).toThrow('it is no list');
    // Field 1 of a list as a number instead of a message.
    expect(() => readList(Buffer.from('k8s\0\x12\x02\x08\x01'), POD)).toThrow('metadata is of another type');
  });

  it('with any bytes changed is malformed or has objects, and never anything else', () => {
    const whole = podList([pod, pod]);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), changes => {
        const body = Buffer.from(whole);
        for (const [place, byte] of changes) body[place] = byte;
        try {
          for (const object of read(body, POD)) projectPod(object as never, projecting);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
