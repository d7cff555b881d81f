import { describe } from 'vitest';
import { embeddedSwarm } from './swarm-embedded-bed.ts';
import { swarmFaults } from './swarm-faults.contract.ts';

describe('the embedded swarm with nodes that come and go', () => swarmFaults(embeddedSwarm));
