import { describe } from 'vitest';
import { kubernetesContract } from './kubernetes.contract.ts';
import { realKubernetes } from './kubernetes-real-bed.ts';

describe('the real Kubernetes', () => {
  kubernetesContract(realKubernetes, { pulseMs: 500 });
});
