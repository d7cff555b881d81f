import { describe } from 'vitest';
import { bigEmbeddedKubernetes } from './kubernetes-embedded-bed.ts';
import { kubernetesManyContract } from './kubernetes-many.contract.ts';

describe('the embedded Kubernetes with 10,000 pods', () => {
  kubernetesManyContract(bigEmbeddedKubernetes);
});
