import { iso } from './moments.ts';
import type { Condition, Container, ContainerStatus, Pod, PodStatus } from './objects.ts';

/** A status with one condition set; the moment of its last change moves only when its truth does. */
export function withCondition(
  status: PodStatus,
  { type, status: truth, reason, message }: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
  now: number,
): PodStatus {
  const conditions = status.conditions ?? [];
  const before = conditions.find(each => each.type === type);
  const condition: Condition = {
    type,
    status: truth,
    lastProbeTime: null,
    lastTransitionTime: before?.status === truth ? before.lastTransitionTime : iso(now),
    ...(reason && { reason }),
    ...(message && { message }),
  };
  return {
    ...status,
    conditions: before ? conditions.map(each => (each === before ? condition : each)) : [...conditions, condition],
  };
}

/** The containers' states put into a pod's status, with the conditions and the phase that follow from them. */
export function withContainers(pod: Pod, containerStatuses: ContainerStatus[], now: number): PodStatus {
  const unready = containerStatuses.filter(each => !each.ready).map(each => each.name);
  const isDone = containerStatuses.every(each => each.state.terminated);
  const readiness =
    unready.length === 0
      ? { status: 'True' as const }
      : {
          status: 'False' as const,
          reason: isDone && pod.spec.restartPolicy !== 'Always' ? 'PodCompleted' : 'ContainersNotReady',
          message: isDone ? undefined : `containers with unready status: [${unready.join(' ')}]`,
        };
  let status: PodStatus = { ...pod.status, containerStatuses };
  status = withCondition(status, { type: 'PodReadyToStartContainers', status: isDone ? 'False' : 'True' }, now);
  status = withCondition(status, { type: 'Initialized', status: 'True' }, now);
  status = withCondition(status, { type: 'Ready', ...readiness }, now);
  return withCondition(status, { type: 'ContainersReady', ...readiness }, now);
}

export function waiting(container: Container, reason: string, message?: string): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason, ...(message && { message }) } },
    lastState: {},
  };
}

/** It runs, and is not ready yet; once more, when it has ended before. */
export function started(
  each: ContainerStatus,
  { digest, id, now }: { digest: string; id: string; now: number },
): ContainerStatus {
  const before = each.state.terminated ?? each.lastState.terminated;
  return {
    ...each,
    imageID: `${each.image.replace(/:[^/]*$/, '')}@sha256:${digest}`,
    containerID: `containerd://${id}`,
    ready: false,
    started: true,
    restartCount: each.restartCount + (before ? 1 : 0),
    state: { running: { startedAt: iso(now) } },
    lastState: before ? { terminated: before } : {},
  };
}

export function ended(
  each: ContainerStatus,
  { exitCode, reason, lastLine, now }: { exitCode: number; reason: string; lastLine?: string; now: number },
): ContainerStatus {
  return {
    ...each,
    ready: false,
    started: false,
    state: {
      terminated: {
        exitCode,
        reason,
        ...(lastLine && { message: `${lastLine}\n` }),
        startedAt: each.state.running?.startedAt ?? iso(now),
        finishedAt: iso(now),
        ...(each.containerID && { containerID: each.containerID }),
      },
    },
  };
}
