import type { Replica, Seen } from '../../model/entity.ts';
import { idByKind, idOf } from './ids.ts';
import { limited, requested } from './pod-resources.ts';
import { type ContainerStatus, type Pod, type PodState, podState } from './pod-state.ts';
import { common, type Projecting } from './project.ts';
import { parseBytes, parseMillicores } from './quantity.ts';
import { conditionOf, count, items, ownerOf, text, time, words } from './wire.ts';

/** A pod as a replica; usage comes from elsewhere. */
export function projectPod(pod: Pod, projecting: Projecting): Seen<'replica'> {
  const { source, shared } = projecting;
  const { spec, status } = pod;
  const base = common('replica', 'pod', pod.metadata, projecting);
  const { culprit, state, ...counted } = podState(pod);
  const ready = conditionOf(status?.conditions, 'Ready')?.status === 'True';
  const node = text(spec?.nodeName);
  return {
    ...base,
    ...counted,
    system: 'kubernetes',
    workload: shared.text(workloadOf(pod, base.namespace, source)),
    node: node && shared.text(idOf(source, 'node', node, null)),
    state: shared.text(state),
    ready,
    wanted: wantedOf(pod),
    message: messageOf(pod, state, culprit, ready),
    exitCode: exitCodeOf(status?.containerStatuses, culprit),
    startedAt: time(status?.startTime),
    ip: text(status?.podIP),
    image: shared.text(text(items(spec?.containers)[0]?.image)),
    cpuUsedMillicores: null,
    memoryUsedBytes: null,
    cpuRequestMillicores: requested(spec, 'cpu', parseMillicores),
    cpuLimitMillicores: limited(spec, 'cpu', parseMillicores),
    memoryRequestBytes: requested(spec, 'memory', parseBytes),
    memoryLimitBytes: limited(spec, 'memory', parseBytes),
    slot: null,
  };
}

/**
 * The workload that made the pod. A Deployment stands one step further away than the owner reference shows, but its
 * ReplicaSets are named after it and the pod's template hash, so that they need not be read.
 */
function workloadOf({ metadata }: Pod, namespace: string | null, source: string): string | null {
  const owner = ownerOf(metadata);
  if (!owner) return null;
  if (owner.kind !== 'ReplicaSet') return idByKind(source, owner.kind, owner.name, namespace);
  const hash = text(metadata?.labels?.['pod-template-hash']);
  if (!hash || !owner.name.endsWith(`-${hash}`)) return null;
  return idOf(source, 'deployment', owner.name.slice(0, -hash.length - 1), namespace);
}

/** Whoever has ended and will not be started again counts for nothing: its controller has made another one. */
function wantedOf({ metadata, spec, status }: Pod): Replica['wanted'] {
  if (metadata?.deletionTimestamp) return 'gone';
  const owner = ownerOf(metadata);
  if (owner?.kind === 'Job' || (!owner && spec?.restartPolicy !== 'Always')) return 'completed';
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return ended && owner ? 'gone' : 'running';
}

function messageOf(
  { status, metadata }: Pod,
  state: PodState['state'],
  culprit: ContainerStatus | null,
  ready: boolean,
): string | null {
  if (metadata?.deletionTimestamp) return words(status?.message);
  const about = words(status?.message) ?? (culprit ? saidBy(culprit) : null);
  if (about !== null || ready || state === 'Completed') return about;
  const scheduled = conditionOf(status?.conditions, 'PodScheduled');
  if (scheduled?.status === 'False') return words(scheduled.message) ?? text(scheduled.reason);
  const readiness = conditionOf(status?.conditions, 'Ready');
  return words(readiness?.message);
}

/** Why a container does not run: how it ended last when it keeps ending, else what it waits for. */
function saidBy({ state, lastState }: ContainerStatus): string | null {
  const ended =
    state?.terminated ?? (state?.waiting?.reason === 'CrashLoopBackOff' ? lastState?.terminated : undefined);
  const waiting = words(state?.waiting?.message);
  const code = count(ended?.exitCode);
  if (!ended || code === null) return waiting;
  if (code === 0 && state?.terminated) return null;
  const reason = text(ended.reason);
  const how = reason && reason !== 'Error' && !state?.terminated ? `exit ${code} (${reason})` : `exit ${code}`;
  const last = typeof ended.message === 'string' ? ended.message.trim().split('\n').at(-1) : null;
  return [how, words(last)].filter(part => part !== null).join(', ');
}

/** Of the container that the state speaks of, or else of the one that ended last. */
function exitCodeOf(statuses: ContainerStatus[] | undefined, culprit: ContainerStatus | null): number | null {
  const ends = (culprit ? [culprit] : items(statuses))
    .map(({ state, lastState }) => state?.terminated ?? lastState?.terminated)
    .filter(end => end !== undefined && end !== null);
  const newest = ends.sort((a, b) => (time(b.finishedAt) ?? 0) - (time(a.finishedAt) ?? 0))[0];
  return count(newest?.exitCode);
}
