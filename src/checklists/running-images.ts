import type { Node, Replica, Workload } from '../model/entity.ts';
import { type ImageName, parseImage } from '../sources/registry.ts';
import type { Means } from './checklist.ts';
import { inTurn } from './in-turn.ts';
import { specified } from './probes/specifications.ts';

/** An image by its tag, as it runs. */
export interface RunningImage {
  /** As it is written, without a digest: `registry.example/web:1`. */
  reference: string;
  image: ImageName;
  workloads: Workload[];
  /** Which versions of it run, as far as that is told. */
  digests: Set<string>;
  /** null: not told. */
  madeAt: number | null;
}

const AT_ONCE = 4;
/** So many pods are read: the longest running one of each image. */
const MOST_PODS = 200;

/** Images of what runs all the time, with the versions that run. What is not told is left out, not guessed. */
export async function runningImages(means: Means): Promise<RunningImage[]> {
  const images = new Map<string, RunningImage>();
  for (const { workload, spec } of await specified(means)) {
    if (workload.health === 'off') continue;
    for (const { image: written } of spec.containers) {
      const image = parseImage(written ?? '');
      if (!image) continue;
      const reference = (written ?? '').replace(/@.*/, '');
      const known = images.get(reference) ?? { reference, image, workloads: [], digests: new Set(), madeAt: null };
      images.set(reference, known);
      if (!known.workloads.includes(workload)) known.workloads.push(workload);
      if (image.digest) known.digests.add(image.digest);
    }
  }
  await Promise.all([readPods(images, means), readEngines(images, means)]);
  return [...images.values()];
}

interface PodWire {
  spec?: { containers?: { name?: string; image?: string }[] };
  status?: { containerStatuses?: { name?: string; imageID?: string }[] };
}

async function readPods(images: ReadonlyMap<string, RunningImage>, { fleet, signal }: Means): Promise<void> {
  const pods = [...images.values()].flatMap(({ workloads }) => {
    const running = workloads.flatMap(({ id, system }) => (system === 'kubernetes' ? fleet.replicasOf(id) : []));
    const started = running.filter((pod): pod is Replica & { startedAt: number } => pod.startedAt !== null);
    return started.sort((a, b) => a.startedAt - b.startedAt).slice(0, 1);
  });
  await inTurn(pods.slice(0, MOST_PODS), AT_ONCE, async pod => {
    const source = fleet.source(pod.source);
    const path = source?.pathOf?.('replica', pod.id);
    const object = path
      ? await source
          ?.client?.()
          ?.get(path, signal)
          .catch(() => null)
      : null;
    signal.throwIfAborted();
    const { spec, status } = (object ?? {}) as PodWire;
    for (const { name, imageID } of status?.containerStatuses ?? []) {
      const written = spec?.containers?.find(container => container.name === name)?.image;
      const digest = /@(sha256:[a-f\d]{64})$/.exec(imageID ?? '')?.[1];
      if (digest) images.get((written ?? '').replace(/@.*/, ''))?.digests.add(digest);
    }
  });
}

interface EngineImage {
  RepoTags?: string[] | null;
  RepoDigests?: string[] | null;
  Created?: number;
}

/** What the engines of a swarm have: those that are not reached tell nothing. */
async function readEngines(images: ReadonlyMap<string, RunningImage>, { fleet, signal }: Means): Promise<void> {
  const nodes = [...fleet.all('node').values()].filter(({ system }) => system === 'swarm');
  const read = async (node: Node) => {
    const source = fleet.source(node.source);
    const client = (await source?.engine?.(node, signal)) ?? source?.client?.();
    return ((await client?.get('/images/json', signal)) ?? []) as EngineImage[];
  };
  for (const list of await inTurn(nodes, AT_ONCE, node => read(node).catch(() => []))) {
    for (const { RepoTags, RepoDigests, Created } of list) {
      for (const image of (RepoTags ?? []).flatMap(tag => images.get(tag) ?? [])) {
        for (const each of RepoDigests ?? []) image.digests.add(each.slice(each.indexOf('@') + 1));
        if (Created) image.madeAt = Created * 1000;
      }
    }
  }
  signal.throwIfAborted();
}
