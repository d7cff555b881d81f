import { type Condition, type Container, type ContainerStatus, iso, type Pod, type PodStatus } from './objects.ts';

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
