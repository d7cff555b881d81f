import { NAMESPACE } from '../shape.ts';
import { type Scenario, word } from './scenario.ts';

/** `with: {workload: saasodoo_redis}` for a service of the swarm. */
export const crashLoop: Scenario = {
  name: 'crash-loop',
  title: 'a workload ends again and again (billing-service)',
  seconds: 300,
  start({ world: { cluster, swarm } }, options) {
    const name = word(options, 'workload', 'billing-service');
    const lastLine = 'sqlalchemy.exc.OperationalError: could not translate host name "postgres" to address';
    const crash = { exitCode: 1, afterMs: 2_500, lastLine };
    if (cluster.store.get('deployments', NAMESPACE, name) || cluster.store.get('statefulsets', NAMESPACE, name)) {
      cluster.setFault(name, { kind: 'crash', crash });
      return () => cluster.setFault(name, null);
    }
    if (!swarm.store.list('service').some(each => each.Spec.Name === name)) {
      throw new RangeError(`there is no workload ${name}`);
    }
    swarm.setFault(name, { crash, unhealthy: false });
    return () => swarm.setFault(name, null);
  },
};
