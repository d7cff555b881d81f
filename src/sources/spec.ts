/**
 * How a workload is meant to run, as its specification says it: what the live picture has no place for, read when a
 * checklist asks. Never a secret: no environment, no command, no value of a volume.
 */
export interface Spec {
  /** Id of the workload. */
  workload: string;
  strategy: Strategy;
  /** Kubernetes: the service account; null: the namespace's own. */
  account: string | null;
  containers: ContainerSpec[];
}

export interface Strategy {
  /** `Recreate`, `RollingUpdate`, `OnDelete`; Swarm: `start-first`, `stop-first`. null: the system's own. */
  type: string | null;
  /** As it stands there: `1`, `25%`. */
  maxSurge: string | null;
  maxUnavailable: string | null;
}

export interface ContainerSpec {
  name: string;
  image: string | null;
  cpuRequestMillicores: number | null;
  cpuLimitMillicores: number | null;
  memoryRequestBytes: number | null;
  memoryLimitBytes: number | null;
  /** Somebody asks whether it is well; null: nothing is said, and its image may have a question of its own. */
  checked: boolean | null;
  /** Runs as root; null: nothing is said, and its image decides. */
  root: boolean | null;
  /** May do on its machine whatever root may. */
  privileged: boolean;
  /** Has the socket of what runs the containers of its machine, which comes to the same. */
  socket: boolean;
}

/** A folder that holds the socket gives it away as well. */
export function isSocket(path: unknown): boolean {
  return (
    typeof path === 'string' &&
    /^(?:\/var)?\/run(?:\/(?:docker|k3s\/containerd|containerd|crio)(?:\/[\w-]+)?(?:\.sock)?)?\/?$/.test(path)
  );
}
