import { momentOf } from './container-writes.ts';
import { containersOf } from './containers.ts';
import { type Engine, type Image, imageOf } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { filtersOf, isSet, meets } from './filters.ts';

interface Kept extends Image {
  containers: number;
  /** Of its manifest in the registry, which is not its id; null: it has no name. */
  digest: string | null;
}

/** What is on the engine's disk: the images that its containers run, and those that were left. */
export function imagesOf(engine: Engine): Kept[] {
  const born = engine.world.startedAt - 6 * 86_400_000;
  const running = Map.groupBy(containersOf(engine), ({ task }) => tagOf(task.Spec.ContainerSpec.Image));
  const used = [...running].map(([tag, containers]) => ({ ...imageOf(tag, born), containers: containers.length }));
  const left = engine.leftImages.filter(each => !each.tag || !running.has(each.tag));
  const { cluster } = engine.world;
  return [...used, ...left.map(each => ({ ...each, containers: 0 }))]
    .map(each => ({ ...each, digest: each.tag && `sha256:${cluster.digestOf(each.tag)}` }))
    .sort((a, b) => b.createdAt - a.createdAt);
}

/** `/images/json` */
export function listImages(engine: Engine, query: URLSearchParams): object[] {
  const { dangling, reference } = filtersOf(query, ['before', 'dangling', 'label', 'reference', 'since', 'until']);
  return imagesOf(engine)
    .filter(
      each =>
        meets(dangling, wanted => (wanted === 'true' || wanted === '1') === (each.tag === null)) &&
        meets(reference, wanted => each.tag !== null && (each.tag === wanted || each.tag.startsWith(`${wanted}:`))),
    )
    .map(summary);
}

export function summary({ id, tag, sizeBytes, createdAt, containers, digest }: Kept): object {
  return {
    Id: id,
    ParentId: '',
    RepoTags: tag ? [tag] : [],
    RepoDigests: tag ? [`${tag.replace(/:[^/]*$/, '')}@${digest}`] : [],
    Created: Math.floor(createdAt / 1000),
    Size: sizeBytes,
    SharedSize: -1,
    Labels: null,
    Containers: containers,
  };
}

/** `POST /images/prune`: those without a name, or with `dangling=false` all that no container has. */
export function pruneImages(engine: Engine, query: URLSearchParams): object {
  const { dangling, until } = filtersOf(query, ['dangling', 'label', 'label!', 'until']);
  const isNameless = !['false', '0'].includes(dangling?.[0] ?? 'true');
  const before = until?.[0] === undefined ? Number.POSITIVE_INFINITY : momentOf(until[0], engine.world.timeline.now);
  const gone = imagesOf(engine).filter(
    each => each.containers === 0 && (!isNameless || each.tag === null) && each.createdAt < before,
  );
  return drop(engine, gone);
}

/** `/images/NAME/json`, as much of it as its summary says. */
export function inspectImage(engine: Engine, wanted: string): object {
  const { id, tag, sizeBytes, createdAt } = findImage(engine, wanted);
  return { Id: id, RepoTags: tag ? [tag] : [], Created: new Date(createdAt).toISOString(), Size: sizeBytes };
}

function findImage(engine: Engine, wanted: string): Kept {
  const image = imagesOf(engine).find(
    ({ id, tag }) => tag === wanted || id === wanted || id.startsWith(`sha256:${wanted}`),
  );
  if (!image) throw new EngineError(404, `No such image: ${wanted}`);
  return image;
}

/** `DELETE /images/NAME` */
export function removeImage(engine: Engine, wanted: string, query: URLSearchParams): object {
  const image = findImage(engine, wanted);
  if (image.containers > 0 && !isSet(query, 'force')) {
    const user = containersOf(engine).find(({ task }) => tagOf(task.Spec.ContainerSpec.Image) === image.tag);
    const why = `container ${user?.Id.slice(0, 12)} is using its referenced image ${image.id.slice(7, 19)}`;
    throw new EngineError(409, `conflict: unable to remove repository reference "${wanted}" (must force) - ${why}`);
  }
  return (drop(engine, [image]) as { ImagesDeleted: object[] }).ImagesDeleted;
}

function drop(engine: Engine, gone: Kept[]): object {
  const ids = new Set(gone.map(each => each.id));
  const left = engine.leftImages.filter(each => !ids.has(each.id));
  engine.leftImages.splice(0, engine.leftImages.length, ...left);
  const ImagesDeleted = gone.flatMap(({ id, tag }) => [...(tag ? [{ Untagged: tag }] : []), { Deleted: id }]);
  const SpaceReclaimed = gone.reduce((sum, each) => sum + each.sizeBytes, 0);
  return { ImagesDeleted: ImagesDeleted.length ? ImagesDeleted : null, SpaceReclaimed };
}

function tagOf(image: string): string {
  return image.replace(/@sha256:.*/, '');
}
