import { backupEmpty } from '../cephfs/faults.ts';
import type { World } from '../world.ts';
import type { Scenario } from './scenario.ts';

/** So long ago the two began that are seen in the past. */
const BEGAN_MS = 40 * 60_000;
/** Neither is restarted by what happens on the platform anyway, and no backup of these tenants mends the last one. */
const CRASHING = 'database-worker';
const COMPLAINING = 'odoo-globex';
const EMPTY = 'tyrell';
const FULL = 'cyber';

/** One finding for each item of the daily checklist, and nothing else that is not well. */
export const dailyFour: Scenario = {
  name: 'daily-four',
  title: 'for the daily checklist: a crash loop, a new error, a quota, an empty backup',
  seconds: null,
  preset: 'calm',
  past: world => world.timeline.at(world.startedAt - BEGAN_MS, () => begin(world)),
  start({ world }) {
    const { storage, shape, cluster } = world;
    const full = shape.instances.find(({ databaseName }) => databaseName === FULL);
    if (!full) throw new RangeError(`there is no tenant ${FULL}`);
    const before = storage.directory(full.directory)?.usedBytes ?? 0;
    storage.setUsage(full.directory, full.storageLimitBytes * 0.97);
    backupEmpty(storage, EMPTY);
    if (!cluster.faults.has(CRASHING)) begin(world);
    return () => {
      storage.setUsage(full.directory, before);
      cluster.setFault(CRASHING, null);
      cluster.complaints.clear();
    };
  },
};

function begin({ cluster, shape, timeline }: World): void {
  // Out of memory as soon as it starts: it has no time to say a word.
  cluster.setFault(CRASHING, { kind: 'crash', crash: { exitCode: 137, afterMs: 400, lastLine: '' } });
  const tenant = shape.instances.find(({ serviceName }) => serviceName.startsWith(`${COMPLAINING}-`));
  if (!tenant) throw new RangeError(`there is no tenant ${COMPLAINING}`);
  cluster.complaints.set(tenant.serviceName, {
    from: timeline.now,
    everyMs: 11_300,
    text: random =>
      `ERROR odoo_globex odoo.addons.mail: message <${random.uuid()}> to "customer-${random.integer(1, 900)}" was refused: 550 mailbox ${random.integer(100, 999)} unavailable`,
  });
}
