import { describe } from 'vitest';
import { embeddedSwarm } from './swarm-embedded-bed.ts';
import { swarmServices } from './swarm-services.contract.ts';

describe('the embedded swarm with services of every kind', () => swarmServices(embeddedSwarm));
