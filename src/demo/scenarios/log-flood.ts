import type { Complaint } from '../log-lines.ts';
import { NAMESPACE } from '../shape.ts';
import { type Scenario, word } from './scenario.ts';

/** Some 120 characters, as a line of an access log has. */
const PADDING = 'GET /api/v1/instances?customer=8f0c2d1e&status=running HTTP/1.1 200 1834 12 ms keep-alive';

/** `with: {workload: saasodoo_redis, lines: 4000, everyMs: 2000}`: so many lines at once, and how often. */
export const logFlood: Scenario = {
  name: 'log-flood',
  title: 'a workload writes 10,000 numbered lines a second (user-service)',
  seconds: 60,
  start({ world: { cluster, swarm, timeline } }, options) {
    const name = word(options, 'workload', 'user-service');
    const inCluster = cluster.store.get('deployments', NAMESPACE, name) !== null;
    if (!inCluster && !swarm.store.list('service').some(each => each.Spec.Name === name)) {
      throw new RangeError(`there is no workload ${name}`);
    }
    const { complaints } = inCluster ? cluster : swarm;
    const flood: Complaint = {
      from: timeline.now,
      everyMs: Number(word(options, 'everyMs', '20')),
      lines: Number(word(options, 'lines', '200')),
      text: (random, number) => `line ${String(number).padStart(8, '0')} ${random.hex(8)} ${PADDING}`,
    };
    complaints.set(name, flood);
    // What was written stays in the log.
    return () => {
      flood.until = timeline.now;
    };
  },
};
