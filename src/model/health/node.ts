import type { Host, Node } from '../entity.ts';
import type { Thresholds } from '../thresholds.ts';
import { bad, fullness, off, unknown, type Verdict, warn, worst } from './verdict.ts';

export function judgeNode(node: Node, limits: Thresholds): Verdict {
  if (node.ready === null) return unknown(node.stateReason ?? `state ${node.state}`);
  if (node.availability === 'drain')
    return off(node.ready ? 'drained on purpose' : `drained on purpose, and ${node.state}`);
  if (!node.ready) return bad(node.stateReason ? `${node.state}: ${node.stateReason}` : node.state);
  if (node.availability === 'pause') return off('takes no new replicas, on purpose');
  return worst([
    ...node.pressures.map(pressure => warn(pressure)),
    fullness(
      'memory',
      node.memoryUsedBytes,
      node.memoryBytes,
      limits.nodeMemoryWarnPercent,
      limits.nodeMemoryBadPercent,
    ),
    fullness('disk', node.diskUsedBytes, node.diskBytes, limits.diskWarnPercent, limits.diskBadPercent),
  ]);
}

export function judgeHost(host: Host, limits: Thresholds): Verdict {
  return worst([
    fullness(
      'memory',
      host.memoryUsedBytes,
      host.memoryBytes,
      limits.nodeMemoryWarnPercent,
      limits.nodeMemoryBadPercent,
    ),
    fullness('disk', host.diskUsedBytes, host.diskBytes, limits.diskWarnPercent, limits.diskBadPercent),
  ]);
}
