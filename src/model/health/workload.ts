import type { Replica, Workload } from '../entity.ts';
import { bad, busy, byHealth, OK, off, type Verdict, warn } from './verdict.ts';

/** @param replicas those of this workload, already judged */
export function judgeWorkload(workload: Workload, replicas: Iterable<Replica>): Verdict {
  switch (workload.type) {
    case 'Job':
    case 'ReplicatedJob':
    case 'GlobalJob':
      return judgeJob(workload, worstReplica(replicas));
    case 'CronJob':
      return workload.suspended ? off('suspended') : OK;
    default:
      return judgeService(workload, worstReplica(replicas));
  }
}

function judgeJob(job: Workload, replica: Replica | null): Verdict {
  if (job.suspended) return off('suspended');
  const done = job.finishedAt !== null || (job.wanted !== null && (job.succeeded ?? 0) >= job.wanted);
  if (done) return job.message ? bad(job.message) : OK;
  if (replica?.health === 'bad' || replica?.health === 'warn')
    return { health: replica.health, reason: replica.reason };
  if (job.failed) return warn(`${job.failed} failed, trying again`);
  return busy(`${job.succeeded ?? 0} of ${job.wanted ?? '?'} done`);
}

function judgeService(workload: Workload, replica: Replica | null): Verdict {
  const { wanted, ready, rollout } = workload;
  if (wanted === null || ready === null) return { health: 'unknown', reason: workload.message };
  if (wanted === 0) return ready > 0 ? busy(`stopping, ${ready} left`) : off('switched off: 0 wanted');
  if (rollout?.state === 'failed' || rollout?.state === 'paused') {
    const words = rollout.message ? `rollout ${rollout.state}: ${rollout.message}` : `rollout ${rollout.state}`;
    return ready === 0 ? bad(words) : warn(words);
  }
  const trouble = replica && (replica.health === 'bad' || replica.health === 'warn') ? replica : null;
  if (ready >= wanted) {
    // The old replicas still serve, but the new ones do not come up: that is a failed release, not a busy one.
    if (rollout && trouble) return warn(`${progress(workload)}, but ${trouble.reason ?? trouble.state}`);
    if (rollout?.state === 'updating' || rollout?.state === 'rolling back') return busy(progress(workload));
    if (rollout?.state === 'rolled back') return warn(rollout.message ?? 'rolled back');
    return trouble ? warn(`${ready} of ${wanted} ready, but ${trouble.reason ?? trouble.state}`) : OK;
  }
  const reason = trouble?.reason ?? workload.message;
  if (trouble === null && !workload.message && (rollout || replica?.health === 'busy')) return busy(progress(workload));
  const words = reason ?? `${wanted - ready} of ${wanted} missing`;
  return ready === 0 ? bad(words) : warn(words);
}

function progress({ rollout, updated, wanted, ready }: Workload): string {
  if (rollout) return `${rollout.state}: ${updated ?? '?'} of ${wanted} new, ${ready} ready`;
  return `starting: ${ready} of ${wanted} ready`;
}

function worstReplica(replicas: Iterable<Replica>): Replica | null {
  let found: Replica | null = null;
  for (const replica of replicas) {
    if (replica.wanted !== 'gone' && (!found || byHealth(replica.health, found.health) < 0)) found = replica;
  }
  return found;
}
