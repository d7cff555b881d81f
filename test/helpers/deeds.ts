import { randomUUID } from 'node:crypto';
import type { Ending, Intent } from '../../src/model/deed.ts';

export const intentOf = (more: Partial<Intent> = {}): Intent => ({
  id: randomUUID(),
  at: 1_000,
  operator: 'ana',
  sshClient: null,
  demo: false,
  system: 'prod',
  identity: 'ops@prod',
  verb: 'scale',
  input: { replicas: '5' },
  target: { id: 'prod/x/deployment/web', kind: 'workload', name: 'web', source: 'prod', uid: 'u', version: '7' },
  command: 'kubectl -n x scale deployment/web --replicas=5',
  risk: 'safe',
  changes: [{ what: 'replicas', from: '3', to: '5' }],
  reason: null,
  proofs: [{ path: '/x', at: ['spec', 'replicas'], is: 5 }],
  inverse: { verb: 'scale', input: { replicas: '3' } },
  batch: null,
  process: { pid: 1, host: 'bastion' },
  ...more,
});

export const endingOf = (id: string, more: Partial<Ending> = {}): Ending => ({
  id,
  at: 9_000,
  outcome: 'done',
  words: '5 of 5 ready',
  checked: false,
  ...more,
});
