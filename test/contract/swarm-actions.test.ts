import { describe } from 'vitest';
import { swarmActions } from './swarm-actions.contract.ts';
import { embeddedSwarmActions } from './swarm-actions-bed.ts';

describe('acted upon, the embedded swarm', () => swarmActions(embeddedSwarmActions, { isReal: false }));
