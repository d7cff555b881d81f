import type { Node } from '../../model/entity.ts';
import { fullness, percent } from '../../model/health/verdict.ts';
import { percentText } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';

/** The disks of nodes: how full, where that is told; else whether the node itself complains. */
export const nodeDisks: Probe = {
  name: 'node disks',
  needs: ['node'],
  optional: true,
  look({ fleet }) {
    const all = [...fleet.all('node').values()];
    const { diskWarnPercent, diskBadPercent } = fleet.limits;
    const shares = all.flatMap(node => shareOf(node) ?? []);
    const told = shares.length > 0 ? `, fullest ${percentText(Math.max(...shares))}` : '';
    return {
      findings: all.flatMap(node => {
        const full = fullness('disk', node.diskUsedBytes, node.diskBytes, diskWarnPercent, diskBadPercent);
        if (full.health !== 'ok') return [about(node, { health: full.health, reason: full.reason ?? '' })];
        return node.pressures.includes('DiskPressure') ? [about(node, { health: 'bad', reason: 'DiskPressure' })] : [];
      }),
      facts: [
        shares.length === 0
          ? `no disk pressure on ${all.length} nodes, how full they are is not told`
          : `node disks: ${shares.length} of ${all.length} known${told}`,
      ],
    };
  },
};

const shareOf = ({ diskUsedBytes, diskBytes }: Node) => percent(diskUsedBytes, diskBytes);
