import { type Crash, imageName } from '../images.ts';
import type { Cluster } from './cluster.ts';
import type { Pod } from './objects.ts';
import { controllerOf } from './relations.ts';

/** What is wrong with a workload, whatever its image: its database is gone, its start never becomes ready. */
export type Fault =
  | { kind: 'crash'; crash: Crash }
  /** Runs and never passes its readiness probe. */
  | { kind: 'unready'; probe: string }
  /** Jobs: the work fails. */
  | { kind: 'failing'; exitCode: number; lastLine: string };

/** How a pod's container behaves on a healthy node. */
export interface Behaviour {
  /** From its start to its first passed readiness probe. */
  readyMs: number;
  /** From the request to its end to that end. */
  stopMs: number;
  crash: Crash | null;
  unready: string | null;
  /** Jobs: how long the work takes, and how it ends. */
  work: { ms: number; exitCode: number; lastLine: string } | null;
}

export function behaviourOf(cluster: Cluster, pod: Pod): Behaviour {
  const fault = cluster.faults.get(workloadName(pod));
  const image = pod.spec.containers[0]?.image ?? '';
  const isJob = controllerOf(pod)?.kind === 'Job';
  const isSlow = imageName(image) === 'odoo';
  return {
    readyMs: isSlow ? cluster.delay(5_000, 11_000) : cluster.delay(1_200, 4_000),
    stopMs: isSlow ? cluster.delay(1_500, 4_000) : cluster.delay(400, 1_500),
    crash: fault?.kind === 'crash' ? fault.crash : cluster.images.crashOf(image),
    unready: fault?.kind === 'unready' ? fault.probe : null,
    work: isJob
      ? {
          ms: cluster.delay(6_000, 20_000),
          exitCode: fault?.kind === 'failing' ? fault.exitCode : 0,
          lastLine: fault?.kind === 'failing' ? fault.lastLine : 'done',
        }
      : null,
  };
}

/** The name of the workload at the top: the deployment's, not its replica set's. */
export function workloadName(pod: Pod): string {
  const owner = controllerOf(pod);
  if (!owner) return pod.metadata.name;
  const hash = pod.metadata.labels?.['pod-template-hash'];
  return owner.kind === 'ReplicaSet' && hash ? owner.name.slice(0, -hash.length - 1) : owner.name;
}
