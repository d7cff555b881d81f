import { beforeEach, describe, expect, it } from 'vitest';
import { release } from '../../../src/demo/controller/kubernetes/genesis.ts';
import { createJob } from '../../../src/demo/controller/kubernetes/jobs.ts';
import type { Pod } from '../../../src/demo/controller/kubernetes/objects.ts';
import { deletePod } from '../../../src/demo/controller/kubernetes/pods.ts';
import { isReady } from '../../../src/demo/controller/kubernetes/relations.ts';
import { Bed } from '../bed.ts';

const NS = 'saasodoo';
let bed: Bed;
beforeEach(() => {
  bed = new Bed();
});

const cluster = () => bed.world.cluster;
const deployment = (name: string) => cluster().store.get('deployments', NS, name)!;
const podsOf = (name: string) =>
  cluster()
    .store.list('pods', NS)
    .filter(each => each.metadata.labels?.['app.kubernetes.io/name'] === name);
const readyOf = (name: string) => podsOf(name).filter(each => isReady(each) && !each.metadata.deletionTimestamp);
const scale = (name: string, replicas: number) =>
  cluster().store.modify('deployments', deployment(name), now => ({ ...now, spec: { ...now.spec, replicas } }));
const isComplete = (name: string) => () => {
  const { metadata, spec, status } = deployment(name);
  return (
    status.observedGeneration === metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas
  );
};
const eventsAbout = (name: string) =>
  cluster()
    .store.list('events', NS)
    .filter(each => each.involvedObject.name.startsWith(name))
    .map(each => `${each.reason}: ${each.message}`);

describe('a deployment', () => {
  it('is scaled up and down by what is wanted, and says so', () => {
    scale('user-service', 5);
    expect(deployment('user-service').status.observedGeneration).not.toBe(
      deployment('user-service').metadata.generation,
    );
    bed.until(isComplete('user-service'));
    expect(readyOf('user-service')).toHaveLength(5);
    scale('user-service', 1);
    bed.until(() => podsOf('user-service').length === 1);
    expect(eventsAbout('user-service').some(each => /Scaled down replica set \S+ from 5 to 1/.test(each))).toBe(true);
  });

  it('that is made anew under its name waits until what the one before had is collected', () => {
    const { spec, metadata } = deployment('user-service');
    const { name, namespace, labels } = metadata;
    cluster().store.remove('deployments', deployment('user-service'));
    cluster().store.create('deployments', { metadata: { name, namespace, labels }, spec, status: {} });
    bed.until(isComplete('user-service'));
    expect(readyOf('user-service')).toHaveLength(spec.replicas);
  });

  it('rolls over with one pod more and never one ready pod fewer', () => {
    const before = new Set(podsOf('user-service').map(each => each.metadata.uid));
    release(
      cluster(),
      'user-service',
      deployment('user-service').spec.template.spec.containers[0]!.image.replace('11', '10'),
    );
    let [most, fewestReady] = [0, 9];
    bed.until(() => {
      const living = podsOf('user-service').filter(each => !each.metadata.deletionTimestamp);
      most = Math.max(most, living.length);
      fewestReady = Math.min(fewestReady, readyOf('user-service').length);
      return isComplete('user-service')() && living.every(each => !before.has(each.metadata.uid));
    });
    expect([most, fewestReady]).toEqual([4, 3]);
    expect(deployment('user-service').status.conditions?.map(each => each.reason)).toEqual([
      'MinimumReplicasAvailable',
      'NewReplicaSetAvailable',
    ]);
  });

  it('stops a broken release at the first pod, and goes back when the old template comes back', () => {
    const { image } = deployment('billing-service').spec.template.spec.containers[0]!;
    release(cluster(), 'billing-service', image.replace(/:.*/, ':2026.12-rc1'));
    bed.until(() => podsOf('billing-service').some(pod => waitingOf(pod)?.reason === 'CrashLoopBackOff'));
    bed.pass(60);
    expect(readyOf('billing-service')).toHaveLength(2);
    const revision = () =>
      Number(deployment('billing-service').metadata.annotations?.['deployment.kubernetes.io/revision']);
    const broken = revision();
    release(cluster(), 'billing-service', image);
    bed.until(() => isComplete('billing-service')() && podsOf('billing-service').length === 2);
    expect(revision()).toBe(broken + 1);
  });

  it('gives up a release that makes no progress, after its deadline', () => {
    release(cluster(), 'billing-service', 'nosuch/image:1');
    bed.until(() => podsOf('billing-service').some(pod => waitingOf(pod)?.reason === 'ImagePullBackOff'));
    expect(eventsAbout('billing-service')).toContain('Failed: Error: ImagePullBackOff');
    bed.pass(700);
    const progressing = deployment('billing-service').status.conditions?.find(each => each.type === 'Progressing');
    expect(progressing).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
  });

  it('that is recreated has no old pod beside a new one', () => {
    const old = new Set(podsOf('instance-worker').map(each => each.metadata.uid));
    release(
      cluster(),
      'instance-worker',
      deployment('instance-worker').spec.template.spec.containers[0]!.image.replace('11', '10'),
    );
    const mixed: number[] = [];
    bed.until(() => {
      const pods = podsOf('instance-worker');
      const fresh = pods.filter(each => !old.has(each.metadata.uid));
      if (fresh.length && fresh.length < pods.length) mixed.push(pods.length);
      return fresh.length === 1 && isReady(fresh[0]!);
    });
    expect(mixed).toEqual([]);
  });

  it('replaces a pod that was deleted, after its grace', () => {
    const pod = podsOf('user-service')[0]!;
    deletePod(cluster(), pod);
    expect(cluster().store.current('pods', pod)?.metadata.deletionTimestamp).toBeDefined();
    bed.until(() => cluster().store.current('pods', pod) === null && readyOf('user-service').length === 3);
  });
});

