import type { Item } from '../checklist.ts';
import { cacheHits } from '../probes/cache-hits.ts';
import { growingDatabases } from '../probes/growing-databases.ts';
import { kills } from '../probes/kills.ts';
import { poolPerformance } from '../probes/pool-performance.ts';
import { restarts } from '../probes/restarts.ts';
import { slowestEndpoints } from '../probes/slowest-endpoints.ts';

export const performance: Item = {
  id: 'performance',
  title: 'Performance',
  probes: [slowestEndpoints, poolPerformance, cacheHits, growingDatabases, restarts, kills],
  look: { kind: 'pool', filter: '' },
  fixes: [
    { verb: 'set-resources', kinds: ['workload'] },
    { verb: 'restart', kinds: ['workload'] },
  ],
};
