import { gaps } from '../../fleet/gaps.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { together } from '../together.ts';

/** Instances that the platform has written down, and of which nothing runs under their name. */
export const instanceRecords: Probe = {
  name: 'records of instances',
  needs: ['instance', 'workload'],
  optional: true,
  look({ fleet }) {
    // Of a list that is not whole nobody can say what is not on it.
    if (gaps(fleet, 'workload').gaps.length > 0) return { findings: [], facts: [] };
    const names = new Set([...fleet.all('workload').values()].map(({ name }) => name));
    const all = [...fleet.all('instance').values()].filter(({ status, provisioningStatus }) => {
      const isMade = provisioningStatus === null || provisioningStatus === 'completed';
      return isMade && status !== 'terminated' && status !== 'creating';
    });
    const unnamed = all.filter(({ serviceName }) => serviceName === null);
    const lost = all.filter(({ serviceName }) => serviceName !== null && !names.has(serviceName));
    return {
      findings: together(
        [
          ...lost.map(one => about(one, { health: 'warn', reason: 'its workload is not there' })),
          ...unnamed.map(one => about(one, { health: 'warn', reason: 'its record names no workload' })),
        ],
        'instance',
      ),
      facts: [`${all.length - lost.length - unnamed.length} of ${all.length} instances as recorded`],
    };
  },
};
