import { describe } from 'vitest';
import { ctl } from './ctl.ts';
import { kubernetesManyContract } from './kubernetes-many.contract.ts';
import { ownKubernetes } from './kubernetes-real-bed.ts';

describe('the real Kubernetes with 10,000 pods', () => {
  kubernetesManyContract(10_000, async () => {
    const bed = await ownKubernetes();
    const run = ctl('QD_KUBERNETES_CTL');
    return {
      ...bed,
      fill: pods => run('pods', String(pods)),
      empty: () => run('pods', '0'),
      async close() {
        await run('pods', '0');
        await bed.close?.();
      },
    };
  });
});
