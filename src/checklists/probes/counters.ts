import { drift } from '../../model/health/data.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';

/** What the platform counts is what is there: of each pool its record, the instances assigned, the databases. */
export const counters: Probe = {
  name: 'counters',
  needs: ['pool', 'instance'],
  optional: true,
  look({ fleet }) {
    const all = [...fleet.all('pool').values()];
    const findings = all.flatMap(pool => {
      const { health, reason } = drift(pool);
      return health === 'ok' ? [] : [about(pool, { health, reason: reason ?? health })];
    });
    return { findings, facts: [`${all.length - findings.length} of ${all.length} pools count right`] };
  },
};
