import { afterAll, beforeAll, describe } from 'vitest';
import { given } from './given.ts';
import { swarmContract } from './swarm.contract.ts';
import { realSwarm } from './swarm-real-bed.ts';
import { swarmTruth } from './swarm-truth.ts';

const options = { kind: 'swarm', host: given('QD_DOCKER_HOST') } as const;

describe('the real swarm', () => {
  // The test bed's own is empty; any other is only read.
  if (process.env.QD_SWARM_CTL) {
    const bed = realSwarm(options);
    beforeAll(bed.deployStack, 60_000);
    afterAll(bed.removeStack, 60_000);
  }
  swarmContract(async () => ({ options, truth: () => swarmTruth(options.host) }));
});
