import { parseFilter } from '../../filter/filter.ts';
import { fieldContext } from '../../fleet/field-context.ts';
import type { Workload } from '../../model/entity.ts';
import type { Means, Probe } from '../checklist.ts';
import { about } from '../finding.ts';

type Asked = Pick<Means, 'fleet' | 'settings'>;

function allJobs({ fleet }: Asked): Workload[] {
  return [...fleet.all('workload').values()].filter(({ type }) => /Job$/.test(type));
}

/** The jobs of backups, and what makes them by a schedule. */
export function backupJobs(means: Asked): Workload[] {
  const isMeant = parseFilter(means.settings.backupJobs, fieldContext(means.fleet));
  return allJobs(means).filter(job => isMeant.test(job));
}

/** No job of a backup that failed, as long as the system keeps it. */
export const failedBackupJobs: Probe = failedOf('jobs of backups', backupJobs);
/** The same of every job. */
export const failedJobs: Probe = failedOf('jobs', allJobs);

function failedOf(name: string, jobsOf: (means: Asked) => Workload[]): Probe {
  return {
    name,
    needs: ['workload'],
    optional: true,
    look(means) {
      const jobs = jobsOf(means);
      const running = jobs.filter(({ health }) => health === 'busy').length;
      return {
        findings: jobs.filter(({ health }) => health === 'bad' || health === 'warn').map(job => about(job)),
        facts: running > 0 ? [`${running} running`] : [],
      };
    },
  };
}
