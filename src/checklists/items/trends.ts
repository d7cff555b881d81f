import type { Item } from '../checklist.ts';
import { growingWorkloads } from '../probes/growing-workloads.ts';
import { trendsOf } from '../probes/trends.ts';

export const trends: Item = {
  id: 'trends',
  title: 'Resource usage trends',
  probes: [trendsOf(['node']), trendsOf(['pool']), trendsOf(['storage', 'directory']), growingWorkloads],
  look: { kind: 'node', filter: '' },
  fixes: [{ verb: 'set-resources', kinds: ['workload'] }],
};
