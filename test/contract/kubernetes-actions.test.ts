import { describe } from 'vitest';
import { kubernetesActions } from './kubernetes-actions.contract.ts';
import { embeddedKubernetesActions } from './kubernetes-actions-bed.ts';

describe('acted upon, the embedded Kubernetes', () => kubernetesActions(embeddedKubernetesActions));
