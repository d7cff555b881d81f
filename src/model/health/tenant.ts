import type { Directory, Instance, Pool, Workload } from '../entity.ts';
import { judgeInstance } from './data.ts';
import { bad, type Verdict, warn } from './verdict.ts';

/** What a tenant stands on. Each is already judged. */
export interface Footing {
  workloads: Iterable<Workload>;
  pool: Pool | undefined;
  directories: Iterable<Directory>;
}

/**
 * A tenant is as well as what it stands on: the platform's record says "running" also when its only pod is down, its
 * pool does not answer or its directory is full.
 */
export function judgeTenant(instance: Instance, { workloads, pool, directories }: Footing): Verdict {
  const own = judgeInstance(instance);
  // Stopped on purpose, or known to be bad: nothing below it says more.
  if (own.health !== 'ok') return own;
  for (const workload of workloads) {
    if (workload.health === 'bad') return bad(`its service ${workload.name}: ${workload.reason ?? 'is down'}`);
  }
  if (pool?.health === 'bad' && pool.up === false) return bad(`its pool ${pool.name}: ${pool.reason ?? 'is down'}`);
  for (const { usedBytes, quotaBytes, name } of directories) {
    if (usedBytes !== null && quotaBytes !== null && usedBytes >= quotaBytes)
      return bad(`its directory ${name} is full`);
  }
  for (const workload of workloads) {
    if (workload.health === 'warn') return warn(`its service ${workload.name}: ${workload.reason ?? 'is not well'}`);
  }
  return own;
}
