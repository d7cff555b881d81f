import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesOptions } from '../../src/sources/kubernetes/index.ts';
import { KubeClient } from '../helpers/kube-client.ts';
import { ctl } from './ctl.ts';
import { given } from './given.ts';
import type { BreakableKubernetes, KubernetesBed } from './kubernetes-bed.ts';
import { kubernetesTruth } from './kubernetes-truth.ts';

const SERVER = 'kube-apiserver';

/** Any cluster: it is only read. */
export async function realKubernetes(): Promise<KubernetesBed> {
  const options = optionsFrom('QD_KUBECONFIG');
  const client = new KubeClient(options.kubeconfig);
  return { options, client, truth: () => kubernetesTruth(client), close: async () => client.close() };
}

/** The cluster of `test/testbed/kubernetes`, and no other: it is changed. */
export async function ownKubernetes(): Promise<KubernetesBed> {
  const [kubeconfig, bed] = [given('QD_KUBECONFIG'), given('QD_BED')];
  if (!kubeconfig.startsWith(`${bed}/`)) throw new Error(`${kubeconfig} is not the one of the bed in ${bed}`);
  return realKubernetes();
}

/** The same, with the means to break it. */
export async function breakableRealKubernetes(): Promise<BreakableKubernetes> {
  const bed = await ownKubernetes();
  const run = ctl('QD_KUBERNETES_CTL');
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-contract-'));
  const kubeconfig = join(folder, 'kubeconfig');
  return {
    ...bed,
    stop: () => run('stop', SERVER),
    start: () => run('start', SERVER),
    freeze: () => run('freeze', SERVER),
    thaw: () => run('thaw', SERVER),
    compact: () => run('compact'),
    metrics: state => run('metrics', state),
    loseNode: name => run('node-down', name),
    returnNode: name => run('node-up', name),
    limited: async () => optionsFrom('QD_KUBECONFIG_LIMITED'),
    narrow: async () => optionsFrom('QD_KUBECONFIG_NARROW'),
    expired: async () => optionsFrom('QD_KUBECONFIG_EXPIRED'),
    async passing() {
      await run('token', kubeconfig, '5');
      return {
        options: { kind: 'kubernetes', kubeconfig },
        // Time alone ends it; for ten seconds more the server remembers that it was good.
        end: async () => {},
        renew: () => run('token', kubeconfig, '3600'),
      };
    },
    async close() {
      await bed.close?.();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function optionsFrom(variable: string): KubernetesOptions & { kubeconfig: string } {
  return { kind: 'kubernetes', kubeconfig: given(variable) };
}
