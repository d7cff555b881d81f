import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { startDemo } from '../src/demo/client.ts';
import { KubeClient } from '../test/helpers/kube-client.ts';
import { SEED } from './screen.ts';

export interface ApiServer {
  kubeconfig: string;
  /** A profile of it alone. */
  profile: string;
  /** As many as it has of all namespaces. */
  pods: number;
}

/** Another API server to measure with, with the pods that it has. */
export const GIVEN = process.env.BENCH_KUBECONFIG;

/** The embedded API server with about so many pods, in a process of its own, or the given one, while `use` runs. */
export async function withApiServer<T>(pods: number, use: (server: ApiServer) => Promise<T>): Promise<T> {
  if (GIVEN) return over(GIVEN, use);
  const script = fileURLToPath(new URL('../dist/demo.js', import.meta.url));
  const demo = await startDemo({ seed: SEED, scale: pods, scenario: 'still' }, script);
  try {
    const source = Object.values(demo.profile.sources ?? {}).find(({ kind }) => kind === 'kubernetes');
    if (source?.kind !== 'kubernetes' || !source.kubeconfig) throw new Error('the demo has no cluster');
    return await over(source.kubeconfig, use);
  } finally {
    await demo.close();
  }
}

async function over<T>(kubeconfig: string, use: (server: ApiServer) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-api-'));
  const client = new KubeClient(kubeconfig);
  try {
    const profile = join(folder, 'profile.yaml');
    writeFileSync(profile, stringify({ sources: { prod: { kind: 'kubernetes', kubeconfig } } }));
    const { items, metadata } = await client.json<Page>('/api/v1/pods?limit=1');
    return await use({ kubeconfig, profile, pods: items.length + (metadata.remainingItemCount ?? 0) });
  } finally {
    client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Page {
  items: unknown[];
  metadata: { remainingItemCount?: number };
}
