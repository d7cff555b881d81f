import { isOver, type Task } from '../controller/swarm/objects.ts';
import { containerBytes, containersOf, findContainer } from './containers.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { filtersOf, isSet } from './filters.ts';

/** `POST /containers/ID/stop` and `/kill`: the swarm starts another in its place. Throws an EngineError. */
export function stopContainer(engine: Engine, wanted: string, signal: 'stop' | 'kill'): void {
  const { Id, task } = findContainer(engine, wanted);
  if (isEnded(task)) {
    if (signal === 'kill')
      throw new EngineError(409, `cannot kill container: ${wanted}: container ${Id} is not running`);
    // Nothing to be done, and no mistake either.
    throw new EngineError(304, '');
  }
  engine.swarm.agent.end(task, signal === 'kill' ? 137 : 143);
}

/** `DELETE /containers/ID`: one that runs only by force. Throws an EngineError. */
export function removeContainer(engine: Engine, wanted: string, query: URLSearchParams): void {
  const { Id, task } = findContainer(engine, wanted);
  if (!isEnded(task)) {
    if (!isSet(query, 'force')) {
      const why = 'container is running: stop the container before removing or force remove';
      throw new EngineError(409, `cannot remove container "${wanted}": ${why}`);
    }
    engine.swarm.agent.end(task, 137);
  }
  engine.removed.add(Id);
}

/** `POST /containers/prune`: all that have ended; `until` keeps those that are younger. */
export function pruneContainers(engine: Engine, query: URLSearchParams): object {
  const { until } = filtersOf(query, ['until', 'label', 'label!']);
  const before = until?.[0] === undefined ? Number.POSITIVE_INFINITY : momentOf(until[0], engine.world.timeline.now);
  const ended = containersOf(engine).filter(({ task }) => isEnded(task) && Date.parse(task.CreatedAt) < before);
  for (const { Id } of ended) engine.removed.add(Id);
  const SpaceReclaimed = ended.reduce((sum, { task }) => sum + containerBytes(task), 0);
  return { ContainersDeleted: ended.length ? ended.map(each => each.Id) : null, SpaceReclaimed };
}

/** RFC 3339, seconds since 1970, or how long ago: `24h`, `10m`. Milliseconds since 1970 out. */
export function momentOf(text: string, now: number): number {
  const [, number, unit] = /^(\d+)(h|m|s)$/.exec(text) ?? [];
  if (number && unit) return now - Number(number) * { h: 3_600_000, m: 60_000, s: 1000 }[unit as 'h' | 'm' | 's'];
  const moment = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(moment)) throw new EngineError(400, `failed to parse value as time or duration: "${text}"`);
  return moment;
}

function isEnded(task: Task): boolean {
  return isOver(task);
}
