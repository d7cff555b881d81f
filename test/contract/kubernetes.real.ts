import { describe } from 'vitest';
import { given } from './given.ts';
import { kubernetesContract } from './kubernetes.contract.ts';
import { kubernetesTruth } from './kubernetes-truth.ts';

describe('the real Kubernetes', () => {
  const kubeconfig = given('QD_KUBECONFIG');
  kubernetesContract(async () => ({
    options: { kind: 'kubernetes', kubeconfig },
    truth: () => kubernetesTruth(kubeconfig),
  }));
});
