import type { Rollout, Seen, WorkloadType } from '../../model/entity.ts';
import type { Word } from './ids.ts';
import { idByKind } from './ids.ts';
import { managedBy } from './managed-by.ts';
import { common, type Projecting } from './project.ts';
import { type Condition, conditionOf, count, items, ownerOf, reasonOf, text, time, type Wire, words } from './wire.ts';

interface Template {
  spec?: { containers?: { image?: unknown }[] };
}

export type Deployment = Wire<
  { replicas?: unknown; paused?: unknown; template?: Template; strategy?: { type?: unknown } },
  {
    observedGeneration?: unknown;
    replicas?: unknown;
    readyReplicas?: unknown;
    availableReplicas?: unknown;
    updatedReplicas?: unknown;
    conditions?: Condition[];
  }
>;

export type StatefulSet = Wire<
  {
    replicas?: unknown;
    template?: Template;
    updateStrategy?: { type?: unknown; rollingUpdate?: { partition?: unknown } };
  },
  {
    observedGeneration?: unknown;
    readyReplicas?: unknown;
    updatedReplicas?: unknown;
    currentRevision?: unknown;
    updateRevision?: unknown;
    conditions?: Condition[];
  }
>;

export type DaemonSet = Wire<
  { template?: Template; updateStrategy?: { type?: unknown } },
  {
    observedGeneration?: unknown;
    desiredNumberScheduled?: unknown;
    numberReady?: unknown;
    updatedNumberScheduled?: unknown;
    conditions?: Condition[];
  }
>;

export type Job = Wire<
  { completions?: unknown; parallelism?: unknown; suspend?: unknown; template?: Template },
  {
    succeeded?: unknown;
    failed?: unknown;
    ready?: unknown;
    startTime?: unknown;
    completionTime?: unknown;
    conditions?: Condition[];
  }
>;

export type CronJob = Wire<
  { schedule?: unknown; suspend?: unknown; jobTemplate?: { spec?: { template?: Template } } },
  { lastScheduleTime?: unknown; lastSuccessfulTime?: unknown }
>;

export function projectDeployment(object: Deployment, projecting: Projecting): Seen<'workload'> {
  const { spec, status } = object;
  const conditions = status?.conditions;
  const stuck = ['ReplicaFailure', 'Progressing', 'Available']
    .map(type => conditionOf(conditions, type))
    .find(condition => condition?.status === (condition?.type === 'ReplicaFailure' ? 'True' : 'False'));
  return {
    ...basis('Deployment', object, spec?.template, projecting),
    wanted: count(spec?.replicas),
    ready: status ? (count(status.readyReplicas) ?? 0) : null,
    updated: status ? (count(status.updatedReplicas) ?? 0) : null,
    rollout: deploymentRollout(object),
    message: words(stuck?.message) ?? text(stuck?.reason),
    strategy: text(spec?.strategy?.type),
  };
}

/** The questions of `kubectl rollout status`, which takes the controller's word that a rollout once was complete. */
function deploymentRollout({ metadata, spec, status }: Deployment): Rollout | null {
  const progressing = conditionOf(status?.conditions, 'Progressing');
  if (spec?.paused === true) return { state: 'paused', message: words(progressing?.message), since: null };
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return { state: 'failed', message: words(progressing.message), since: time(progressing.lastTransitionTime) };
  }
  const [wanted, there] = [count(spec?.replicas) ?? 0, count(status?.replicas) ?? 0];
  const [updated, available] = [count(status?.updatedReplicas) ?? 0, count(status?.availableReplicas) ?? 0];
  const unfinished = progressing?.reason !== 'NewReplicaSetAvailable' && (updated < wanted || available < updated);
  if (!isUnseen(metadata, status) && !unfinished && there <= updated) return null;
  return { state: 'updating', message: null, since: null };
}

