import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { together } from '../together.ts';
import { meant } from './specifications.ts';
import { services } from './workloads.ts';

/** What must go on when one of its replicas goes has more than one. */
export const singleReplicas: Probe = {
  name: 'single replicas',
  needs: ['workload'],
  look(means) {
    const { several } = means.settings;
    if (several === undefined) return { findings: [], facts: ['the profile does not say what needs several replicas'] };
    const all = services(means).filter(workload => workload.health !== 'off' && meant(means, several)(workload));
    const single = all.filter(({ wanted }) => wanted === 1);
    const unknown = all.filter(({ wanted }) => wanted === null);
    return {
      findings: together([
        ...single.map(one =>
          about(one, { health: 'warn', reason: 'a single replica: nothing answers while it is replaced' }),
        ),
        ...unknown.map(one =>
          about(one, { health: 'unknown', reason: 'how many replicas it should have is not known' }),
        ),
      ]),
      facts: [`${all.length - single.length - unknown.length} of ${all.length} with several replicas`],
    };
  },
};
