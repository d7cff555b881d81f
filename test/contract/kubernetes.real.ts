import { describe } from 'vitest';
import { kubernetesContract } from './kubernetes.contract.ts';
import { kubernetesChangesContract } from './kubernetes-changes.contract.ts';
import { kubernetesFaultsContract } from './kubernetes-faults.contract.ts';
import { breakableRealKubernetes, realKubernetes } from './kubernetes-real-bed.ts';
import { kubernetesStreams } from './kubernetes-streams.ts';

describe('the real Kubernetes', () => {
  describe('at rest', () => kubernetesContract(realKubernetes, { pulseMs: 500 }));
  describe('changed', () => kubernetesChangesContract(realKubernetes));
  describe('entered', kubernetesStreams);
  describe('broken', () => kubernetesFaultsContract(breakableRealKubernetes));
});
