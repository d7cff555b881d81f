import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CephFsDemo, serveCephFs } from '../../../src/demo/cephfs/serve.ts';
import { Storage } from '../../../src/demo/controller/storage.ts';
import { lastNight, type Shape, shapeOf } from '../../../src/demo/shape.ts';
import { Timeline } from '../../../src/demo/timeline.ts';

export const START = Date.UTC(2026, 10, 23, 14, 3);
const COMMAND = [process.execPath, fileURLToPath(new URL('answer-main.ts', import.meta.url))];

/** A command that was run on a real CephFS (Ceph 16.2.15, ceph-fuse, LC_ALL=C), and what it said. */
export interface Recorded {
  argv: string[];
  code: number;
  stdout: string;
  stderr: string;
}

export const RECORDED: Recorded[] = JSON.parse(readFileSync(new URL('fixtures/real.json', import.meta.url), 'utf8'));

export interface Bed {
  storage: Storage;
  timeline: Timeline;
  demo: CephFsDemo;
}

/** An embedded file system at the same moment each time. */
export async function bedOf({
  shape = shapeOf(),
  still = false,
}: {
  shape?: Shape;
  still?: boolean;
} = {}): Promise<Bed> {
  const timeline = new Timeline(START);
  const storage = new Storage(shape, timeline, { still, backupsFrom: lastNight(START) });
  const demo = await serveCephFs({ storage, seed: shape.seed, still, command: COMMAND, now: () => timeline.now });
  return { storage, timeline, demo };
}

/** The storage as it was when RECORDED was recorded. */
export function recordedStorage(): Storage {
  const at = (
    path: string,
    usedBytes: number,
    files: number,
    directories: number,
    quotaBytes: number | null = null,
  ) => ({
    ...{ path: `/mnt/cephfs/${path}`, usedBytes, files, directories, quotaBytes },
    ...{ growthBytesPerDay: 0, changedAgoSeconds: 0 },
  });
  const tenant = (name: string, megabytes: number) =>
    at(`odoo_instances/odoo_data_odoo_${name}`, megabytes * 1_100_000 + 6, 4, 4, 10_485_760);
  const directories = [
    at('postgres_data', 500_000, 1, 1),
    ...['rabbitmq_data', 'prometheus_data', 'killbill_db_data', 'pgadmin_data', 'redis_data', 'docker-registry'].map(
      name => at(name, 0, 0, 1),
    ),
    at('odoo_backups', 990_027, 26, 2),
    at('postgres_pools', 3_000_000, 1, 2),
    at('postgres_pools/pool-1', 3_000_000, 1, 1),
    at('odoo_instances', 39_610_048, 33, 33),
    ...[tenant('umbrella_b74012a0', 4), tenant('globex_dcb2665d', 2), tenant('tyrell_7ec8ce41', 8)],
    ...[tenant('initech_f703942b', 3), tenant('hooli_60a9cc3a', 5), tenant('wayne_43dd5461', 7)],
    ...[tenant('stark_2fbb71b0', 6), tenant('acme_53bce4f1', 1)],
  ];
  const backup = { databaseName: 'odoo_initech', afterTwoSeconds: 0, databaseBytes: 40_000, dataBytes: 90_000 };
  const shape = { ...shapeOf({ calm: true }), directories, backups: [backup] };
  return new Storage(shape, new Timeline(START), { backupsFrom: Date.UTC(2026, 10, 21, 2) });
}
