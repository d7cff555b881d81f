import type { World } from '../world.ts';
import { type DockerApi, serveDocker } from './server.ts';

/** The engines of all machines of the world, by their names: a manager does not reach the containers of the others. */
export type SwarmEngines = ReadonlyMap<string, DockerApi>;

/** Serves each of them on a port of its own. */
export async function serveEngines(world: World): Promise<SwarmEngines> {
  const names = world.shape.nodes.map(({ name }) => name);
  return new Map(await Promise.all(names.map(async name => [name, await serveDocker(world, name)] as const)));
}

/** That of the first machine, which manages the swarm. */
export function managerOf(engines: SwarmEngines): DockerApi {
  const [first] = engines.values();
  if (!first) throw new RangeError('a swarm has one machine at least');
  return first;
}
