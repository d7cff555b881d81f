import type { Scenario } from './scenario.ts';

export const apiGone: Scenario = {
  name: 'api-gone',
  title: 'the Kubernetes API refuses connections',
  seconds: 60,
  async start({ kubernetes: { gate } }) {
    await gate.shut();
    return () => gate.reopen();
  },
};
