import { backupEmpty as empty } from '../cephfs/faults.ts';
import { type Scenario, word } from './scenario.ts';

export const backupEmpty: Scenario = {
  name: 'backup-empty',
  title: "a tenant's last backup turns out to have no data (stark)",
  seconds: null,
  start({ world: { storage } }, options) {
    const name = word(options, 'database', 'stark');
    if (!empty(storage, name)) throw new RangeError(`there is no backup of ${name}`);
    return null;
  },
};
