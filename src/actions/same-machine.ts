import type { Fleet } from '../fleet/fleet.ts';
import type { Node } from '../model/entity.ts';
import { counted } from './room.ts';

/** That the machine of a node is one of another system as well, by its name or address: what it runs there stays. */
export function onSameMachine(node: Node, fleet: Fleet): string[] {
  const isSame = ({ name, address }: Node) =>
    name.toLowerCase() === node.name.toLowerCase() || (address !== null && address === node.address);
  return [...fleet.all('node').values()]
    .filter(other => other.source !== node.source && isSame(other))
    .flatMap(other => {
      const here = fleet.replicasOn(other.id).filter(({ wanted }) => wanted === 'running').length;
      if (here === 0) return [];
      const what = counted(here, other.system === 'swarm' ? 'task' : 'pod');
      return `this machine is also ${other.name} of ${other.source}: ${what} there ${here === 1 ? 'stays' : 'stay'}`;
    });
}
