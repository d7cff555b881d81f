import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EndpointSlice, Endpoints } from '../../../src/sources/kubernetes/endpoints.ts';
import { type EventObject, Happenings } from '../../../src/sources/kubernetes/happenings.ts';
import { idByKind, idOf, pathOf } from '../../../src/sources/kubernetes/ids.ts';
import { type IngressObject, projectIngress } from '../../../src/sources/kubernetes/ingress.ts';
import { projectNode } from '../../../src/sources/kubernetes/node.ts';
import { projectPod } from '../../../src/sources/kubernetes/pod.ts';
import type { Projecting } from '../../../src/sources/kubernetes/project.ts';
import { projectClaim, projectService } from '../../../src/sources/kubernetes/service.ts';
import { Shared } from '../../../src/sources/kubernetes/shared.ts';
import { usedBy } from '../../../src/sources/kubernetes/usage.ts';
import {
  projectCronJob,
  projectDaemonSet,
  projectDeployment,
  projectJob,
  projectStatefulSet,
} from '../../../src/sources/kubernetes/workload.ts';
import { expectClean } from '../../helpers/clean.ts';

const projecting = { source: 'prod', shared: new Shared(), now: () => 1_000 };

/** Names that projections look for, so that the garbage gets deep into them. */
const NAMES =
  'metadata name namespace uid labels annotations ownerReferences kind controller deletionTimestamp spec status containers initContainers restartPolicy resources requests limits cpu memory nodeName phase reason message conditions type containerStatuses initContainerStatuses state waiting running terminated exitCode signal lastState finishedAt restartCount ready started replicas template image allocatable pods addresses ports port selector rules host http paths path backend service defaultBackend number loadBalancer ingress endpoints involvedObject series count usage pod-template-hash kubernetes.io/service-name capacity storage'.split(
    ' ',
  );
const leaf = fc.oneof(
  fc.string(),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    Number.MAX_VALUE,
    'True',
    'False',
    'Ready',
    'Always',
    'Completed',
    'ReplicaSet',
    '2026-11-23T12:00:00Z',
    '1Gi',
    '\u001b[31m',
    '\u202e',
  ),
);
const garbage = fc.letrec<{ any: unknown }>(tie => ({
  any: fc.oneof(
    { maxDepth: 7, depthSize: 'medium' },
    { weight: 1, arbitrary: leaf },
    { weight: 3, arbitrary: fc.dictionary(fc.constantFrom(...NAMES), tie('any'), { maxKeys: 8 }) },
    { weight: 1, arbitrary: fc.array(tie('any'), { maxLength: 4 }) },
  ),
})).any;
const object = fc.dictionary(fc.constantFrom('metadata', 'spec', 'status', ...NAMES), garbage, { maxKeys: 10 });

test.each([
  ['pod', projectPod],
  ['node', projectNode],
  ['deployment', projectDeployment],
  ['statefulset', projectStatefulSet],
  ['daemonset', projectDaemonSet],
  ['job', projectJob],
  ['cronjob', projectCronJob],
  ['service', projectService],
  ['claim', projectClaim],
  ['route', (wire: IngressObject, on: Projecting) => projectIngress(wire, on).route],
])('any JSON becomes a clean %s', (_name, project) => {
  const shape = Object.keys(project({}, projecting)).sort();
  fc.assert(
    fc.property(object, wire => {
      const seen = project(wire as never, projecting);
      expect(Object.keys(seen).sort()).toEqual(shape);
      expectClean(seen);
    }),
    { numRuns: 150 },
  );
});

test('any JSON becomes clean happenings, endpoints and usage', () => {
  const happenings = new Happenings('prod');
  const endpoints = new Endpoints('prod');
  fc.assert(
    fc.property(object, wire => {
      expectClean(happenings.read(wire as EventObject));
      happenings.forget(wire as EventObject);
      expectClean(endpoints.of(endpoints.put(wire as EndpointSlice) ?? ''));
      expectClean(usedBy(wire));
    }),
    { numRuns: 150 },
  );
});

test('an id leads back to its object', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,30}$/);
  const source = fc.stringMatching(/^[a-z][a-z/-]{0,10}$/);
  fc.assert(
    fc.property(source, name, name, (from, namespace, called) => {
      expect(pathOf(from, 'replica', idOf(from, 'pod', called, namespace))).toBe(
        `/api/v1/namespaces/${namespace}/pods/${called}`,
      );
      expect(pathOf(from, 'node', idOf(from, 'node', called, null))).toBe(`/api/v1/nodes/${called}`);
      expect(pathOf(from, 'workload', idByKind(from, 'CronJob', called, namespace) ?? '')).toBe(
        `/apis/batch/v1/namespaces/${namespace}/cronjobs/${called}`,
      );
      expect(pathOf(from, 'service', idOf(from, 'pod', called, namespace))).toBeNull();
    }),
  );
});
