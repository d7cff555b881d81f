import type { Cluster } from './cluster.ts';
import { record } from './events.ts';
import { iso } from './moments.ts';
import type { Condition, Job, Pod } from './objects.ts';
import { createPod, deletePod, sameJson } from './pods.ts';
import { isReady, ownedBy } from './relations.ts';

/** Runs pods until enough have succeeded, or too many failed; removes itself when its time to live is over. */
export function reconcileJob(cluster: Cluster, job: Job): void {
  if (job.metadata.deletionTimestamp) return;
  const pods = cluster.store.owned('pods', job.metadata.uid);
  const active = pods.filter(each => each.status.phase === 'Pending' || each.status.phase === 'Running');
  const succeeded = pods.filter(each => each.status.phase === 'Succeeded').length;
  const failed = pods.filter(each => each.status.phase === 'Failed').length;
  const ending = endingOf(job);
  if (ending) return expire(cluster, job);
  const { completions = 1, parallelism = 1, backoffLimit = 6, suspend = false } = job.spec;
  if (succeeded >= completions) return end(cluster, job, { succeeded, failed }, COMPLETE);
  if (failed > backoffLimit) return end(cluster, job, { succeeded, failed }, FAILED);
  const missing = suspend ? -active.length : Math.min(parallelism, completions - succeeded) - active.length;
  if (missing > 0) start(cluster, job, missing, pods);
  for (const pod of missing < 0 ? active.slice(missing) : []) deletePod(cluster, pod);
  count(cluster, job, succeeded, failed);
}

/** A job with the identity, the selector and the defaults that the API server gives it. */
export function createJob(cluster: Cluster, spec: Job['spec'], metadata: Partial<Job['metadata']>): Job {
  const uid = cluster.random.uuid();
  const name = metadata.name ?? `${metadata.generateName}${cluster.random.suffix()}`;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = spec.template;
  return cluster.store.create('jobs', {
    metadata: { ...metadata, name, uid, labels: { ...metadata.labels, ...labels } },
    spec: {
      completionMode: 'NonIndexed',
      manualSelector: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      suspend: false,
      ...spec,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } },
      },
    },
    status: {},
  });
}

/** The condition with which a job is over; null while it runs. */
export function endingOf(job: Job): Condition | null {
  const isEnd = ({ type, status }: Condition) => status === 'True' && (type === 'Complete' || type === 'Failed');
  return job.status.conditions?.find(isEnd) ?? null;
}

interface Ending {
  type: 'Complete' | 'Failed';
  forerunner: string;
  reason: string;
  message: string;
}

const COMPLETE: Ending = {
  type: 'Complete',
  forerunner: 'SuccessCriteriaMet',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};
const FAILED: Ending = {
  type: 'Failed',
  forerunner: 'FailureTarget',
  reason: 'BackoffLimitExceeded',
  message: 'Job has reached the specified backoff limit',
};

function start(cluster: Cluster, job: Job, missing: number, pods: Pod[]): void {
  const failed = pods.filter(each => each.status.phase === 'Failed');
  const last = Math.max(0, ...failed.map(each => endOf(each)));
  const wait = failed.length ? last + Math.min(360, 10 * 2 ** (failed.length - 1)) * 1000 - cluster.timeline.now : 0;
  if (wait > 0) return cluster.wakeAt('jobs', job, cluster.timeline.now + wait);
  for (let made = 0; made < missing; made += 1) {
    const pod = createPod(cluster, job.spec.template, {
      generateName: `${job.metadata.name}-`,
      namespace: job.metadata.namespace,
      ownerReferences: [ownedBy(job)],
    });
    tell(cluster, job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }
}

function count(cluster: Cluster, job: Job, succeeded: number, failed: number): void {
  const active = cluster.store
    .owned('pods', job.metadata.uid)
    .filter(each => each.status.phase === 'Pending' || each.status.phase === 'Running');
  const status: Job['status'] = {
    ...(active.length && { active: active.length }),
    ready: active.filter(isReady).length,
    ...(succeeded && { succeeded }),
    ...(failed && { failed }),
    ...(!job.spec.suspend && { startTime: job.status.startTime ?? iso(cluster.timeline.now) }),
    terminating: 0,
    uncountedTerminatedPods: {},
  };
  cluster.store.modify('jobs', job, now => (sameJson(now.status, status) ? now : { ...now, status }));
}

function end(cluster: Cluster, job: Job, counts: { succeeded: number; failed: number }, ending: Ending): void {
  const now = iso(cluster.timeline.now);
  const condition = (type: string): Condition => ({
    type,
    status: 'True',
    lastProbeTime: now,
    lastTransitionTime: now,
    reason: ending.reason,
    message: ending.message,
  });
  const status: Job['status'] = {
    startTime: job.status.startTime ?? now,
    ...(ending.type === 'Complete' && { completionTime: now }),
    ...(counts.succeeded && { succeeded: counts.succeeded }),
    ...(counts.failed && { failed: counts.failed }),
    ready: 0,
    terminating: 0,
    uncountedTerminatedPods: {},
    conditions: [condition(ending.forerunner), condition(ending.type)],
  };
  const ended = cluster.store.modify('jobs', job, current => ({ ...current, status }));
  if (ending.type === 'Complete') tell(cluster, job, 'Normal', 'Completed', 'Job completed');
  else tell(cluster, job, 'Warning', ending.reason, ending.message);
  if (ended) expire(cluster, ended);
}

/** Goes `ttlSecondsAfterFinished` after its end, pods and all. */
function expire(cluster: Cluster, job: Job): void {
  const ending = endingOf(job);
  const { ttlSecondsAfterFinished: seconds } = job.spec;
  if (!ending || seconds === undefined) return;
  const at = Date.parse(ending.lastTransitionTime) + seconds * 1000;
  if (at <= cluster.timeline.now) cluster.store.remove('jobs', job);
  else cluster.wakeAt('jobs', job, at);
}

function endOf(pod: Pod): number {
  return Date.parse(pod.status.containerStatuses?.[0]?.state.terminated?.finishedAt ?? pod.metadata.creationTimestamp);
}

function tell(cluster: Cluster, job: Job, type: 'Normal' | 'Warning', reason: string, message: string): void {
  record(cluster, job, { type, reason, message, component: 'job-controller' });
}
