import { parseFilter } from '../../filter/filter.ts';
import { fieldContext } from '../../fleet/field-context.ts';
import type { Workload } from '../../model/entity.ts';
import type { Means, Probe } from '../checklist.ts';
import { about } from '../finding.ts';

/** Jobs, and what makes them by a schedule. */
export function backupJobs({ fleet, settings }: Pick<Means, 'fleet' | 'settings'>): Workload[] {
  const isMeant = parseFilter(settings.backupJobs, fieldContext(fleet));
  return [...fleet.all('workload').values()].filter(job => /Job$/.test(job.type) && isMeant.test(job));
}

/** No job of a backup that failed, as long as the system keeps it. */
export const failedJobs: Probe = {
  name: 'jobs of backups',
  needs: ['workload'],
  optional: true,
  look(means) {
    const jobs = backupJobs(means);
    const running = jobs.filter(({ health }) => health === 'busy').length;
    return {
      findings: jobs.filter(({ health }) => health === 'bad' || health === 'warn').map(job => about(job)),
      facts: running > 0 ? [`${running} running`] : [],
    };
  },
};
