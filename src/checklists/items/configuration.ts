import type { Item } from '../checklist.ts';
import { counters } from '../probes/counters.ts';
import { healthChecks } from '../probes/health-checks.ts';
import { limitsAndRequests } from '../probes/limits-and-requests.ts';
import { rights } from '../probes/rights.ts';
import { singleReplicas } from '../probes/single-replicas.ts';
import { specifications } from '../probes/specifications.ts';
import { strategies } from '../probes/strategies.ts';

export const configuration: Item = {
  id: 'configuration',
  title: 'Configuration review',
  probes: [specifications, limitsAndRequests, healthChecks, singleReplicas, strategies, rights, counters],
  look: { kind: 'workload', filter: '' },
  fixes: [
    { verb: 'set-resources', kinds: ['workload'] },
    { verb: 'scale', kinds: ['workload'] },
  ],
};
