import type { Cluster } from './cluster.ts';
import { nextRun } from './cron-schedule.ts';
import { record } from './events.ts';
import { createJob, endingOf } from './jobs.ts';
import { iso } from './moments.ts';
import type { CronJob, Job } from './objects.ts';
import { sameJson } from './pods.ts';
import { ownedBy } from './relations.ts';

/** Starts a job at each moment of the schedule, keeps the newest few of its jobs, and sleeps until the next. */
export function reconcileCronJob(cluster: Cluster, cron: CronJob): void {
  const { timeline } = cluster;
  if (cron.metadata.deletionTimestamp) return;
  cleanUp(cluster, cron);
  const since = Date.parse(cron.status.lastScheduleTime ?? cron.metadata.creationTimestamp);
  const due = nextRun(cron.spec.schedule, since);
  if (due === null || cron.spec.suspend || cluster.settling || cluster.still) return count(cluster, cron, null);
  if (due > timeline.now) {
    cluster.wakeAt('cronjobs', cron, due);
    return count(cluster, cron, null);
  }
  // Only the newest of several missed moments is made up for.
  let latest = due;
  for (let next = nextRun(cron.spec.schedule, latest); next !== null && next <= timeline.now; ) {
    latest = next;
    next = nextRun(cron.spec.schedule, latest);
  }
  const isBusy = jobsOf(cluster, cron).some(each => !endingOf(each));
  if (!(isBusy && cron.spec.concurrencyPolicy === 'Forbid')) run(cluster, cron, latest);
  count(cluster, cron, latest);
}

function run(cluster: Cluster, cron: CronJob, at: number): void {
  const { jobTemplate } = cron.spec;
  const job = createJob(cluster, jobTemplate.spec, {
    name: `${cron.metadata.name}-${Math.floor(at / 60_000)}`,
    namespace: cron.metadata.namespace,
    labels: jobTemplate.metadata?.labels,
    annotations: { ...jobTemplate.metadata?.annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': iso(at) },
    ownerReferences: [ownedBy(cron)],
  });
  tell(cluster, cron, 'SuccessfulCreate', `Created job ${job.metadata.name}`);
}

function cleanUp(cluster: Cluster, cron: CronJob): void {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec;
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    const ended = jobsOf(cluster, cron).filter(each => endingOf(each)?.type === type);
    ended.sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) cluster.store.remove('jobs', job);
  }
}

function count(cluster: Cluster, cron: CronJob, scheduledAt: number | null): void {
  const jobs = jobsOf(cluster, cron);
  const known = new Set((cron.status.active ?? []).map(each => each.uid));
  const active = jobs.filter(each => !endingOf(each));
  const done = jobs.filter(each => endingOf(each)?.type === 'Complete').map(each => each.status.completionTime ?? '');
  const lastSuccess = [cron.status.lastSuccessfulTime ?? '', ...done].sort().at(-1);
  for (const job of jobs.filter(each => known.has(each.metadata.uid) && endingOf(each))) {
    const condition = endingOf(job)?.type;
    tell(cluster, cron, 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${condition}`);
  }
  const lastScheduleTime = scheduledAt === null ? cron.status.lastScheduleTime : iso(scheduledAt);
  const status: CronJob['status'] = {
    ...(active.length && {
      active: active.map(({ metadata: { name, namespace, uid } }) => ({
        apiVersion: 'batch/v1',
        kind: 'Job',
        name,
        namespace,
        uid,
      })),
    }),
    ...(lastScheduleTime && { lastScheduleTime }),
    ...(lastSuccess && { lastSuccessfulTime: lastSuccess }),
  };
  cluster.store.modify('cronjobs', cron, now => (sameJson(now.status, status) ? now : { ...now, status }));
}

function jobsOf(cluster: Cluster, cron: CronJob): Job[] {
  return cluster.store.owned('jobs', cron.metadata.uid);
}

function tell(cluster: Cluster, cron: CronJob, reason: string, message: string): void {
  record(cluster, cron, { reason, message, component: 'cronjob-controller' });
}
