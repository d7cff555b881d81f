import type { Workload } from '../../model/entity.ts';
import { age, counted } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';

const DAY_MS = 86_400_000;

/** Jobs that have ended and that nothing removes: those of a schedule are counted by what makes them. */
export const finishedJobs: Probe = {
  name: 'completed jobs',
  needs: ['workload'],
  optional: true,
  look({ fleet, settings }) {
    const ended = [...fleet.all('workload').values()].filter(isForgotten);
    const old = ended.filter(({ finishedAt }) => fleet.now() - (finishedAt ?? 0) > settings.jobDays * DAY_MS);
    return {
      findings: old.map(job =>
        about(job, { health: 'warn', reason: `ended ${age(fleet.now() - (job.finishedAt ?? 0))} ago` }),
      ),
      facts: [`${old.length} of ${counted(ended.length, 'completed job')} older than ${settings.jobDays} d`],
    };
  },
};

const isForgotten = ({ type, owner, finishedAt }: Workload) =>
  /Job$/.test(type) && type !== 'CronJob' && owner === null && finishedAt !== null;
