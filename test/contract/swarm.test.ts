import { describe } from 'vitest';
import { embedded, optionsOf } from './embedded.ts';
import { swarmContract } from './swarm.contract.ts';
import { swarmTruth } from './swarm-truth.ts';

describe('the embedded swarm', () => {
  swarmContract(async () => {
    const platform = await embedded();
    const options = optionsOf(platform, 'swarm');
    return { options, truth: () => swarmTruth(options.host ?? ''), close: () => platform.close() };
  });
});
