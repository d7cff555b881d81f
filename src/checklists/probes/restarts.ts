import { counted } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { services } from './workloads.ts';

/** No workload whose replicas were started again more often than is fine since the run before. */
export const restarts: Probe = {
  name: 'restarts',
  needs: ['workload', 'replica'],
  look(means) {
    const [before] = means.past;
    const now = services(means).filter(({ restarts }) => restarts !== null && restarts > 0);
    const figures = Object.fromEntries(now.map(({ id, restarts }) => [key(id), restarts ?? 0]));
    if (!before) return { findings: [], facts: ['no run before to compare restarts with'], figures };
    const grown = now.map(workload => {
      const known = before.figures[key(workload.id)] ?? 0;
      const count = workload.restarts ?? 0;
      // Fewer than before: the replicas are other ones, and all of their restarts are new.
      return { workload, since: count < known ? count : count - known };
    });
    const many = grown.filter(({ since }) => since > means.settings.restarts);
    const sum = grown.reduce((total, { since }) => total + since, 0);
    return {
      // What is not well already is told with its reason.
      findings: many
        .filter(({ workload: { health } }) => health === 'ok' || health === 'busy')
        .map(({ workload, since }) =>
          about(workload, { health: 'warn', reason: `${counted(since, 'restart')} since the last run` }),
        ),
      facts: [`${counted(sum, 'restart')} since the last run`],
      figures,
    };
  },
};

const key = (workload: string) => `restarts ${workload}`;
