import { describe } from 'vitest';
import { kubernetesContract } from './kubernetes.contract.ts';
import { kubernetesChangesContract } from './kubernetes-changes.contract.ts';
import { breakableEmbeddedKubernetes, embeddedKubernetes } from './kubernetes-embedded-bed.ts';
import { kubernetesFaultsContract } from './kubernetes-faults.contract.ts';

describe.each(['calm', 'crash-loop', 'image-pull'])('the embedded Kubernetes, %s', scenario => {
  kubernetesContract(() => embeddedKubernetes({ scenario }), { pulseMs: 200 });
});

// Not `kubernetesStreams`: its pods run no processes, and no port of theirs is reached.
describe('the embedded Kubernetes', () => {
  describe('changed', () => kubernetesChangesContract(() => embeddedKubernetes({ haste: 10 })));
  describe('broken', () => kubernetesFaultsContract(breakableEmbeddedKubernetes));
});
