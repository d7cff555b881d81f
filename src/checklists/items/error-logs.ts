import type { Item } from '../checklist.ts';
import { errorShapes } from '../probes/error-shapes.ts';

export const errorLogs: Item = {
  id: 'error-logs',
  title: 'Review error logs',
  probes: [errorShapes],
  look: { kind: 'workload', filter: '' },
  fixes: [
    { verb: 'rollback', kinds: ['workload'] },
    { verb: 'restart', kinds: ['workload'] },
  ],
};
