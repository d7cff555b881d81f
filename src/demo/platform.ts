import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CephFsDemo, serveCephFs } from './cephfs/serve.ts';
import { type Clock, systemClock } from './clock.ts';
import { type DockerApi, serveDocker } from './docker-api/server.ts';
import { type KubernetesApi, serveKubernetes } from './kubernetes-api/server.ts';
import { type PostgresDemo, startPostgres } from './postgres/start.ts';
import { profileOf } from './profile.ts';
import { type Preset, World } from './world.ts';

export interface PlatformOptions {
  seed?: number;
  preset?: Preset;
  /** Kubernetes pods in all; null for the shape's own. */
  scale?: number | null;
  changesPerSecond?: number;
  clock?: Clock;
  /** What calls `answer` of the CephFS with the arguments that follow. */
  answerCommand: string[];
  log?(line: string): void;
}

/** The embedded platform with all its doors open. */
export interface Platform {
  readonly world: World;
  readonly kubernetes: KubernetesApi;
  readonly docker: DockerApi;
  readonly cephfs: CephFsDemo;
  readonly postgres: PostgresDemo;
  /** A profile of Quarterdeck whose sources point at these doors. */
  readonly profile: object;
  close(): Promise<void>;
}

/** Starts it. The APIs answer when this resolves; the PostgreSQL servers say that they are starting. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { seed = 1, preset = 'default', scale = null, changesPerSecond = 0, clock = systemClock, log } = options;
  const world = new World({ clock, seed, preset, scale, changesPerSecond });
  const { still, shape, storage } = world;
  const now = () => clock.now();
  const token = randomBytes(16).toString('hex');
  const [folder, kubernetes, docker, cephfs, postgres] = await Promise.all([
    mkdtemp(join(tmpdir(), 'quarterdeck-demo-')),
    serveKubernetes(world, token),
    serveDocker(world),
    serveCephFs({ storage, seed, command: options.answerCommand, still, now }),
    startPostgres({ shape, still, now, log }),
  ]);
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(kubernetes, token), { mode: 0o600 });
  world.run();
  return {
    world,
    kubernetes,
    docker,
    cephfs,
    postgres,
    profile: profileOf({ kubeconfig, docker: docker.host, postgres: postgres.source, reader: cephfs.reader }),
    async close() {
      world.stop();
      await Promise.allSettled([kubernetes.close(), docker.close(), cephfs.close(), postgres.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function kubeconfigOf({ url, certificate }: KubernetesApi, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'demo',
    clusters: [{ name: 'demo', cluster: { server: url, 'certificate-authority-data': btoa(certificate) } }],
    users: [{ name: 'demo-operator', user: { token } }],
    contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'demo-operator', namespace: 'saasodoo' } }],
  });
}
