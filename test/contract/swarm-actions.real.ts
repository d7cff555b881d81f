import { describe } from 'vitest';
import { swarmActions } from './swarm-actions.contract.ts';
import { realSwarmActions } from './swarm-actions-bed.ts';

describe('acted upon, the real swarm', () => swarmActions(realSwarmActions, { isReal: true }));
