import { describe } from 'vitest';
import { cephfsContract } from './cephfs.contract.ts';
import { cephfsTruth } from './cephfs-truth.ts';
import { embedded, optionsOf } from './embedded.ts';

describe('the embedded CephFS', () => {
  cephfsContract(async () => {
    const platform = await embedded({ scenario: 'still' });
    const given = optionsOf(platform, 'cephfs');
    const options = { ...given, directories: ['odoo_instances/*', 'postgres_pools/*'] };
    const before = given.reader && 'command' in given.reader ? given.reader.command : [];
    const truth = () => cephfsTruth(before, given.mount, ['odoo_instances', 'postgres_pools']);
    return { options, truth, close: () => platform.close() };
  });
});
