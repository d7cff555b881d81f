import type { Item } from '../checklist.ts';
import { capacityOf, poolPlaces } from '../probes/capacity.ts';
import { spareNode } from '../probes/spare-node.ts';

export const capacity: Item = {
  id: 'capacity',
  title: 'Capacity',
  probes: [
    capacityOf(['storage']),
    capacityOf(['node']),
    capacityOf(['pool']),
    capacityOf(['directory']),
    poolPlaces,
    spareNode,
  ],
  look: { kind: 'pool', filter: '' },
  fixes: [],
};
