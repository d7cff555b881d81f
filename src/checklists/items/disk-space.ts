import type { Item } from '../checklist.ts';
import { clusterFill } from '../probes/cluster-fill.ts';
import { nodeDisks } from '../probes/node-disks.ts';
import { quotas } from '../probes/quotas.ts';

export const diskSpace: Item = {
  id: 'disk-space',
  title: 'Disk space',
  probes: [clusterFill, quotas, nodeDisks],
  look: { kind: 'directory', filter: 'used>80%' },
  fixes: [{ verb: 'quota', kinds: ['directory'], input: { bytes: '+20%' } }],
};
