import { fullness, percent } from '../../model/health/verdict.ts';
import { percentText } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';

/** The memory of nodes that are to run something: how full, where that is told. */
export const nodeMemory: Probe = {
  name: 'node memory',
  needs: ['node'],
  optional: true,
  look({ fleet }) {
    const meant = [...fleet.all('node').values()].filter(({ ready, health }) => ready === true && health !== 'off');
    const { nodeMemoryWarnPercent, nodeMemoryBadPercent } = fleet.limits;
    const shares = meant.flatMap(node => percent(node.memoryUsedBytes, node.memoryBytes) ?? []);
    return {
      findings: meant.flatMap(node => {
        const { memoryUsedBytes, memoryBytes } = node;
        const full = fullness('memory', memoryUsedBytes, memoryBytes, nodeMemoryWarnPercent, nodeMemoryBadPercent);
        return full.health === 'ok' ? [] : [about(node, { health: full.health, reason: full.reason ?? '' })];
      }),
      facts: shares.length > 0 ? [`node memory: fullest ${percentText(Math.max(...shares))}`] : [],
    };
  },
};
