import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../sources/client.ts';
import type { ApiService, ApiTask } from '../sources/swarm/api.ts';
import { counted } from '../text/format.ts';
import { difference } from './difference.ts';
import { at } from './prove.ts';
import type { Edit, Standing, Subject } from './verb.ts';

/** The specification of an object of the swarm, whole: what is left out of an update is taken away. */
type Spec = Record<string, unknown>;

/**
 * An update of a service or a node to a changed specification, which holds only for the version that was seen: the
 * engine answers another one with "update out of sequence" (500).
 */
export function updateOf({ noun, path, object }: Subject, change: (spec: Spec) => Spec, query = ''): Edit {
  return {
    path,
    seen: object,
    moved: fresh => {
      const change = difference(at(object, ['Spec']), at(fresh, ['Spec']));
      return change === null ? null : `${noun.name} was changed meanwhile: ${change}`;
    },
    write: base => ({
      method: 'POST',
      path: `${path}/update?version=${at(base, ['Version', 'Index'])}${query}`,
      body: change(structuredClone(at(base, ['Spec'])) as Spec),
    }),
  };
}

/** A task that runs is not yet one that stays: the docker command waits so long before it believes it. */
export const STEADY_MS = 5_000;

/**
 * How far a service is: its update, and the tasks of its newest specification that run on nodes that live.
 *
 * @param back whether it is a return that is waited for; else one says that the update failed
 */
export async function serviceStanding(
  { path, client, fleet }: Pick<Subject, 'path' | 'client' | 'fleet'>,
  signal: AbortSignal,
  { back = false } = {},
): Promise<Standing> {
  const service = (await client.get(path, signal)) as ApiService;
  const { State = '', Message = '' } = service.UpdateStatus ?? {};
  if (State === 'paused') return { state: 'failed', words: `the update is paused: ${Message}` };
  if (State === 'rollback_paused') return { state: 'failed', words: `the rollback is paused: ${Message}` };
  if (State.startsWith('rollback') && !back) return { state: 'failed', words: `rolled back: ${Message}` };
  const filters = encodeURIComponent(JSON.stringify({ service: [service.ID], 'desired-state': ['running'] }));
  const tasks = (await client.get(`/tasks?filters=${filters}`, signal)) as ApiTask[];
  const dead = new Set([...fleet.all('node').values()].filter(({ ready }) => ready === false).map(({ uid }) => uid));
  const current = tasks.filter(task => isOfSpec(task, service));
  const running = current.filter(({ Status, NodeID = '' }) => Status?.State === 'running' && !dead.has(NodeID));
  const wanted = service.Spec?.Mode?.Replicated?.Replicas ?? current.length;
  const old = tasks.length - current.length;
  const words = `${running.length} of ${wanted} run`;
  if (State === 'updating') return { state: 'under way', words: `${words}, updating` };
  if (State === 'rollback_started') return { state: 'under way', words: `${words}, rolling back` };
  if (old > 0) return { state: 'under way', words: `${words}, ${old} more to end` };
  if (running.length !== wanted || tasks.length !== wanted)
    return { state: 'under way', words: withReason(words, current) };
  return { state: 'done', words };
}

/** Whether the task was made from what the service is to be now. */
function isOfSpec({ Spec }: ApiTask, service: ApiService): boolean {
  const wanted = service.Spec?.TaskTemplate as Record<string, unknown> | undefined;
  const made = Spec as Record<string, unknown> | undefined;
  return (
    isDeepStrictEqual(made?.ContainerSpec, wanted?.ContainerSpec) &&
    (made?.ForceUpdate ?? 0) === (wanted?.ForceUpdate ?? 0)
  );
}

function withReason(words: string, tasks: ApiTask[]): string {
  const reason = tasks.map(({ Status }) => Status?.Err).find(Boolean);
  return reason ? `${words}: ${reason}` : words;
}

/** All tasks that were given to a node, those that have ended among them. */
export async function tasksOn(node: string, client: Client, signal: AbortSignal): Promise<ApiTask[]> {
  const filters = encodeURIComponent(JSON.stringify({ node: [node] }));
  return (await client.get(`/tasks?filters=${filters}`, signal)) as ApiTask[];
}

/** How far a node is with what it is to be: a drained one has given its tasks away. */
export async function nodeStanding(
  { path, client }: Pick<Subject, 'path' | 'client'>,
  signal: AbortSignal,
): Promise<Standing> {
  const node = await client.get(path, signal);
  const availability = String(at(node, ['Spec', 'Availability']));
  if (availability !== 'drain') return { state: 'done', words: `it is ${availability}` };
  const alive = (await tasksOn(String(at(node, ['ID'])), client, signal)).filter(isAlive);
  if (alive.length > 0) return { state: 'under way', words: `${counted(alive.length, 'task')} still to go` };
  return { state: 'done', words: 'empty' };
}

const ENDED = ['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'];

export function isAlive({ Status }: ApiTask): boolean {
  return !ENDED.includes(Status?.State ?? '');
}
