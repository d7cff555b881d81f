import type { Outlet } from '../outlet.ts';
import type { World } from '../world.ts';
import { listContainers } from './containers.ts';
import { EngineError, notFound } from './engine-error.ts';
import { streamEvents } from './events.ts';
import { filtersOf, meets } from './filters.ts';
import { cluster, info, version } from './info.ts';
import { streamLogs } from './logs.ts';
import { findNode, listNodes, removeNode, updateNode } from './nodes.ts';
import { findService, listServices, updateService } from './services.ts';
import { findTask, listTasks } from './tasks.ts';

export interface Asked {
  method: string;
  /** Without the version in front. */
  path: string;
  query: URLSearchParams;
  /** The body as JSON. Throws an EngineError. */
  parsed: () => unknown;
  open: (type: string) => Outlet;
}

/** null: nothing to be said but 200. */
export type Answer = object | string | null;

const STREAM = 'application/vnd.docker.multiplexed-stream';

/** Answers what is asked of an address, or streams it. Throws EngineErrors. */
export function respondTo(world: World, { method, path, query, parsed, open }: Asked): Answer | 'streams' {
  const { swarm } = world;
  const [kind = '', ...rest] = path.split('/').slice(1).map(decodeURIComponent);
  const [id = '', action = ''] = rest;
  const route = `${method} /${[kind, id && (FIXED.has(`${kind}/${id}`) ? id : ':id'), action].filter(Boolean).join('/')}`;
  switch (route) {
    case 'GET /version':
      return version();
    case 'GET /info':
      return info(world);
    case 'GET /swarm':
      return cluster(swarm);
    case 'GET /nodes':
      return listNodes(swarm, query);
    case 'GET /nodes/:id':
      return findNode(swarm, id);
    case 'POST /nodes/:id/update':
      updateNode(swarm, id, query, parsed);
      return null;
    case 'DELETE /nodes/:id':
      removeNode(swarm, id, query);
      return null;
    case 'GET /services':
      return listServices(swarm, query);
    case 'GET /services/:id':
      return findService(swarm, id);
    case 'POST /services/:id/update':
      return updateService(swarm, id, query, parsed);
    case 'DELETE /services/:id':
      swarm.removeService(findService(swarm, id).ID);
      return null;
    case 'GET /services/:id/logs': {
      const service = findService(swarm, id);
      streamLogs(
        world,
        () => swarm.store.tasksOf(service.ID),
        query,
        () => open(STREAM),
      );
      return 'streams';
    }
    case 'GET /tasks':
      return listTasks(swarm, query);
    case 'GET /tasks/:id':
      return findTask(swarm, id);
    case 'GET /tasks/:id/logs': {
      const task = findTask(swarm, id);
      streamLogs(
        world,
        () => [swarm.store.get('task', task.ID) ?? task],
        query,
        () => open(STREAM),
      );
      return 'streams';
    }
    case 'GET /networks':
      return listNetworks(world, query);
    case 'GET /networks/:id':
      return findNetwork(world, id);
    case 'GET /containers/json':
      return listContainers(swarm, query);
    case 'GET /events':
      streamEvents(world, query, () => open('application/json'));
      return 'streams';
    default:
      return path.startsWith('/distribution/') ? distribution(world, path) : unknown();
  }
}

const FIXED = new Set(['containers/json']);

function listNetworks({ swarm }: World, query: URLSearchParams): object[] {
  const filters = filtersOf(query, ['id', 'name', 'driver', 'scope', 'type', 'label', 'dangling']);
  return swarm.store.networks.filter(
    ({ Id, Name, Driver, Scope }) =>
      meets(filters.id, wanted => Id.startsWith(wanted)) &&
      meets(filters.name, wanted => Name.includes(wanted)) &&
      meets(filters.driver, wanted => Driver === wanted) &&
      meets(filters.scope, wanted => Scope === wanted),
  );
}

function findNetwork({ swarm }: World, wanted: string): object {
  const found = swarm.store.networks.find(({ Id, Name }) => Id.startsWith(wanted) || Name === wanted);
  if (!found) throw notFound('network', wanted);
  return found;
}

/** What the registry says of an image: with it the command pins the digest of what it deploys. */
function distribution({ swarm, cluster: kubernetes }: World, path: string): object {
  const image = decodeURIComponent(path.replace(/^\/distribution\//, '').replace(/\/json$/, ''));
  if (!swarm.images.has(image)) throw new EngineError(404, 'manifest unknown: manifest unknown');
  const MediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  return {
    Descriptor: { MediaType, Digest: `sha256:${kubernetes.digestOf(image)}`, Size: 1570 },
    Platforms: [{ Architecture: 'amd64', OS: 'linux' }],
  };
}

function unknown(): never {
  throw new EngineError(404, 'page not found');
}
