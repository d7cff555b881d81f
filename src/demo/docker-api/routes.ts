import type { Task } from '../controller/swarm/objects.ts';
import type { Outlet } from '../outlet.ts';
import type { World } from '../world.ts';
import { distribution } from './distribution.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { streamEvents } from './events.ts';
import { findNetwork, findNode, findService, findTask } from './find.ts';
import { cluster } from './info.ts';
import { jsonOf } from './json.ts';
import { answerLogs, type LogRequest } from './logs.ts';
import { createNetwork, pruneNetworks, removeNetwork } from './network-writes.ts';
import { listNetworks } from './networks.ts';
import { removeNode, updateNode } from './node-writes.ts';
import { listNodes } from './nodes.ts';
import { respondOfItself } from './own-routes.ts';
import { discard, inspectKept, keep, listKept, relabel } from './safekeeping.ts';
import { createService, removeService, updateService } from './service-writes.ts';
import { listServices } from './services.ts';
import { listTasks, taskJson } from './tasks.ts';

export interface Asked {
  method: string;
  /** Without the version in front. */
  path: string;
  query: URLSearchParams;
  /** The API's version that was asked for: 1041 for 1.41. */
  version: number;
  /** The body as JSON. Throws an EngineError. */
  parsed: () => object;
  open: (type: string) => Outlet;
}

/** JSON as text, or a value that becomes it; null: nothing to be said but that it is done. */
export type Answer = string | object | null;

/** Answers what is asked of an address, or streams it. Throws EngineErrors. */
export function respondTo(engine: Engine, asked: Asked): Answer | 'streams' {
  const { world, swarm } = engine;
  const { method, path, query, parsed, open } = asked;
  const [kind = '', named = '', action = ''] = path.split('/').slice(1).map(decodeURIComponent);
  if (kind === 'distribution' && method === 'GET') return distribution(world, path);
  if (OF_THE_SWARM.has(kind)) engine.mustManage();
  const id = kind === 'nodes' && named === 'self' ? engine.node.ID : named;
  const own = respondOfItself(engine, asked, { kind, id, action });
  if (own !== undefined) return own;
  const isFixed = method === 'POST' && ['create', 'prune'].includes(id);
  switch (`${method} ${[kind, isFixed || !id ? id : ':id', action].filter(Boolean).join('/')}`) {
    case 'GET swarm':
      return cluster(swarm);
    case 'GET nodes':
      return listNodes(swarm, query);
    case 'GET nodes/:id':
      return jsonOf(findNode(swarm, id));
    case 'POST nodes/:id/update':
      updateNode(swarm, id, query, parsed);
      return null;
    case 'DELETE nodes/:id':
      removeNode(swarm, id, query);
      return null;
    case 'GET services':
      return listServices(swarm, query);
    case 'POST services/create':
      return createService(swarm, parsed);
    case 'GET services/:id':
      return jsonOf(findService(swarm, id));
    case 'POST services/:id/update':
      return updateService(swarm, id, query, parsed);
    case 'DELETE services/:id':
      removeService(swarm, id);
      return null;
    case 'GET services/:id/logs':
      return answerLogs(world, open, serviceLog(world, id, query));
    case 'GET tasks':
      return listTasks(swarm, query);
    case 'GET tasks/:id':
      return taskJson(findTask(swarm, id));
    case 'GET tasks/:id/logs':
      return answerLogs(world, open, taskLog(world, id, query));
    case 'GET networks':
      return listNetworks(swarm, query);
    case 'GET networks/:id':
      return jsonOf(findNetwork(swarm, id));
    case 'POST networks/create':
      return createNetwork(swarm, parsed);
    case 'DELETE networks/:id':
      removeNetwork(swarm, id);
      return null;
    case 'POST networks/prune':
      return pruneNetworks(swarm, query);
    case 'GET secrets':
    case 'GET configs':
      return listKept(swarm, kept(kind), query);
    case 'POST secrets/create':
    case 'POST configs/create':
      return keep(swarm, kept(kind), parsed);
    case 'GET secrets/:id':
    case 'GET configs/:id':
      return inspectKept(swarm, kept(kind), id);
    case 'POST secrets/:id/update':
    case 'POST configs/:id/update':
      relabel(swarm, kept(kind), id, query, parsed);
      return null;
    case 'DELETE secrets/:id':
    case 'DELETE configs/:id':
      discard(swarm, kept(kind), id);
      return null;
    case 'GET events':
      streamEvents(world, query, () => open('application/json'));
      return 'streams';
    default:
      throw new EngineError(404, 'page not found');
  }
}

/** What only managers answer. */
const OF_THE_SWARM = new Set(['nodes', 'services', 'tasks', 'swarm', 'secrets', 'configs']);

function kept(kind: string): 'secret' | 'config' {
  return kind === 'secrets' ? 'secret' : 'config';
}

function serviceLog({ swarm }: World, id: string, query: URLSearchParams): Omit<LogRequest, 'open'> {
  const { ID, Spec } = findService(swarm, id);
  const tasks = () => swarm.store.tasksOf(ID);
  return { query, tasks, isSingle: false, tty: Spec.TaskTemplate.ContainerSpec.TTY ?? false };
}

function taskLog({ swarm }: World, id: string, query: URLSearchParams): Omit<LogRequest, 'open'> {
  const task: Task = findTask(swarm, id);
  const tasks = () => [swarm.store.get('task', task.ID) ?? task];
  return { query, tasks, isSingle: true, tty: task.Spec.ContainerSpec.TTY ?? false };
}
