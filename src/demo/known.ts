import { profile } from '../profile/saasodoo.ts';
import type { SourceKind } from '../sources/source.ts';

/**
 * What the embedded platform has for certain, known before its process has said a word: the screen is drawn from this
 * while that starts. Written down here because what it follows from is loaded in the other process only.
 */
export const KNOWN = {
  name: 'demo',
  title: 'saasodoo · demo',
  namespace: 'saasodoo',
  groups: profile.groups,
  checklists: profile.checklists,
  sources: {
    kubernetes: 'kubernetes',
    swarm: 'swarm',
    postgres: 'postgres',
    mariadb: 'mariadb',
    cephfs: 'cephfs',
    http: 'http',
  } satisfies Record<string, SourceKind>,
  scenarios: [
    'node-loss',
    'crash-loop',
    'image-pull',
    'pool-full',
    'quota-reached',
    'mds-gone',
    'api-frozen',
    'api-gone',
    'token-expired',
    'rights-lost',
    'engine-frozen',
    'backup-empty',
    'churn',
    'daily-four',
    'log-flood',
    'recover',
  ],
} as const;
