import type { Node } from '../../model/entity.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';

/** Every node ready, but for those that were drained on purpose. How full they are is another matter. */
export const nodes: Probe = {
  name: 'nodes',
  needs: ['node'],
  look({ fleet }) {
    const all = [...fleet.all('node').values()];
    const meant = all.filter(({ health }) => health !== 'off');
    const drained = all.length - meant.length;
    return {
      findings: meant.filter(node => !isWell(node)).map(node => about(node, stateOf(node))),
      facts: [
        `${meant.filter(({ ready }) => ready).length} of ${meant.length} nodes ready`,
        ...(drained > 0 ? [`${drained} drained on purpose`] : []),
      ],
    };
  },
};

const isWell = ({ ready, pressures }: Node) => ready === true && pressures.length === 0;

function stateOf({ ready, state, stateReason, pressures }: Node) {
  if (ready === null) return { health: 'unknown' as const, reason: stateReason ?? `state ${state}` };
  if (!ready) return { health: 'bad' as const, reason: stateReason ? `${state}: ${stateReason}` : state };
  return { health: 'warn' as const, reason: pressures.join(', ') };
}
