import { describe } from 'vitest';
import { kubernetesChangesContract } from './kubernetes-changes.contract.ts';
import { kubernetesFaultsContract } from './kubernetes-faults.contract.ts';
import { breakableRealKubernetes, ownKubernetes } from './kubernetes-real-bed.ts';
import { kubernetesStreams } from './kubernetes-streams.ts';

describe('the real Kubernetes', () => {
  describe('changed', () => kubernetesChangesContract(ownKubernetes));
  describe('entered', kubernetesStreams);
  describe('broken', () => kubernetesFaultsContract(breakableRealKubernetes));
});
