import { workloadName } from '../controller/kubernetes/behaviour.ts';
import type { Cluster } from '../controller/kubernetes/cluster.ts';
import type { ContainerStatus, Pod } from '../controller/kubernetes/objects.ts';
import { type LogLine, linesOf, type Writer } from '../log-lines.ts';
import { ApiError, badRequest } from './status.ts';

export interface LogRequest {
  follow: boolean;
  /** What is there now. */
  past: string;
  /** What came after the last call; null when no more will come. */
  more: () => string | null;
}

/** `/log` of a pod: tail, since, timestamps, previous, follow. Throws an ApiError. */
export function logs(cluster: Cluster, pod: Pod, query: URLSearchParams): LogRequest {
  const { timeline } = cluster;
  const container = containerOf(pod, query.get('container'));
  const node = pod.spec.nodeName ?? '';
  if (cluster.downNodes.has(node)) {
    const host = cluster.addressOf(node);
    const url = `https://${host}:10250/containerLogs/${pod.metadata.namespace}/${pod.metadata.name}/${container.name}`;
    const message = `Get "${url}": dial tcp ${host}:10250: connect: no route to host`;
    throw new ApiError({ code: 500, reason: 'InternalError', message });
  }
  const lasting = writerOf(pod, container, query.get('previous') === 'true');
  const writer = () => ({
    ...lasting,
    calm: cluster.calm,
    complaint: cluster.complaints.get(workloadName(pod)),
  });
  const sinceSeconds = Number(query.get('sinceSeconds') || 0);
  const sinceTime = Date.parse(query.get('sinceTime') ?? '');
  const from = Math.max(sinceSeconds ? timeline.now - sinceSeconds * 1000 : 0, Number.isNaN(sinceTime) ? 0 : sinceTime);
  const tail = query.has('tailLines') ? Number(query.get('tailLines')) : 5_000;
  const stamped = query.get('timestamps') === 'true';
  let told = timeline.now;
  return {
    follow: query.get('follow') === 'true',
    past: text(linesOf(writer(), from, told, tail), stamped),
    more() {
      const now = cluster.store.current('pods', pod);
      if (!now || cluster.downNodes.has(node)) return null;
      const before = told;
      told = timeline.now;
      const status = now.status.containerStatuses?.find(each => each.name === container.name);
      if (!status?.state.running) return null;
      return text(linesOf(writer(), before + 1, told), stamped);
    },
  };
}

function containerOf(pod: Pod, wanted: string | null): ContainerStatus {
  const { name } = pod.metadata;
  const names = pod.spec.containers.map(each => each.name);
  if (!wanted && names.length > 1) {
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  }
  const chosen = wanted ?? names[0] ?? '';
  if (!names.includes(chosen)) throw badRequest(`container ${chosen} is not valid for pod ${name}`);
  const status = pod.status.containerStatuses?.find(each => each.name === chosen);
  const waiting = status?.state.waiting;
  if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  if (!status || (waiting && !status.lastState.terminated)) {
    const reason = waiting?.reason ?? 'ContainerCreating';
    throw badRequest(`container "${chosen}" in pod "${name}" is waiting to start: ${reason}`);
  }
  return status;
}

function writerOf(pod: Pod, { name, image, state, lastState }: ContainerStatus, previous: boolean): Writer {
  const ended = previous
    ? lastState.terminated
    : (state.terminated ?? (state.running ? undefined : lastState.terminated));
  if (previous && !ended) {
    throw badRequest(`previous terminated container "${name}" in pod "${pod.metadata.name}" not found`);
  }
  const startedAt = ended?.startedAt ?? state.running?.startedAt ?? pod.metadata.creationTimestamp;
  return {
    image,
    name: pod.metadata.name,
    startedAt: Date.parse(startedAt),
    end: ended ? { at: Date.parse(ended.finishedAt), lastLine: ended.message?.trim() ?? null } : null,
  };
}

function text(lines: LogLine[], stamped: boolean): string {
  return lines
    .map(({ at, text }) => `${stamped ? `${new Date(at).toISOString().slice(0, 23)}000000Z ` : ''}${text}\n`)
    .join('');
}
