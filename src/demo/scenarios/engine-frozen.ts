import type { Scenario } from './scenario.ts';

export const engineFrozen: Scenario = {
  name: 'engine-frozen',
  title: 'the Docker engine takes connections and never answers',
  seconds: 60,
  start({ docker: { gate } }) {
    gate.freeze();
    return () => gate.thaw();
  },
};
