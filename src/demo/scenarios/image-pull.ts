import { release } from '../controller/kubernetes/genesis.ts';
import { NAMESPACE } from '../shape.ts';
import { type Scenario, word } from './scenario.ts';

export const imagePull: Scenario = {
  name: 'image-pull',
  title: 'a release names an image that was never pushed (frontend-service)',
  seconds: 300,
  start({ world: { cluster } }, options) {
    const name = word(options, 'workload', 'frontend-service');
    const before = cluster.store.get('deployments', NAMESPACE, name)?.spec.template.spec.containers[0]?.image;
    if (!before) throw new RangeError(`there is no deployment ${name}`);
    const missing = before.replace(/(:[^:/]*)?$/, ':2026.12-missing');
    release(cluster, name, missing);
    return () => {
      const now = cluster.store.get('deployments', NAMESPACE, name)?.spec.template.spec.containers[0]?.image;
      // Somebody may have rolled it back already.
      if (now === missing) release(cluster, name, before);
    };
  },
};
