import { quotaReached as fill } from '../cephfs/faults.ts';
import { type Scenario, word } from './scenario.ts';

export const quotaReached: Scenario = {
  name: 'quota-reached',
  title: "a tenant's directory is full to its quota (initech)",
  seconds: null,
  start({ world: { storage, shape } }, options) {
    const name = word(options, 'database', 'initech');
    const path = shape.instances.find(each => each.databaseName === name)?.directory;
    const before = path ? storage.directory(path)?.usedBytes : undefined;
    if (!path || before === undefined) throw new RangeError(`there is no tenant ${name}`);
    fill(storage, path);
    return () => {
      storage.setUsage(path, before);
    };
  },
};
