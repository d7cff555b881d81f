import { describe } from 'vitest';
import { swarmContract } from './swarm.contract.ts';
import { embeddedSwarm } from './swarm-embedded-bed.ts';
import { swarmFaults } from './swarm-faults.contract.ts';
import { swarmServices } from './swarm-services.contract.ts';

describe('the embedded swarm', () => {
  describe('with its stack', () => swarmContract(embeddedSwarm));
  describe('with services of every kind', () => swarmServices(embeddedSwarm));
  describe('with nodes that come and go', () => swarmFaults(embeddedSwarm));
});
