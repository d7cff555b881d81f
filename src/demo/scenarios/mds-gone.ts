import type { Scenario } from './scenario.ts';

export const mdsGone: Scenario = {
  name: 'mds-gone',
  title: 'the metadata server is gone: every call on CephFS hangs',
  seconds: 60,
  start({ world: { storage } }) {
    storage.mdsGone = true;
    return () => {
      storage.mdsGone = false;
    };
  },
};
