import type { Rollout, Seen } from '../../model/entity.ts';
import type { ApiService } from './api.ts';
import { type Deaths, isLoop, lastWords, story } from './crash-ledger.ts';
import { count, imageName, labels, time, told, version, words } from './read.ts';
import { isReady, lostNode, predecessors, type Sight, whyAgain } from './replicas.ts';
import type { Service } from './service.ts';
import { hasDied, isCurrent, type Task } from './task.ts';

export type SeenWorkload = Seen<'workload'>;

/**
 * @param tasks of this service, the newest first; null while they are not known
 * @param observedAt when the service was read
 */
export function seenWorkload(
  service: Service,
  tasks: readonly Task[] | null,
  sight: Sight,
  observedAt: number,
): SeenWorkload {
  const { api, name, stack } = service;
  const { Spec, JobStatus } = api;
  const counts = countsOf(service, tasks, sight);
  const image = imageName(Spec?.TaskTemplate?.ContainerSpec?.Image);
  return {
    id: service.id,
    kind: 'workload',
    name,
    source: sight.source,
    observedAt,
    uid: service.uid,
    version: version(api.Version?.Index),
    createdAt: time(api.CreatedAt),
    labels: labels(Spec?.Labels),
    system: 'swarm',
    type: service.type,
    namespace: stack,
    ...counts,
    images: image ? [image] : [],
    rollout: rolloutOf(api),
    message: tasks ? messageOf(counts, tasks, sight) : null,
    schedule: null,
    suspended: false,
    lastRunAt: time(JobStatus?.LastExecution),
    finishedAt: finishedAt(service, counts, tasks),
    managedBy: stack ? `stack ${stack}` : null,
    owner: null,
    strategy: strategyOf(api),
    restarts: null,
    cpuUsedMillicores: null,
    memoryUsedBytes: null,
  };
}

interface Counts {
  wanted: number | null;
  ready: number | null;
  updated: number | null;
  succeeded: number | null;
  failed: number | null;
}

function countsOf(service: Service, tasks: readonly Task[] | null, sight: Sight): Counts {
  const { isJob, api } = service;
  const current = tasks?.filter(isCurrent) ?? null;
  // By places, not by tasks: while one replaces another, two of them stand in one slot.
  const places = (of: (task: Task) => boolean) => current && new Set(current.filter(of).map(task => task.place)).size;
  const failures = tasks?.map(task => sight.ledger.of(task)).filter(deaths => deaths !== null);
  return {
    wanted: wantedBy(
      service,
      places(() => true),
    ),
    ready: places(task => isReady(task, sight)),
    updated: places(task => task.spec === service.spec),
    succeeded: isJob ? (count(api.ServiceStatus?.CompletedTasks) ?? places(({ state }) => state === 'complete')) : null,
    failed: isJob && failures ? [...new Set(failures)].reduce((sum, { total }) => sum + total, 0) : null,
  };
}

/** A global service wants what the orchestrator has given it: a task for each node that is eligible. */
function wantedBy({ type, api }: Service, places: number | null): number | null {
  const mode = api.Spec?.Mode;
  switch (type) {
    case 'Global':
      return places ?? count(api.ServiceStatus?.DesiredTasks);
    // The engine counts as desired only what has not completed yet.
    case 'GlobalJob':
      return places;
    case 'ReplicatedJob':
      return count(mode?.ReplicatedJob?.TotalCompletions) ?? count(mode?.ReplicatedJob?.MaxConcurrent) ?? 1;
    default:
      return count(mode?.Replicated?.Replicas);
  }
}

/** Why it is not where it should be, in the engine's words. A crash loop is told even in the moments when it runs. */
function messageOf({ wanted, ready, succeeded }: Counts, tasks: readonly Task[], sight: Sight): string | null {
  if (wanted === 0 || (succeeded !== null && wanted !== null && succeeded >= wanted)) return null;
  const current = tasks.filter(isCurrent);
  const loops = unique(current.map(task => sight.ledger.of(task))).filter(deaths => isLoop(deaths, sight.now));
  if (loops.length > 0) return story(loops, sight.now);
  if (wanted === null || ready === null || ready >= wanted) return null;
  const waiting = current.filter(task => !isReady(task, sight));
  const before = predecessors(tasks);
  const first = (of: (task: Task) => string | null) => waiting.map(of).find(words => words !== null);
  const words =
    first(task => (hasDied(task) ? null : task.error)) ??
    first(task => whyAgain(task, before.get(task.place), sight)) ??
    first(task => lostNode(task, sight));
  if (words) return words;
  // Nothing was started in its place: its restart policy gave up.
  const last = current.length < wanted ? tasks.find(hasDied) : undefined;
  return last ? `${lastWords(last)}; not started again` : null;
}

function unique(deaths: (Deaths | null)[]): Deaths[] {
  return [...new Set(deaths.filter(one => one !== null))];
}

function finishedAt({ isJob }: Service, { wanted, succeeded }: Counts, tasks: readonly Task[] | null): number | null {
  if (!isJob || !tasks || wanted === null || succeeded === null || succeeded < wanted) return null;
  const ends = tasks.filter(({ state }) => state === 'complete').map(({ at }) => at ?? 0);
  return ends.length > 0 ? Math.max(...ends) || null : null;
}

/** moby, api/types/swarm: UpdateState. A completed update is no news. */
function rolloutOf({ UpdateStatus: status }: ApiService): Rollout | null {
  const state = ROLLOUTS[status?.State ?? ''];
  if (!status || !state) return null;
  return { state, message: told(status.Message), since: time(status.CompletedAt) ?? time(status.StartedAt) };
}

const ROLLOUTS: Readonly<Record<string, Rollout['state']>> = {
  updating: 'updating',
  paused: 'paused',
  rollback_started: 'rolling back',
  rollback_paused: 'failed',
  rollback_completed: 'rolled back',
};

function strategyOf({ Spec }: ApiService): string | null {
  const order = words(Spec?.UpdateConfig?.Order);
  if (!order) return null;
  const parallel = count(Spec?.UpdateConfig?.Parallelism);
  return parallel === null ? order : `${order}, ${parallel === 0 ? 'all' : parallel} at a time`;
}
