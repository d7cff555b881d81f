import type { ContainerSpec } from '../../sources/spec.ts';
import type { Probe } from '../checklist.ts';
import { together } from '../together.ts';
import { lacking, meant, specified } from './specifications.ts';

/** What may do more on its machine than it should: the engine's socket, all rights, or root. */
export const riskyContainers: Probe = {
  name: 'containers',
  needs: ['workload'],
  async look(means) {
    const isTrusted = meant(means, means.settings.trusted);
    const all = (await specified(means)).filter(({ workload }) => !isTrusted(workload));
    const findings = all.flatMap(({ workload, spec }) => {
      const words = spec.containers.flatMap(risks);
      const isBad = spec.containers.some(({ socket, privileged }) => socket || privileged);
      return lacking(workload, isBad ? 'bad' : 'warn', words);
    });
    return {
      findings: together(findings),
      facts: [`${findings.length} of ${all.length} workloads may do more than they should`],
    };
  },
};

function risks({ socket, privileged, root }: ContainerSpec): string[] {
  return [
    ...(socket ? ['has the socket of its engine'] : []),
    ...(privileged ? ['is privileged'] : []),
    ...(root === true ? ['runs as root'] : []),
    ...(root === null ? ['may run as root: no user is set'] : []),
  ];
}
