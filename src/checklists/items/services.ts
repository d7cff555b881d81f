import type { Item } from '../checklist.ts';
import { nodes } from '../probes/nodes.ts';
import { restarts } from '../probes/restarts.ts';
import { watchers } from '../probes/watchers.ts';
import { workloads } from '../probes/workloads.ts';

export const services: Item = {
  id: 'services',
  title: 'All services are running',
  probes: [workloads, nodes, restarts, watchers],
  look: { kind: 'workload', filter: 'status=bad|warn|unknown' },
  fixes: [
    { verb: 'rollback', kinds: ['workload'] },
    { verb: 'restart', kinds: ['workload'] },
    { verb: 'scale', kinds: ['workload'] },
  ],
};
