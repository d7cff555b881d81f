import type { Workload } from './entity.ts';

/** Whether a workload goes by this name in the profile: in a stack Swarm puts the stack's name before the service's. */
export function isCalled(
  { name, namespace, system }: Pick<Workload, 'name' | 'namespace' | 'system'>,
  by: string,
): boolean {
  return name === by || (system === 'swarm' && name === `${namespace}_${by}`);
}
