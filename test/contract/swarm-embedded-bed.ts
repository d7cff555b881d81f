import { hurried } from '../sources/swarm/shapes.ts';
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
  // No test asserts a time: the same happens sooner.
  swarm.heartbeatLostMs = 1_500;
  swarm.quorum.stepDownMs = 2_000;
  return {
    options,
    timing: hurried(10, { pingDeadlineMs: 1_500, hungMs: 2_500 }),
    engine: engineApi(host),
    truth: () => swarmTruth(host),
    // What the managers see of a worker: it falls silent, and is back with its containers or without.
    async fault(fault, node) {
      const isAsked = swarm.store
        .list('node')
        .some(each => each.ManagerStatus?.Leader && each.Description.Hostname === node);
      platform.world.catchUp();
      if (isAsked && fault === 'freeze') return platform.trigger('engine-frozen', { seconds: 600 });
      if (isAsked && fault === 'thaw') return platform.trigger('recover');
      if (['crash', 'freeze', 'partition'].includes(fault)) swarm.loseNode(node);
      else swarm.returnNode(node, fault === 'start');
    },
    manages: async () => {},
    deployStack: async () => {},
    removeStack: async () => {},
    close: () => platform.close(),
  };
}