export function projectStatefulSet(object: StatefulSet, projecting: Projecting): Seen<'workload'> {
  const { metadata, spec, status } = object;
  const strategy = text(spec?.updateStrategy?.type);
  const wanted = count(spec?.replicas);
  const due = (wanted ?? 0) - (count(spec?.updateStrategy?.rollingUpdate?.partition) ?? 0);
  const behind =
    strategy !== 'OnDelete' &&
    status?.updateRevision !== status?.currentRevision &&
    (count(status?.updatedReplicas) ?? 0) < due;
  return {
    ...basis('StatefulSet', object, spec?.template, projecting),
    wanted,
    ready: status ? (count(status.readyReplicas) ?? 0) : null,
    updated: status ? (count(status.updatedReplicas) ?? 0) : null,
    rollout: isUnseen(metadata, status) || behind ? { state: 'updating', message: null, since: null } : null,
    strategy,
  };
}

export function projectDaemonSet(object: DaemonSet, projecting: Projecting): Seen<'workload'> {
  const { metadata, spec, status } = object;
  const strategy = text(spec?.updateStrategy?.type);
  const wanted = count(status?.desiredNumberScheduled);
  const updated = status ? (count(status.updatedNumberScheduled) ?? 0) : null;
  const behind = strategy !== 'OnDelete' && wanted !== null && (updated ?? 0) < wanted;
  return {
    ...basis('DaemonSet', object, spec?.template, projecting),
    wanted,
    ready: status ? (count(status.numberReady) ?? 0) : null,
    updated,
    rollout: isUnseen(metadata, status) || behind ? { state: 'updating', message: null, since: null } : null,
    strategy,
  };
}

/** `wanted` is how many runs must end well, as kubectl counts completions; `message` is there only when it gave up. */
export function projectJob(object: Job, projecting: Projecting): Seen<'workload'> {
  const { spec, status } = object;
  const failure = endOf(status?.conditions, 'Failed');
  const complete = endOf(status?.conditions, 'Complete');
  return {
    ...basis('Job', object, spec?.template, projecting),
    wanted: count(spec?.completions) ?? 1,
    ready: count(status?.ready),
    succeeded: status ? (count(status.succeeded) ?? 0) : null,
    failed: status ? (count(status.failed) ?? 0) : null,
    message: failure ? (reasonOf(failure) ?? 'Failed') : null,
    suspended: spec?.suspend === true,
    lastRunAt: time(status?.startTime),
    finishedAt: failure
      ? time(failure.lastTransitionTime)
      : complete
        ? (time(status?.completionTime) ?? time(complete.lastTransitionTime))
        : null,
  };
}

export function projectCronJob(object: CronJob, projecting: Projecting): Seen<'workload'> {
  const { spec, status } = object;
  return {
    ...basis('CronJob', object, spec?.jobTemplate?.spec?.template, projecting),
    schedule: text(spec?.schedule),
    suspended: spec?.suspend === true,
    lastRunAt: time(status?.lastScheduleTime),
    finishedAt: time(status?.lastSuccessfulTime),
  };
}

/** What all workloads share, and null for what only some of them have. */
function basis(
  type: WorkloadType,
  object: Wire,
  template: Template | undefined,
  projecting: Projecting,
): Seen<'workload'> {
  const base = common('workload', type.toLowerCase() as Word, object.metadata, projecting);
  const owner = ownerOf(object.metadata);
  const images = items(template?.spec?.containers).map(({ image }) => text(image));
  return {
    ...base,
    system: 'kubernetes',
    type,
    wanted: null,
    ready: null,
    updated: null,
    images: [...new Set(images.filter(image => image !== null))],
    rollout: null,
    message: null,
    succeeded: null,
    failed: null,
    schedule: null,
    suspended: false,
    lastRunAt: null,
    finishedAt: null,
    managedBy: managedBy(object.metadata),
    owner: owner && idByKind(projecting.source, owner.kind, owner.name, base.namespace),
    strategy: null,
    restarts: null,
    cpuUsedMillicores: null,
    memoryUsedBytes: null,
  };
}

/** Its controller has not yet read the newest specification. */
function isUnseen(meta: Wire['metadata'], status: { observedGeneration?: unknown } | undefined): boolean {
  return (count(meta?.generation) ?? 0) > (count(status?.observedGeneration) ?? 0);
}

function endOf(conditions: Condition[] | undefined, type: string): Condition | undefined {
  const condition = conditionOf(conditions, type);
  return condition?.status === 'True' ? condition : undefined;
}
