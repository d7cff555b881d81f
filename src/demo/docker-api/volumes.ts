import { isoNano } from '../controller/swarm/objects.ts';
import type { Engine, Volume } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';

/** `/volumes`: those of this engine; none of them is in use, the platform's data are on CephFS. */
export function listVolumes({ volumes }: Engine, query: URLSearchParams): object {
  const filters = filtersOf(query, ['dangling', 'driver', 'label', 'name']);
  const found = volumes.filter(
    each =>
      meets(filters.name, part => each.name.includes(part)) &&
      meets(filters.driver, driver => driver === 'local') &&
      meets(filters.dangling, wanted => wanted === 'true' || wanted === '1') &&
      hasLabels(each.labels, filters.label),
  );
  return { Volumes: found.map(each => volumeJson(each)), Warnings: null };
}

export function volumeJson({ name, createdAt, labels }: Volume, usage?: object): object {
  return {
    CreatedAt: isoNano(createdAt).replace(/\.\d+Z$/, 'Z'),
    Driver: 'local',
    Labels: Object.keys(labels).length ? labels : null,
    Mountpoint: `/var/lib/docker/volumes/${name}/_data`,
    Name: name,
    Options: null,
    Scope: 'local',
    ...(usage && { UsageData: usage }),
  };
}

/** `/volumes/NAME` */
export function findVolume({ volumes }: Engine, wanted: string): Volume {
  const volume = volumes.find(each => each.name === wanted);
  if (!volume) throw new EngineError(404, `volume ${wanted} not found`);
  return volume;
}

/** `POST /volumes/create`; one that is there stays as it is. */
export function createVolume(engine: Engine, body: () => object): object {
  const { Name, Labels = {} } = body() as { Name?: string; Labels?: Record<string, string> };
  const { swarm, world } = engine;
  const name = Name || swarm.random.hex(64);
  const known = engine.volumes.find(each => each.name === name);
  const labels = Name ? Labels : { ...Labels, 'com.docker.volume.anonymous': '' };
  const volume = known ?? { name, anonymous: !Name, sizeBytes: 0, createdAt: world.timeline.now, labels };
  if (!known) engine.volumes.push(volume);
  return volumeJson(volume);
}

/** `DELETE /volumes/NAME` */
export function removeVolume(engine: Engine, wanted: string): void {
  const volume = findVolume(engine, wanted);
  engine.volumes = engine.volumes.filter(each => each !== volume);
}

/** `POST /volumes/prune`: those without a name, or with `all=true` every one that is not used (since API 1.42). */
export function pruneVolumes(engine: Engine, query: URLSearchParams, version: number): object {
  const { all } = filtersOf(query, ['all', 'label', 'label!']);
  const wantsAll = version < 1042 || ['true', '1'].includes(all?.[0] ?? '');
  const gone = engine.volumes.filter(each => wantsAll || each.anonymous);
  engine.volumes = engine.volumes.filter(each => !gone.includes(each));
  const SpaceReclaimed = gone.reduce((sum, each) => sum + each.sizeBytes, 0);
  return { VolumesDeleted: gone.length ? gone.map(each => each.name) : null, SpaceReclaimed };
}
