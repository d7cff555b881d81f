import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProfileInput } from '../profile/schema.ts';
import { type CephFsDemo, serveCephFs } from './cephfs/serve.ts';
import { type Clock, systemClock } from './clock.ts';
import { workloadName } from './controller/kubernetes/behaviour.ts';
import { managerOf, serveEngines } from './docker-api/swarm-engines.ts';
import { serveHttp } from './http-services.ts';
import { type KubernetesApi, serveKubernetes } from './kubernetes-api/server.ts';
import { serveMariadb } from './mariadb/server.ts';
import { type PostgresDemo, startPostgres } from './postgres/start.ts';
import { profileOf } from './profile.ts';
import type { With } from './scenarios/scenario.ts';
import { type Script, scriptOf } from './scenarios/script.ts';
import { Theatre } from './scenarios/theatre.ts';
import { World } from './world.ts';

export interface PlatformOptions {
  /** The same seed gives the same platform. */
  seed?: number;
  /** Kubernetes pods in all, 1 to 10,000; null for the platform's own 60. */
  scale?: number | null;
  /** Pod changes a second beside what happens anyway, 0 to 500. */
  changesPerSecond?: number;
  /** `default`, `calm`, `still`, the name of a scenario, or the path of a scenario file. */
  scenario?: string;
  clock?: Clock;
  /** What answers in getfattr's, find's and ceph's words: a command that calls `answer` of src/demo/cephfs. */
  answerCommand: string[];
  /** false: without PostgreSQL, for tests of the rest. */
  postgres?: boolean;
  log?: (line: string) => void;
}

export interface DemoPlatform {
  /** A whole profile of Quarterdeck whose sources are here. */
  readonly profile: ProfileInput;
  /** What `trigger` takes. */
  readonly scenarios: string[];
  readonly world: World;
  readonly kubernetes: KubernetesApi;
  readonly cephfs: CephFsDemo;
  /** Rejects when there is no scenario of that name, or when it cannot be. */
  trigger(name: string, options?: With): Promise<void>;
  close(): Promise<void>;
}

/**
 * The embedded platform, serving on loopback. Throws a ScenarioError. PostgreSQL goes on starting when this returns; its
 * ports are in the profile already.
 */
export async function startPlatform(options: PlatformOptions): Promise<DemoPlatform> {
  const { seed = 1, clock = systemClock, answerCommand, log = () => {} } = options;
  const script = scriptOf(options.scenario ?? 'default');
  const world = new World({ ...options, clock, seed, preset: script.preset, past: script.past });
  // Not the prefix of the PostgreSQL folders: those that nobody holds are swept away.
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-kubeconfig-'));
  const token = () => `demo-${randomBytes(18).toString('base64url')}`;
  const now = () => clock.now();
  const mariadbPassword = randomBytes(18).toString('base64url');
  const [kubernetes, engines, http, cephfs, mariadb, postgres] = await Promise.all([
    serveKubernetes(world, token(), token()),
    serveEngines(world),
    serveHttp(world),
    serveCephFs({ storage: world.storage, seed, command: answerCommand, still: world.still, now }),
    serveMariadb(mariadbPassword),
    options.postgres === false ? null : startPostgres({ shape: world.shape, still: world.still, now, log }),
  ]);
  // Behind the pods of databases stand the real servers.
  kubernetes.dial = (pod, port) => (port === 5432 && postgres?.servers.get(workloadName(pod))?.port) || null;
  const kubeconfig = join(folder, 'kubeconfig');
  await writeKubeconfig(kubeconfig, kubernetes);
  const mariadbFile = join(folder, 'mariadb-password');
  await writeFile(mariadbFile, mariadbPassword, { mode: 0o600 });
  const theatre = new Theatre({
    world,
    kubernetes,
    docker: managerOf(engines),
    engines,
    postgres,
    cephfs,
    async renewToken() {
      kubernetes.token = token();
      await writeKubeconfig(kubeconfig, kubernetes);
    },
  });
  const timers = schedule(script, theatre, log);
  world.run();
  return {
    profile: profileOf({
      world,
      kubeconfig,
      engines,
      http,
      postgres,
      mariadb: { ...mariadb, passwordFile: mariadbFile },
      cephfs,
    }),
    scenarios: Theatre.names,
    world,
    kubernetes,
    cephfs,
    trigger: (name, given) => theatre.trigger(name, given),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      theatre.close();
      world.stop();
      await Promise.all([
        kubernetes.close(),
        ...[...engines.values()].map(engine => engine.close()),
        http.close(),
        cephfs.close(),
        mariadb.close(),
        closed(postgres),
      ]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function schedule({ acts }: Script, theatre: Theatre, log: (line: string) => void): NodeJS.Timeout[] {
  return acts.map(act =>
    setTimeout(() => {
      theatre.trigger(act.do, act.with).catch(error => log(`scenario ${act.do}: ${error.message}`));
    }, act.at * 1000),
  );
}

async function closed(postgres: PostgresDemo | null): Promise<void> {
  await postgres?.close();
}

/** For the user only, and never half written: whoever reads it reads the old one or the new one. */
async function writeKubeconfig(path: string, api: KubernetesApi): Promise<void> {
  const { url, certificate, token, viewerToken } = api;
  const authority = Buffer.from(certificate).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'demo',
    clusters: [{ name: 'demo', cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [
      { name: 'demo', user: { token } },
      { name: 'demo-viewer', user: { token: viewerToken } },
    ],
    contexts: ['demo', 'demo-viewer'].map(name => ({
      name,
      context: { cluster: 'demo', user: name, namespace: 'saasodoo' },
    })),
  };
  await writeFile(`${path}.new`, JSON.stringify(config, null, 2), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
