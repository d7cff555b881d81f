import { readdirSync } from 'node:fs';
import { describe } from 'vitest';
import { cephfsContract } from './cephfs.contract.ts';
import { cephfsTruth } from './cephfs-truth.ts';
import { given } from './given.ts';

describe('the real CephFS', () => {
  const mount = given('QD_CEPHFS_MOUNT');
  const parents = readdirSync(mount, { withFileTypes: true })
    .filter(each => each.isDirectory())
    .map(each => each.name);
  cephfsContract(async () => ({
    options: { kind: 'cephfs', mount, directories: parents.map(parent => `${parent}/*`) },
    truth: () => cephfsTruth([], mount, parents),
  }));
});