describe('containers', () => {
  it('that end again and again wait ever longer, up to five minutes', () => {
    const crash = { exitCode: 3, afterMs: 1000, lastLine: 'no database' };
    cluster().setFault('notification-service', { kind: 'crash', crash });
    const waits = new Set<string>();
    for (let second = 0; second < 1300; second += 1) {
      bed.pass(1);
      const message = waitingOf(podsOf('notification-service')[0]!)?.message ?? '';
      const [, wait] = /^back-off (\S+) restarting/.exec(message) ?? [];
      if (wait) waits.add(wait);
    }
    expect([...waits]).toEqual(['10s', '20s', '40s', '1m20s', '2m40s', '5m0s']);
    const status = podsOf('notification-service')[0]!.status.containerStatuses![0]!;
    expect(status.lastState.terminated).toMatchObject({ exitCode: 3, reason: 'Error', message: 'no database\n' });
    expect(status.restartCount).toBeGreaterThan(6);
    cluster().setFault('notification-service', null);
    bed.until(isComplete('notification-service'), 400);
  });
});

describe('a stateful set', () => {
  it('adds pods one after the other and takes the last first', () => {
    const set = () => cluster().store.get('statefulsets', NS, 'redis')!;
    const resize = (replicas: number) =>
      cluster().store.modify('statefulsets', set(), now => ({ ...now, spec: { ...now.spec, replicas } }));
    const names = () => podsOf('redis').map(each => each.metadata.name);
    resize(3);
    bed.until(() => names().includes('redis-1'));
    expect(names()).toEqual(['redis-0', 'redis-1']);
    bed.until(() => set().status.readyReplicas === 3);
    expect(cluster().store.get('persistentvolumeclaims', NS, 'data-redis-2')?.status.phase).toBe('Bound');
    resize(1);
    bed.until(() => names().length === 2);
    expect(names()).toEqual(['redis-0', 'redis-1']);
    bed.until(() => names().length === 1);
    expect(cluster().store.get('persistentvolumeclaims', NS, 'data-redis-2')).not.toBeNull();
  });
});

describe('a job', () => {
  const spec = (extra: object) => ({
    template: {
      metadata: {},
      spec: { restartPolicy: 'Never' as const, containers: [{ name: 'main', image: 'redis:7-alpine' }] },
    },
    ...extra,
  });

  it('runs to its end and goes when its time to live is over', () => {
    const job = createJob(cluster(), spec({ ttlSecondsAfterFinished: 30 }), { name: 'once', namespace: NS });
    bed.until(() => cluster().store.current('jobs', job)?.status.conditions?.at(-1)?.type === 'Complete');
    expect(cluster().store.current('jobs', job)?.status).toMatchObject({
      succeeded: 1,
      completionTime: expect.any(String),
    });
    bed.until(() => cluster().store.current('jobs', job) === null);
    bed.pass(5);
    expect(cluster().store.owned('pods', job.metadata.uid)).toEqual([]);
  });

  it('is tried again, and fails when that was too often', () => {
    cluster().setFault('bad', { kind: 'failing', exitCode: 2, lastLine: 'disk full' });
    const job = createJob(cluster(), spec({ backoffLimit: 1 }), { name: 'bad', namespace: NS });
    bed.until(() => cluster().store.current('jobs', job)?.status.conditions?.at(-1)?.type === 'Failed');
    expect(cluster().store.current('jobs', job)?.status.failed).toBe(2);
  });

  it('is started by a cron job at its time, and not while that is suspended', () => {
    const cron = () => cluster().store.get('cronjobs', NS, 'nightly-backup')!;
    const jobs = () => cluster().store.owned('jobs', cron().metadata.uid);
    // The bed's clock stands at 14:03.
    bed.pass(11 * 3600 + 57 * 60 + 5);
    expect(jobs()).toHaveLength(1);
    expect(cron().status.lastScheduleTime).toBe('2026-11-24T02:00:00Z');
    cluster().store.modify('cronjobs', cron(), now => ({ ...now, spec: { ...now.spec, suspend: true } }));
    bed.pass(25 * 3600);
    expect(jobs()).toEqual([]);
    expect(cron().status.lastScheduleTime).toBe('2026-11-24T02:00:00Z');
  });
});

function waitingOf(pod: Pod) {
  return pod.status.containerStatuses?.[0]?.state.waiting;
}
