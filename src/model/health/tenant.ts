import type { Directory, Instance, Pool, Workload } from '../entity.ts';
import { judgeInstance } from './data.ts';
import { bad, OK, type Verdict, worst } from './verdict.ts';

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
  const services = [...workloads]
    .filter(({ health }) => health === 'bad' || health === 'warn')
    .map(({ health, name, reason }): Verdict => {
      const words = reason ?? (health === 'bad' ? 'is down' : 'is not well');
      return { health, reason: `its service ${name}: ${words}` };
    });
  const isPoolDown = pool?.health === 'bad' && pool.up === false;
  const full = [...directories].filter(
    ({ usedBytes, quotaBytes }) => usedBytes !== null && quotaBytes !== null && usedBytes >= quotaBytes,
  );
  return worst([
    ...services,
    isPoolDown ? bad(`its pool ${pool.name}: ${pool.reason ?? 'is down'}`) : OK,
    ...full.map(({ name }) => bad(`its directory ${name} is full`)),
  ]);
}
