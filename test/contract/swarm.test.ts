import { describe } from 'vitest';
import { swarmContract } from './swarm.contract.ts';
import { embeddedSwarm } from './swarm-embedded-bed.ts';
import { swarmServices } from './swarm-services.contract.ts';

describe('the embedded swarm', () => {
  describe('with its stack', () => swarmContract(embeddedSwarm));
  describe('with services of every kind', () => swarmServices(embeddedSwarm));
});
