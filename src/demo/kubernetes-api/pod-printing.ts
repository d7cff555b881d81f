import type { Pod } from '../controller/kubernetes/objects.ts';
import { humanDuration } from './human-duration.ts';

/** `1/2`: containers that are ready, of all. */
export function podReady({ spec, status }: Pod): string {
  return `${status.containerStatuses?.filter(each => each.ready).length ?? 0}/${spec.containers.length}`;
}

/** The word in kubectl's STATUS column, by its rules. */
export function podStatus({ metadata, status }: Pod): string {
  let word: string = status.reason ?? status.phase;
  let hasRunning = false;
  for (const { state, ready } of [...(status.containerStatuses ?? [])].reverse()) {
    if (state.waiting?.reason) word = state.waiting.reason;
    else if (state.terminated) word = state.terminated.reason || `ExitCode:${state.terminated.exitCode}`;
    else if (ready && state.running) hasRunning = true;
  }
  if (word === 'Completed' && hasRunning) word = 'Running';
  return metadata.deletionTimestamp ? 'Terminating' : word;
}

/** `14 (2m3s ago)` */
export function podRestarts({ status }: Pod, now: number): string {
  const statuses = status.containerStatuses ?? [];
  const count = statuses.reduce((sum, each) => sum + each.restartCount, 0);
  const ends = statuses.map(each => Date.parse(each.lastState.terminated?.finishedAt ?? '')).filter(Number.isFinite);
  return count && ends.length ? `${count} (${humanDuration(now - Math.max(...ends))} ago)` : String(count);
}
