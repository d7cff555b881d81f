import { expect } from 'vitest';
import { createKubernetes, type KubernetesOptions } from '../../src/sources/kubernetes/index.ts';
import type { Timing } from '../../src/sources/kubernetes/timing.ts';
import type { Source } from '../../src/sources/source.ts';
import type { KubeClient } from '../helpers/kube-client.ts';
import { RecordingSink } from '../helpers/recording-sink.ts';
import type { Bed } from './bed.ts';
import type { KubernetesTruth } from './kubernetes-truth.ts';

/** A cluster with the platform in it. */
export interface KubernetesBed extends Bed<KubernetesOptions, KubernetesTruth> {
  /** Someone who may do everything there. */
  client: KubeClient;
}

/** One that can be made to fail. Each resolves when it took effect. */
export interface BreakableKubernetes extends KubernetesBed {
  /** The API server is gone, as after SIGKILL, and there again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** It takes connections and never answers, as after SIGSTOP. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** It starts anew and has forgotten its history: whoever goes on from what he knows is told 410. */
  compact(): Promise<void>;
  metrics(state: 'on' | 'off' | 'broken'): Promise<void>;
  /** Its kubelet falls silent, until the node is declared lost; and speaks again. */
  loseNode(name: string): Promise<void>;
  returnNode(name: string): Promise<void>;
  /** Someone who may not read nodes, claims and usage. */
  limited(): Promise<KubernetesOptions>;
  /** Someone who may read one namespace only: the one of his context. */
  narrow(): Promise<KubernetesOptions>;
  /** A token that has run out. */
  expired(): Promise<KubernetesOptions>;
  /** A token that works until `end`, and a new one in the same place after `renew`. */
  passing(): Promise<{ options: KubernetesOptions; end(): Promise<void>; renew(): Promise<void> }>;
}

/** The namespace of the platform. */
export const NAMESPACE = 'saasodoo';

export const POLL = { timeout: 40_000, interval: 50 };

/** Watches with a source of its own, as long as `then` takes. */
export async function watchedBy(
  options: KubernetesOptions,
  timing: Partial<Timing>,
  then: (sink: RecordingSink, source: Source) => Promise<void>,
): Promise<void> {
  const sink = new RecordingSink();
  const source = createKubernetes('prod', options, timing);
  source.start(sink);
  try {
    await then(sink, source);
  } finally {
    await source.stop();
  }
}

/** A change that a watch must bring: a label on a workload, with another value each time. */
export async function expectWatched(sink: RecordingSink, client: KubeClient): Promise<void> {
  const name = 'frontend-service';
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${name}`;
  const told = `${Date.now()}`;
  await client.patch(path, { metadata: { labels: { contract: told } } });
  await expect.poll(() => sink.named('workload', name)?.labels.contract, POLL).toBe(told);
  await client.patch(path, { metadata: { labels: { contract: null } } });
  await expect.poll(() => sink.named('workload', name)?.labels.contract, POLL).toBeUndefined();
}
