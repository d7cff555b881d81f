import { loseNode, returnNode } from '../controller/kubernetes/nodes.ts';
import { type Scenario, word } from './scenario.ts';

/** `with: {node: vps-3}` for one of the swarm. */
export const nodeLoss: Scenario = {
  name: 'node-loss',
  title: 'a node falls silent (worker-2)',
  seconds: 180,
  start({ world: { cluster, swarm, shape } }, options) {
    const name = word(options, 'node', 'worker-2');
    const isSwarm = shape.nodes.some(each => each.name === name && each.system === 'swarm');
    if (isSwarm) swarm.loseNode(name);
    else if (cluster.store.get('nodes', undefined, name)) loseNode(cluster, name);
    else throw new RangeError(`there is no node ${name}`);
    return () => (isSwarm ? swarm.returnNode(name) : returnNode(cluster, name));
  },
};
