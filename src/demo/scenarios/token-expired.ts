import type { Scenario } from './scenario.ts';

export const tokenExpired: Scenario = {
  name: 'token-expired',
  title: 'the Kubernetes token has expired; after a minute someone logs in again',
  seconds: 60,
  start({ kubernetes, renewToken }) {
    kubernetes.token = null;
    return renewToken;
  },
};
