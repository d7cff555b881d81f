import { createHash } from 'node:crypto';
import type { Container, ContainerStatus, Ended, Pod } from './objects.ts';

/** Where a pod's containers stand; all of them at the same place. */
export type Place =
  | { at: 'pulling'; reason: 'ErrImagePull' | 'ImagePullBackOff' }
  | { at: 'running'; ready: boolean; since: string }
  | { at: 'waiting'; message: string; last: Ended }
  | { at: 'ended'; last: Ended };

export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

export function endedWith(exitCode: number, startedAt: string): Ended {
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  return { exitCode, reason, startedAt, finishedAt: now(), containerID: '' };
}

/** The status of a pod as its kubelet reports it. */
export function statusOf(pod: Pod, place: Place, restarts: number, podIP: string): object {
  const phase = phaseOf(pod, place);
  const isReady = place.at === 'running' && place.ready;
  const time = now();
  const condition = (type: string, isTrue: boolean) => {
    const why = isTrue
      ? {}
      : phase === 'Succeeded'
        ? { reason: 'PodCompleted' }
        : {
            reason: 'ContainersNotReady',
            message: `containers with unready status: [${pod.spec.containers.map(each => each.name).join(' ')}]`,
          };
    return { type, status: isTrue ? 'True' : 'False', lastTransitionTime: time, ...why };
  };
  return {
    phase,
    hostIP: '127.0.0.1',
    podIP: pod.spec.hostNetwork ? '127.0.0.1' : podIP,
    startTime: pod.status?.startTime ?? time,
    conditions: [
      condition('PodReadyToStartContainers', true),
      condition('Initialized', true),
      condition('Ready', isReady),
      condition('ContainersReady', isReady),
      condition('PodScheduled', true),
    ],
    containerStatuses: pod.spec.containers.map(each => containerStatus(pod, each, place, restarts)),
  };
}

function phaseOf({ spec }: Pod, place: Place): string {
  if (place.at === 'pulling') return 'Pending';
  if (place.at !== 'ended') return 'Running';
  const isOver = spec.restartPolicy === 'Never' || (spec.restartPolicy === 'OnFailure' && place.last.exitCode === 0);
  return !isOver ? 'Running' : place.last.exitCode === 0 ? 'Succeeded' : 'Failed';
}

function containerStatus(pod: Pod, { name, image }: Container, place: Place, restarts: number): ContainerStatus {
  const containerID = (round: number) =>
    `containerd://${createHash('sha256').update(`${pod.metadata.uid} ${name} ${round}`).digest('hex')}`;
  const base = { name, image, imageID: image, restartCount: restarts, ready: false, started: false, lastState: {} };
  switch (place.at) {
    case 'pulling': {
      const message =
        place.reason === 'ErrImagePull'
          ? `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`
          : `Back-off pulling image "${image}"`;
      return { ...base, imageID: '', state: { waiting: { reason: place.reason, message } } };
    }
    case 'running': {
      const before = pod.status?.containerStatuses?.find(each => each.name === name)?.lastState ?? {};
      const state = { running: { startedAt: place.since } };
      return {
        ...base,
        containerID: containerID(restarts),
        ready: place.ready,
        started: true,
        state,
        lastState: restarts ? before : {},
      };
    }
    case 'waiting': {
      const terminated = { ...place.last, containerID: containerID(restarts) };
      const waiting = { reason: 'CrashLoopBackOff', message: place.message };
      return { ...base, containerID: containerID(restarts), state: { waiting }, lastState: { terminated } };
    }
    case 'ended': {
      const terminated = { ...place.last, containerID: containerID(restarts) };
      return { ...base, containerID: containerID(restarts), state: { terminated } };
    }
  }
}
