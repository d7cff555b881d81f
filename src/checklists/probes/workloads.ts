import type { Workload } from '../../model/entity.ts';
import type { Means, Probe } from '../checklist.ts';
import { about } from '../finding.ts';

/** What runs all the time: no jobs. */
export function services({ fleet }: Pick<Means, 'fleet'>): Workload[] {
  return [...fleet.all('workload').values()].filter(({ type }) => !/Job$/.test(type));
}

/** Every workload at the number that is wanted, at its newest version, and none that crashes again and again. */
export const workloads: Probe = {
  name: 'workloads',
  needs: ['workload', 'replica'],
  look(means) {
    const wanted = services(means).filter(({ health }) => health !== 'off');
    const unwell = wanted.filter(({ health }) => health === 'bad' || health === 'warn' || health === 'unknown');
    const rolling = wanted.filter(({ health }) => health === 'busy').length;
    const short = wanted.filter(({ wanted, ready }) => wanted === null || ready === null || ready < wanted).length;
    return {
      findings: unwell.map(workload => about(workload)),
      facts: [
        `${wanted.length - short} of ${wanted.length} workloads at their count`,
        ...(rolling > 0 ? [`${rolling} under way`] : []),
      ],
    };
  },
};
