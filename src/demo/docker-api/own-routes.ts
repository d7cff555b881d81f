import { pruneContainers, removeContainer, stopContainer } from './container-writes.ts';
import { findContainer, inspectContainer, listContainers } from './containers.ts';
import { diskUsage, pruneBuildCache } from './disk-usage.ts';
import type { Engine } from './engine.ts';
import { createExec, inspectExec, resizeExec, startExec } from './execs.ts';
import { inspectImage, listImages, pruneImages, removeImage } from './images.ts';
import { info, version } from './info.ts';
import { answerLogs } from './logs.ts';
import type { Answer, Asked } from './routes.ts';
import { createVolume, findVolume, listVolumes, pruneVolumes, removeVolume, volumeJson } from './volumes.ts';

export interface Named {
  kind: string;
  id: string;
  action: string;
}

/** What an engine answers of itself, manager or not; undefined for what is not its own. Throws EngineErrors. */
export function respondOfItself(
  engine: Engine,
  asked: Asked,
  { kind, id, action }: Named,
): Answer | 'streams' | undefined {
  const { method, path, query, parsed } = asked;
  switch (`${method} ${path}`) {
    case 'GET /version':
      return version();
    case 'GET /info':
      return info(engine);
    case 'GET /containers/json':
      return listContainers(engine, query);
    case 'POST /containers/prune':
      return pruneContainers(engine, query);
    case 'GET /images/json':
      return listImages(engine, query);
    case 'POST /images/prune':
      return pruneImages(engine, query);
    case 'GET /volumes':
      return listVolumes(engine, query);
    case 'POST /volumes/create':
      return createVolume(engine, parsed);
    case 'POST /volumes/prune':
      return pruneVolumes(engine, query, asked.version);
    case 'GET /system/df':
      return diskUsage(engine);
    case 'POST /build/prune':
      return pruneBuildCache(engine);
  }
  if (kind === 'images' && method === 'DELETE') {
    return removeImage(engine, decodeURIComponent(path.slice('/images/'.length)), query);
  }
  switch (`${method} ${kind}/:id${action && `/${action}`}`) {
    case 'GET images/:id/json':
      return inspectImage(engine, id);
    case 'GET containers/:id/json':
      return inspectContainer(engine, id);
    case 'GET containers/:id/logs':
      return containerLog(engine, id, asked);
    case 'POST containers/:id/stop':
    case 'POST containers/:id/kill':
      stopContainer(engine, id, action === 'kill' ? 'kill' : 'stop');
      return null;
    case 'DELETE containers/:id':
      removeContainer(engine, id, query);
      return null;
    case 'POST containers/:id/exec':
      return createExec(engine, id, parsed);
    case 'GET exec/:id/json':
      return inspectExec(engine, id);
    case 'POST exec/:id/resize':
      resizeExec(engine, id, query);
      return null;
    case 'POST exec/:id/start':
      return runExec(engine, id, asked);
    case 'GET volumes/:id':
      return volumeJson(findVolume(engine, id));
    case 'DELETE volumes/:id':
      removeVolume(engine, id);
      return null;
    default:
      return undefined;
  }
}

function containerLog(engine: Engine, id: string, { query, open }: Asked): 'streams' {
  const { world, swarm } = engine;
  const { task } = findContainer(engine, id);
  const tasks = () => [swarm.store.get('task', task.ID) ?? task];
  return answerLogs(world, open, { query, tasks, isSingle: true, tty: task.Spec.ContainerSpec.TTY ?? false });
}

/** Without a connection that is taken over: nothing can be typed, what is said comes as the body. */
function runExec(engine: Engine, id: string, { open, parsed }: Asked): Answer | 'streams' {
  const { Detach = false } = parsed() as { Detach?: boolean };
  if (Detach) {
    startExec(engine, id, () => ({ write() {}, end() {} }));
    return null;
  }
  const { shell } = startExec(engine, id, () => open('application/vnd.docker.raw-stream'));
  shell?.end();
  return 'streams';
}
