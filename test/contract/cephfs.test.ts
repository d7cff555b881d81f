import { describe } from 'vitest';
import type { DemoPlatform } from '../../src/demo/platform.ts';
import { cephfsContract } from './cephfs.contract.ts';
import { cephfsActionsContract } from './cephfs-actions.contract.ts';
import { type CephfsFaults, cephfsFaultsContract } from './cephfs-faults.contract.ts';
import { handsIn } from './cephfs-hands.ts';
import { cephfsTruth } from './cephfs-truth.ts';
import { embedded, optionsOf } from './embedded.ts';

// Each of its processes is a Node: on a busy machine a reading takes seconds.
describe('the embedded CephFS', { timeout: 60_000 }, () => {
  cephfsContract(async () => bedOf(await embedded({ scenario: 'still' })));

  cephfsFaultsContract(async () => {
    const platform = await embedded({ scenario: 'still' });
    return { ...bedOf(platform), faults: faultsOf(platform) };
  });

  describe('acted upon', () =>
    cephfsActionsContract(async () => {
      const platform = await embedded({ scenario: 'still' });
      const { options, close } = bedOf(platform);
      return { options, close, mount: options.mount, hands: handsIn(platform) };
    }));
});

function bedOf(platform: DemoPlatform) {
  const given = optionsOf(platform, 'cephfs');
  const options = { ...given, directories: ['odoo_instances/*', 'postgres_pools/*'] };
  const before = given.reader && 'command' in given.reader ? given.reader.command : [];
  const truth = () => cephfsTruth(before, given.mount, ['odoo_instances', 'postgres_pools']);
  return { options, truth, close: () => platform.close() };
}

/** Nobody can mount the embedded file system: its storage is told what a writer would do. */
function faultsOf({ world, cephfs }: DemoPlatform): CephfsFaults {
  const { storage, shape } = world;
  const [tenant] = shape.instances;
  const at = (path: string) => `${storage.mount}/${path}`;
  const written = new Map<string, number>();
  const osds = [...storage.osds];
  return {
    directory: tenant?.directory.slice(storage.mount.length + 1) ?? '',
    quota: async (path, bytes) => void storage.setQuota(at(path), bytes || null),
    async write(path, bytes) {
      const taken = storage.write(at(path), bytes) ?? 0;
      written.set(path, (written.get(path) ?? 0) + taken);
      return taken === bytes;
    },
    async unwrite(path) {
      const used = storage.directory(at(path))?.usedBytes ?? 0;
      storage.setUsage(at(path), used - (written.get(path) ?? 0));
      written.delete(path);
    },
    osdDown: async () => void cephfs.daemons.osdsDown.add(1),
    nearFull: async () => void storage.osds.fill(0.86),
    async mdsGone() {
      storage.mdsGone = true;
    },
    async managerGone() {
      cephfs.daemons.managerGoneSince = Date.now();
    },
    async heal() {
      storage.mdsGone = false;
      storage.osds.splice(0, osds.length, ...osds);
      cephfs.daemons.osdsDown.clear();
      cephfs.daemons.managerGoneSince = null;
    },
  };
}
