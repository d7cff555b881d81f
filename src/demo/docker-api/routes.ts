import type { Task } from '../controller/swarm/objects.ts';
import type { Outlet } from '../outlet.ts';
import type { World } from '../world.ts';
import { listContainers } from './containers.ts';
import { distribution } from './distribution.ts';
import { EngineError } from './engine-error.ts';
import { streamEvents } from './events.ts';
import { findNetwork, findNode, findService, findTask } from './find.ts';
import { cluster, info, version } from './info.ts';
import { jsonOf } from './json.ts';
import { type LogRequest, streamLogs } from './logs.ts';
import { createNetwork, removeNetwork } from './network-writes.ts';
import { listNetworks } from './networks.ts';
import { removeNode, updateNode } from './node-writes.ts';
import { listNodes } from './nodes.ts';
import { createService, removeService, updateService } from './service-writes.ts';
import { listServices } from './services.ts';
import { listTasks, taskJson } from './tasks.ts';

export interface Asked {
  method: string;
  /** Without the version in front. */
  path: string;
  query: URLSearchParams;
  /** The body as JSON. Throws an EngineError. */
  parsed: () => object;
  open: (type: string) => Outlet;
}

/** JSON as text, or a value that becomes it; null: nothing to be said but that it is done. */
export type Answer = string | object | null;

/** Answers what is asked of an address, or streams it. Throws EngineErrors. */
export function respondTo(world: World, { method, path, query, parsed, open }: Asked): Answer | 'streams' {
  const { swarm } = world;
  const [kind = '', id = '', action = ''] = path.split('/').slice(1).map(decodeURIComponent);
  if (kind === 'distribution' && method === 'GET') return distribution(world, path);
  const isFixed = kind === 'containers' || (method === 'POST' && id === 'create');
  switch (`${method} ${[kind, isFixed || !id ? id : ':id', action].filter(Boolean).join('/')}`) {
    case 'GET version':
      return version();
    case 'GET info':
      return info(world);
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
      return log(world, open, serviceLog(world, id, query));
    case 'GET tasks':
      return listTasks(swarm, query);
    case 'GET tasks/:id':
      return taskJson(findTask(swarm, id));
    case 'GET tasks/:id/logs':
      return log(world, open, taskLog(world, id, query));
    case 'GET networks':
      return listNetworks(swarm, query);
    case 'GET networks/:id':
      return jsonOf(findNetwork(swarm, id));
    case 'POST networks/create':
      return createNetwork(swarm, parsed);
    case 'DELETE networks/:id':
      removeNetwork(swarm, id);
      return null;
    // A swarm without secrets, configs and volumes of its own.
    case 'GET secrets':
    case 'GET configs':
      return [];
    case 'GET volumes':
      return { Volumes: [], Warnings: null };
    case 'GET containers/json':
      return listContainers(swarm, query);
    case 'GET events':
      streamEvents(world, query, () => open('application/json'));
      return 'streams';
    default:
      throw new EngineError(404, 'page not found');
  }
}

function log(world: World, open: Asked['open'], request: Omit<LogRequest, 'open'>): 'streams' {
  const type = `application/vnd.docker.${request.tty ? 'raw' : 'multiplexed'}-stream`;
  streamLogs(world, { ...request, open: () => open(type) });
  return 'streams';
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
