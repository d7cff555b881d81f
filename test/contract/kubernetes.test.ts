import { describe } from 'vitest';
import { embedded, optionsOf } from './embedded.ts';
import { kubernetesContract } from './kubernetes.contract.ts';
import { kubernetesTruth } from './kubernetes-truth.ts';

describe.each(['calm', 'crash-loop', 'image-pull'])('the embedded Kubernetes, %s', scenario => {
  kubernetesContract(
    async () => {
      const platform = await embedded({ scenario });
      const options = optionsOf(platform, 'kubernetes');
      return {
        options,
        truth: () => kubernetesTruth(options.kubeconfig ?? '', options.context),
        close: () => platform.close(),
      };
    },
    { pulseMs: 200 },
  );
});
