import type { CephFsDemo } from '../cephfs/serve.ts';
import type { DockerApi } from '../docker-api/server.ts';
import type { SwarmEngines } from '../docker-api/swarm-engines.ts';
import type { KubernetesApi } from '../kubernetes-api/server.ts';
import type { PostgresDemo } from '../postgres/start.ts';
import type { Preset, World } from '../world.ts';

/** All that can be made to fail. */
export interface Levers {
  world: World;
  kubernetes: KubernetesApi;
  /** The manager's engine. */
  docker: DockerApi;
  engines: SwarmEngines;
  /** null where the platform is started without PostgreSQL. */
  postgres: PostgresDemo | null;
  cephfs: CephFsDemo;
  /** Someone logs in again: a new token, in the kubeconfig too. */
  renewToken(): Promise<void>;
}

/** What a scenario is told: which node, which pool. */
export type With = Readonly<Record<string, string | number>>;

export type Mend = () => void | Promise<void>;

/** A way in which the platform can fail. */
export interface Scenario {
  name: string;
  /** One line for the palette. */
  title: string;
  /** After so long it mends itself, unless `with: {seconds}` says otherwise; null: it stays. */
  seconds: number | null;
  /** How the platform is beside it, where it is begun with it; `default` when left out. */
  preset?: Preset;
  /** What of it began before the platform was started, where it is begun with it. */
  past?(world: World): void;
  /** Lets it happen; what comes back mends it, null when that is not ours to do. */
  start(levers: Levers, options: With): Mend | null | Promise<Mend | null>;
}

/** A text of the options, or what is usual. */
export function word(options: With, name: string, usual: string): string {
  return options[name] === undefined ? usual : String(options[name]);
}
