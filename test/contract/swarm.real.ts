import { describe } from 'vitest';
import { given } from './given.ts';
import { swarmContract } from './swarm.contract.ts';
import { swarmTruth } from './swarm-truth.ts';

describe('the real swarm', () => {
  const host = given('QD_DOCKER_HOST');
  swarmContract(async () => ({ options: { kind: 'swarm', host }, truth: () => swarmTruth(host) }));
});
