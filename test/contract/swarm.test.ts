import { describe } from 'vitest';
import { swarmContract } from './swarm.contract.ts';
import { embeddedSwarm } from './swarm-embedded-bed.ts';

describe('the embedded swarm', () => swarmContract(embeddedSwarm));
