import { loseNode, returnNode } from '../controller/kubernetes/nodes.ts';
import { type Scenario, word } from './scenario.ts';

/** A machine is a node of both systems, and both lose it. */
export const nodeLoss: Scenario = {
  name: 'node-loss',
  title: 'a node falls silent (vps-2)',
  seconds: 180,
  start({ world: { cluster, swarm }, engines, docker }, options) {
    const name = word(options, 'node', 'vps-2');
    if (!cluster.store.get('nodes', undefined, name)) throw new RangeError(`there is no node ${name}`);
    loseNode(cluster, name);
    swarm.loseNode(name);
    const engine = engines.get(name);
    // The manager's stands for all managers: the swarm is still asked through it.
    if (engine !== docker) engine?.gate.freeze();
    return () => {
      returnNode(cluster, name);
      swarm.returnNode(name);
      if (engine !== docker) engine?.gate.thaw();
    };
  },
};
