import type { Item } from '../checklist.ts';
import { instanceRecords } from '../probes/instance-records.ts';
import { undocumented } from '../probes/undocumented.ts';
import { vanished } from '../probes/vanished.ts';

/** What is written down against what is really there. */
export const documentation: Item = {
  id: 'documentation',
  title: 'Documentation',
  probes: [undocumented, vanished, instanceRecords],
  look: { kind: 'workload', filter: '' },
  fixes: [],
};
