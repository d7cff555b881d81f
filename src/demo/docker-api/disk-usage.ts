import { isoNano } from '../controller/swarm/objects.ts';
import { containerBytes, containersOf, describe } from './containers.ts';
import type { Engine } from './engine.ts';
import { imagesOf, summary } from './images.ts';
import { volumeJson } from './volumes.ts';

/** `/system/df`: what fills the engine's disk, thing by thing. */
export function diskUsage(engine: Engine): object {
  const images = imagesOf(engine);
  const { cache, volumes } = engine;
  return {
    LayersSize: images.reduce((sum, each) => sum + each.sizeBytes, 0),
    Images: images.map(each => ({ ...summary(each), SharedSize: 0 })),
    Containers: containersOf(engine).map(each => ({
      ...describe(engine, each),
      SizeRw: containerBytes(each.task),
      SizeRootFs: containerBytes(each.task),
    })),
    Volumes: volumes.map(each => volumeJson(each, { Size: each.sizeBytes, RefCount: 0 })),
    BuildCache: cache.map(each => ({
      ID: each.id,
      Type: 'regular',
      Description: 'mount / from exec /bin/sh -c pip install -r requirements.txt',
      InUse: false,
      Shared: false,
      Size: each.sizeBytes,
      CreatedAt: isoNano(each.createdAt),
      LastUsedAt: isoNano(each.createdAt),
      UsageCount: 1,
    })),
  };
}

/** `POST /build/prune` */
export function pruneBuildCache(engine: Engine): object {
  const gone = engine.cache;
  engine.cache = [];
  const SpaceReclaimed = gone.reduce((sum, each) => sum + each.sizeBytes, 0);
  return { CachesDeleted: gone.length ? gone.map(each => each.id) : null, SpaceReclaimed };
}
