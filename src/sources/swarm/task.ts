import { createHash } from 'node:crypto';
import type { ApiTask, ApiTaskSpec } from './api.ts';
import { bytes, count, imageName, millicores, time, told, version, words } from './read.ts';

/** What is kept of a task: a swarm can have thousands. */
export interface Task {
  id: string;
  service: string;
  /** Which of the service's places it fills: its slot, for global services its node. */
  place: string;
  slot: number | null;
  /** Swarm's id of the node; null while it waits for one. */
  node: string | null;
  state: string;
  desired: string;
  /** The newest error, in the engine's words. */
  error: string | null;
  exitCode: number | null;
  /** When it came into its state, by the clock of its node. */
  at: number | null;
  createdAt: number | null;
  version: string | null;
  /** Of its specification: tasks with the same one were made from the same version of the service. */
  spec: string;
  image: string | null;
  ip: string | null;
  cpuRequestMillicores: number | null;
  cpuLimitMillicores: number | null;
  memoryRequestBytes: number | null;
  memoryLimitBytes: number | null;
}

/** States that a task does not leave (moby/swarmkit, api/types.proto: TaskState). */
const ENDED = new Set(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned']);

/** States that a task leaves by itself, and soon. */
const STARTING = new Set(['assigned', 'accepted', 'preparing', 'ready', 'starting']);

/** @param global whether its service has one task on each node and so no slots */
export function readTask(task: ApiTask, global: boolean): Task {
  const { Spec, Status, NodeID } = task;
  const node = words(NodeID);
  const slot = global ? null : (count(task.Slot) ?? 0);
  return {
    id: task.ID!,
    service: words(task.ServiceID) ?? '',
    place: slot === null ? (node ?? '') : String(slot),
    slot,
    node,
    state: words(Status?.State) ?? 'unknown',
    desired: words(task.DesiredState) ?? 'unknown',
    error: told(Status?.Err),
    exitCode: Status?.ContainerStatus?.ContainerID ? count(Status.ContainerStatus.ExitCode) : null,
    at: time(Status?.Timestamp),
    createdAt: time(task.CreatedAt),
    version: version(task.Version?.Index),
    spec: fingerprint(Spec),
    image: imageName(Spec?.ContainerSpec?.Image),
    ip: address(task),
    cpuRequestMillicores: millicores(Spec?.Resources?.Reservations?.NanoCPUs),
    cpuLimitMillicores: millicores(Spec?.Resources?.Limits?.NanoCPUs),
    memoryRequestBytes: bytes(Spec?.Resources?.Reservations?.MemoryBytes),
    memoryLimitBytes: bytes(Spec?.Resources?.Limits?.MemoryBytes),
  };
}

/** Its first address in any network, without the mask. */
function address({ NetworksAttachments: networks }: ApiTask): string | null {
  const all = (Array.isArray(networks) ? networks : []).flatMap(network => network?.Addresses ?? []);
  return words(
    all
      .map(words)
      .find(text => text !== null)
      ?.split('/')[0],
  );
}

/** Tells one specification from another. A service names its runtime, its tasks do not. */
export function fingerprint(spec: ApiTaskSpec | undefined): string {
  const { Runtime: _, ...rest } = spec ?? {};
  return createHash('sha1').update(JSON.stringify(rest)).digest('base64');
}

export function hasEnded({ state }: Task): boolean {
  return ENDED.has(state);
}

export function isStarting({ state }: Task): boolean {
  return STARTING.has(state);
}

/** The orchestrator has not given it up: not replaced, not scaled away, not drained. */
export function isCurrent({ desired }: Task): boolean {
  return desired !== 'shutdown' && desired !== 'remove';
}

/** It ended by itself, where an end ordered by the orchestrator is a `shutdown`, whatever the exit code. */
export function hasDied({ state }: Task): boolean {
  return state === 'failed' || state === 'rejected' || state === 'complete';
}

/** Newest first. */
export function byAge(a: Task, b: Task): number {
  return (b.createdAt ?? 0) - (a.createdAt ?? 0);
}
