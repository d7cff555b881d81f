import { describe, expect, it } from 'vitest';
import type { WorkloadType } from '../../src/model/entity.ts';
import { createKubernetes } from '../../src/sources/kubernetes/index.ts';
import { agree, sorted, watching } from './bed.ts';
import { type KubernetesBed, NAMESPACE, POLL } from './kubernetes-bed.ts';

const APPS = `/apis/apps/v1/namespaces/${NAMESPACE}`;
const BATCH = `/apis/batch/v1/namespaces/${NAMESPACE}`;
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;

/** What operators and releases change must reach the source as it is. Each test leaves the cluster as it found it. */
export function kubernetesChangesContract(open: () => Promise<KubernetesBed>): void {
  let bed: KubernetesBed | undefined;
  const watched = watching(
    async () => {
      bed = await open();
      return bed;
    },
    options => createKubernetes('prod', options),
    ['node', 'workload', 'replica'],
  );
  const { sink } = watched;
  const client = () => {
    if (!bed) throw new Error('the bed is not open');
    return bed.client;
  };
  const workload = (name: string, type: WorkloadType = 'Deployment') =>
    sink.all('workload').find(each => each.name === name && each.type === type);
  const replicas = (name: string, type?: WorkloadType) => {
    const id = workload(name, type)?.id;
    return sink.all('replica').filter(each => id !== undefined && each.workload === id);
  };
  /** It stands, and no rollout goes on. */
  const standing = (name: string) => {
    const { wanted, ready, updated, rollout } = workload(name) ?? {};
    return [wanted, ready, updated, rollout, replicas(name).map(each => each.state)];
  };
  const stands = (name: string, count: number) =>
    expect
      .poll(() => standing(name), POLL)
      .toEqual([count, count, count, null, Array.from({ length: count }, () => 'Running')]);
  const setImage = (name: string, image: string) =>
    client().patch(
      `${APPS}/deployments/${name}`,
      { spec: { template: { spec: { containers: [{ name, image }] } } } },
      'strategic-merge',
    );
  const imageOf = (name: string) => workload(name)?.images[0] ?? '';
  const tagged = (image: string, tag: string) => image.replace(/:[^:/]*$/, `:${tag}`);
  /** Releases another tag of a workload's image, and goes back to what it was whatever comes of it. */
  async function released(name: string, count: number, tag: string, then: (image: string) => Promise<void>) {
    await stands(name, count);
    const before = imageOf(name);
    try {
      await setImage(name, tagged(before, tag));
      await then(tagged(before, tag));
    } finally {
      await setImage(name, before);
    }
    await expect.poll(() => imageOf(name), POLL).toBe(before);
    await stands(name, count);
  }
  const agreesWithTable = () =>
    agree(
      () => sorted(sink.all('replica').map(each => [each.uid, each.name, each.state, each.restarts])),
      async () =>
        sorted(
          (await watched.truth()).pods.map(each => [
            each.uid,
            each.name,
            each.Status,
            Number.parseInt(String(each.Restarts), 10),
          ]),
        ),
    );

  describe('tells what is changed:', () => {
    it('a rollout, step by step, to its end, and back', async () => {
      const name = 'frontend-service';
      const former = replicas(name).map(each => each.uid);
      await released(name, 2, '2026.10', async image => {
        await expect.poll(() => workload(name)?.rollout?.state, POLL).toBe('updating');
        await stands(name, 2);
        expect(imageOf(name)).toBe(image);
        await expect.poll(() => replicas(name).map(each => each.image), POLL).toEqual([image, image]);
        expect(replicas(name).filter(each => former.includes(each.uid))).toEqual([]);
      });
      await agreesWithTable();
    });

    it('an image that was never pushed, with what serves beside it, and the way back', async () => {
      const name = 'frontend-service';
      await released(name, 2, '2026.12-missing', async image => {
        const refused = () => replicas(name).find(each => /^(ErrImagePull|ImagePullBackOff)$/.test(each.state));
        await expect.poll(() => refused()?.message, POLL).toContain(image);
        await expect
          .poll(() => workload(name), POLL)
          .toMatchObject({ wanted: 2, ready: 2, updated: 1, rollout: { state: 'updating' } });
      });
      await agreesWithTable();
    });

    it('a release that crashes, with its exit code and its restarts, and the way back', async () => {
      const name = 'billing-service';
      await released(name, 2, '2026.12-rc1', async () => {
        const crashed = () =>
          replicas(name).find(each => each.state === 'CrashLoopBackOff' && (each.restarts ?? 0) > 0);
        await expect.poll(() => crashed()?.exitCode, POLL).toBe(1);
      });
    });

    it('a scale up, down, and to nothing', async () => {
      const name = 'frontend-service';
      const scale = (count: number) =>
        client().patch(`${APPS}/deployments/${name}/scale`, { spec: { replicas: count } });
      await stands(name, 2);
      await scale(4);
      await stands(name, 4);
      await scale(0);
      await stands(name, 0);
      await scale(2);
      await stands(name, 2);
    });

    it('an eviction, and that a disruption budget refused one', async () => {
      await stands('frontend-service', 2);
      await stands('user-service', 3);
      const evict = (name: string) =>
        client().post(`${PODS}/${name}/eviction`, {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace: NAMESPACE },
        });
      const [leaves] = replicas('frontend-service');
      await evict(leaves?.name ?? '');
      await expect.poll(() => sink.get('replica', leaves?.id ?? ''), POLL).toBeUndefined();
      await stands('frontend-service', 2);

      // One of the three may go; the next only when another one stands in its place.
      const [first, second] = replicas('user-service');
      await evict(first?.name ?? '');
      await expect(evict(second?.name ?? '')).rejects.toMatchObject({
        status: 429,
        message: expect.stringContaining("Cannot evict pod as it would violate the pod's disruption budget."),
      });
      await expect.poll(() => sink.get('replica', first?.id ?? ''), POLL).toBeUndefined();
      await stands('user-service', 3);
      expect(sink.get('replica', second?.id ?? '')).toMatchObject({ state: 'Running', ready: true });
    });

    it('a job that ends well, one that does not, and one that a cron job made', async () => {
      const cron = 'nightly-backup';
      type CronJob = { metadata: { uid: string }; spec: { jobTemplate: { spec: object } } };
      const { metadata, spec } = await client().json<CronJob>(`${BATCH}/cronjobs/${cron}`);
      const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: cron, uid: metadata.uid, controller: true };
      const post = (name: string, jobSpec: object, ownerReferences?: object[]) =>
        client().post(`${BATCH}/jobs`, {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name, namespace: NAMESPACE, ...(ownerReferences && { ownerReferences }) },
          spec: jobSpec,
        });
      const names = ['contract-good', 'contract-bad', 'contract-cron'];
      const crashing = { name: 'main', image: tagged(imageOf('billing-service'), '2026.12-rc1') };
      await post('contract-good', spec.jobTemplate.spec);
      await post('contract-bad', {
        backoffLimit: 0,
        template: { spec: { restartPolicy: 'Never', containers: [crashing] } },
      });
      await post('contract-cron', spec.jobTemplate.spec, [owner]);
      const state = (name: string) => {
        const { wanted, succeeded, failed, finishedAt, message, owner: by } = workload(name, 'Job') ?? {};
        return { wanted, succeeded, failed, ended: typeof finishedAt === 'number', message, owner: by };
      };
      const good = { wanted: 1, succeeded: 1, failed: 0, ended: true, message: null };
      await expect.poll(() => state('contract-good'), POLL).toEqual({ ...good, owner: null });
      await expect.poll(() => state('contract-cron'), POLL).toEqual({ ...good, owner: workload(cron, 'CronJob')?.id });
      await expect
        .poll(() => state('contract-bad'), POLL)
        .toEqual({
          wanted: 1,
          succeeded: 0,
          failed: 1,
          ended: true,
          message: 'BackoffLimitExceeded: Job has reached the specified backoff limit',
          owner: null,
        });
      await expect.poll(() => replicas('contract-good', 'Job').map(each => each.state), POLL).toEqual(['Completed']);
      await expect
        .poll(() => replicas('contract-bad', 'Job').map(each => [each.state, each.exitCode]), POLL)
        .toEqual([['Error', 1]]);
      await agreesWithTable();
      for (const name of names) await client().delete(`${BATCH}/jobs/${name}`, { propagationPolicy: 'Background' });
      await expect.poll(() => names.map(name => workload(name, 'Job')), POLL).toEqual(names.map(() => undefined));
      await expect.poll(() => sink.all('replica').filter(each => /^contract-/.test(each.name)), POLL).toEqual([]);
    });

    it('a cron job that is switched off and on', async () => {
      const cron = 'nightly-backup';
      const suspend = (value: boolean) => client().patch(`${BATCH}/cronjobs/${cron}`, { spec: { suspend: value } });
      const before = workload(cron, 'CronJob')?.suspended;
      expect(before).toBe(false);
      await suspend(true);
      await expect.poll(() => workload(cron, 'CronJob')?.suspended, POLL).toBe(true);
      await suspend(false);
      await expect.poll(() => workload(cron, 'CronJob')?.suspended, POLL).toBe(false);
    });
  });
}
