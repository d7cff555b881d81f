import type { Scenario } from './scenario.ts';

export const rightsLost: Scenario = {
  name: 'rights-lost',
  title: 'the Kubernetes token may only look, and at no secret',
  seconds: 120,
  start({ kubernetes }) {
    kubernetes.rights = 'view';
    return () => {
      kubernetes.rights = 'all';
    };
  },
};
