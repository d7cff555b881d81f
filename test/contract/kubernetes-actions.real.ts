import { describe } from 'vitest';
import { kubernetesActions } from './kubernetes-actions.contract.ts';
import { realKubernetesActions } from './kubernetes-actions-bed.ts';

describe('acted upon, the real Kubernetes', () => kubernetesActions(realKubernetesActions));
