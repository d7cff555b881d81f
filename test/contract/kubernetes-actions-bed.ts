import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { createKubernetes, type KubernetesOptions } from '../../src/sources/kubernetes/index.ts';
import { accessOf, KubeClient } from '../helpers/kube-client.ts';
import { relayTo } from '../helpers/relay.ts';
import type { ActionsBed } from './actions.ts';
import { embedded, optionsOf } from './embedded.ts';
import { given } from './given.ts';
import { NAMESPACE } from './kubernetes-bed.ts';
import { ownKubernetes } from './kubernetes-real-bed.ts';
import { KubernetesSystem } from './kubernetes-system.ts';

export type KubernetesActionsBed = ActionsBed & { system: KubernetesSystem };

const HASTE = 20;

export async function embeddedKubernetesActions(): Promise<KubernetesActionsBed> {
  const platform = await embedded({ scenario: 'still', haste: HASTE });
  const { world } = platform;
  const options = optionsOf(platform, 'kubernetes');
  return bedOf({
    options,
    viewer: { ...options, context: 'demo-viewer' },
    now: () => world.timeline.now + world.behindMs,
    waits: { everyMs: 20, limitMs: HASTE * 30_000, proofMs: 100 },
    close: () => platform.close(),
  });
}

export async function realKubernetesActions(): Promise<KubernetesActionsBed> {
  const { options, close } = await ownKubernetes();
  const viewer = { kind: 'kubernetes', kubeconfig: given('QD_KUBECONFIG_VIEWER') } as const;
  return bedOf({
    options,
    viewer,
    waits: { everyMs: 200, limitMs: 60_000, proofMs: 200 },
    close: async () => close?.(),
  });
}

interface Given {
  options: KubernetesOptions;
  viewer: KubernetesOptions;
  now?: () => number;
  waits: ActionsBed['waits'];
  close(): Promise<void>;
}

async function bedOf({ options, viewer, now, waits, close }: Given): Promise<KubernetesActionsBed> {
  const { kubeconfig = '', context } = options;
  const { server, token, tls, agent } = accessOf(kubeconfig, context);
  agent.destroy();
  const { protocol, hostname: host, port } = new URL(server);
  const relay = await relayTo({
    protocol,
    host,
    port: Number(port),
    ...tls,
    headers: { authorization: `Bearer ${token}` },
  });
  const client = new KubeClient(kubeconfig, context);
  const system = await KubernetesSystem.open(client);
  const relayed = join(system.folder, 'kubeconfig');
  await writeFile(relayed, JSON.stringify(configTo(relay.port)));
  const fleets = [{ ...options, kubeconfig: relayed, context: 'bed' }, viewer].map(each => watched(each, now));
  const [fleet, looking] = fleets as [Fleet, Fleet];
  await vi.waitFor(() => expect(fleets.map(each => each.sources()[0]?.phase)).toEqual(['live', 'live']), 30_000);
  return {
    system,
    fleet,
    viewer: looking,
    relay,
    waits,
    drafts: system.folder,
    async close() {
      await Promise.all(fleets.map(each => each.stop()));
      await relay.close();
      await system.close();
      client.close();
      await close();
    },
  };
}

function watched(options: KubernetesOptions, now?: () => number): Fleet {
  const fleet = new Fleet({ ...(now && { now }) });
  fleet.watch(createKubernetes('kubernetes', options));
  return fleet;
}

function configTo(port: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bed',
    clusters: [{ name: 'bed', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'bed', user: {} }],
    contexts: [{ name: 'bed', context: { cluster: 'bed', user: 'bed', namespace: NAMESPACE } }],
  };
}
