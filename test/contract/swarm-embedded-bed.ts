import { embedded, optionsOf } from './embedded.ts';
import { engineApi } from './engine-api.ts';
import type { SwarmBed } from './swarm-bed.ts';
import { APP, APP_2 } from './swarm-specs.ts';
import { swarmTruth } from './swarm-truth.ts';

/** The embedded platform's swarm, with the images of the real one. */
export async function embeddedSwarm(): Promise<SwarmBed> {
  const platform = await embedded();
  const { swarm } = platform.world;
  const options = optionsOf(platform, 'swarm');
  const host = options.host ?? '';
  for (const image of [APP, APP_2]) swarm.images.push(image);
  return {
    options,
    engine: engineApi(host),
    truth: () => swarmTruth(host),
    fault: async (fault, node) => {
      throw new Error(`not yet: ${fault} ${node}`);
    },
    deployStack: async () => {},
    removeStack: async () => {},
    close: () => platform.close(),
  };
}
