import type { Item } from '../checklist.ts';
import { clusterFill } from '../probes/cluster-fill.ts';
import { errorShapes } from '../probes/error-shapes.ts';
import { everyNoun } from '../probes/every-noun.ts';
import { examination } from '../probes/examination.ts';
import { failedJobs } from '../probes/failed-jobs.ts';
import { newestBackups } from '../probes/newest-backups.ts';
import { nodeDisks } from '../probes/node-disks.ts';
import { nodeMemory } from '../probes/node-memory.ts';
import { nodes } from '../probes/nodes.ts';
import { quotas } from '../probes/quotas.ts';
import { restarts } from '../probes/restarts.ts';
import { teamStore } from '../probes/team-store.ts';
import { watchers } from '../probes/watchers.ts';
import { workloads } from '../probes/workloads.ts';

/** Every probe of the product at once, what the doctor finds included. */
export const fullStack: Item = {
  id: 'full-stack',
  title: 'Full stack health check',
  probes: [
    ...[examination, teamStore, workloads, nodes, restarts, watchers, errorShapes],
    ...[clusterFill, quotas, nodeDisks, nodeMemory, newestBackups, failedJobs, everyNoun],
  ],
  look: { kind: 'workload', filter: 'status=bad|warn|unknown' },
  fixes: [
    { verb: 'rollback', kinds: ['workload'] },
    { verb: 'restart', kinds: ['workload'] },
  ],
};
