import type { Scenario } from './scenario.ts';

export const apiFrozen: Scenario = {
  name: 'api-frozen',
  title: 'the Kubernetes API takes connections and never answers',
  seconds: 60,
  start({ kubernetes: { gate } }) {
    gate.freeze();
    return () => gate.thaw();
  },
};
