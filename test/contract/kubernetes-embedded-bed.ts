import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { loseNode, returnNode } from '../../src/demo/controller/kubernetes/nodes.ts';
import type { KubernetesOptions } from '../../src/sources/kubernetes/index.ts';
import { KubeClient } from '../helpers/kube-client.ts';
import { embedded, optionsOf } from './embedded.ts';
import { type BreakableKubernetes, type KubernetesBed, NAMESPACE, POLL } from './kubernetes-bed.ts';
import type { BigKubernetes } from './kubernetes-many.contract.ts';
import { kubernetesTruth } from './kubernetes-truth.ts';

/** The embedded platform's cluster, in this process. `haste`: how much faster than ours its time passes. */
export async function embeddedKubernetes(given: { scenario?: string; haste?: number } = {}): Promise<KubernetesBed> {
  const { options, truth, client, close } = await open(given);
  return { options, truth, client, close };
}

/** The same, with the means to break it. */
export async function breakableEmbeddedKubernetes(): Promise<BreakableKubernetes> {
  const { platform, ...bed } = await open({ haste: 10 });
  const { kubernetes: api, world } = platform;
  const { gate } = api;
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-contract-'));
  const viewer: KubernetesOptions = { ...bed.options, context: 'demo-viewer' };
  return {
    ...bed,
    stop: () => gate.shut(),
    start: () => gate.reopen(),
    freeze: async () => gate.freeze(),
    thaw: async () => gate.thaw(),
    async compact() {
      await gate.shut();
      world.catchUp();
      // Something happens that nobody was told of.
      const [first] = world.cluster.store.list('configmaps');
      if (first)
        world.cluster.store.modify('configmaps', first, now => ({ ...now, data: { ...now.data, bed: 'bed' } }));
      world.cluster.store.forgetHistory();
      await gate.reopen();
    },
    async metrics(state) {
      api.metrics = state;
    },
    async loseNode(name) {
      world.catchUp();
      loseNode(world.cluster, name);
    },
    async returnNode(name) {
      world.catchUp();
      returnNode(world.cluster, name);
    },
    async limited() {
      const hidden = ['nodes', 'persistentvolumeclaims'];
      api.hidden = ({ group, resource }) => group === 'metrics.k8s.io' || hidden.includes(resource);
      return viewer;
    },
    async narrow() {
      api.hidden = ({ namespace }) => namespace !== NAMESPACE;
      return viewer;
    },
    async expired() {
      const kubeconfig = join(folder, 'kubeconfig');
      const config = JSON.parse(await readFile(bed.options.kubeconfig ?? '', 'utf8'));
      await writeFile(kubeconfig, JSON.stringify({ ...config, users: [{ name: 'demo', user: { token: 'old' } }] }));
      return { ...bed.options, kubeconfig };
    },
    async passing() {
      return {
        options: bed.options,
        end: () => platform.trigger('token-expired'),
        renew: () => platform.trigger('recover'),
      };
    },
    async close() {
      await bed.close?.();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One that begins with so many pods more: its tenants beyond the forty. */
export async function bigEmbeddedKubernetes(pods: number): Promise<BigKubernetes> {
  const { platform, ...bed } = await open({ haste: 10, scale: pods + 100 });
  const { cluster } = platform.world;
  const tenants = () => cluster.store.list('deployments').filter(each => /^odoo-tenant\d/.test(each.metadata.name));
  return {
    ...bed,
    // They are there from the beginning.
    fill: async () => {},
    async empty() {
      platform.world.catchUp();
      for (const each of tenants()) cluster.store.remove('deployments', each);
      await expect.poll(() => cluster.store.count('pods'), POLL).toBeLessThan(200);
    },
  };
}

async function open({ scenario, haste, scale }: { scenario?: string; haste?: number; scale?: number } = {}) {
  const platform = await embedded({ scenario, haste, scale });
  const options = optionsOf(platform, 'kubernetes');
  const client = new KubeClient(options.kubeconfig ?? '', options.context);
  return {
    platform,
    options,
    client,
    truth: () => kubernetesTruth(client),
    async close() {
      client.close();
      await platform.close();
    },
  };
}
