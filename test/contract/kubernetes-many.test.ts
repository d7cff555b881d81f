import { describe } from 'vitest';
import { bigEmbeddedKubernetes } from './kubernetes-embedded-bed.ts';
import { kubernetesManyContract } from './kubernetes-many.contract.ts';

// Enough for pages and a crowded watch; 10,000 are measured by the benchmark.
const PODS = 3_000;

describe(`the embedded Kubernetes with ${PODS} pods`, () => {
  kubernetesManyContract(PODS, () => bigEmbeddedKubernetes(PODS));
});
