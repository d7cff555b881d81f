import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import type { CephfsOptions } from '../../src/sources/cephfs/options.ts';
import { cephfsContract } from './cephfs.contract.ts';
import { type CephfsFaults, cephfsFaultsContract } from './cephfs-faults.contract.ts';
import { cephfsTruth } from './cephfs-truth.ts';
import { ctl } from './ctl.ts';
import { given } from './given.ts';

describe('the real CephFS', { timeout: 120_000 }, () => {
  const mount = given('QD_CEPHFS_MOUNT');
  const parents = readdirSync(mount, { withFileTypes: true })
    .filter(each => each.isDirectory())
    .map(each => each.name);
  const user = process.env.QD_CEPH_USER;
  const options: CephfsOptions = {
    kind: 'cephfs',
    mount,
    directories: parents.map(parent => `${parent}/*`),
    ...(user && { ceph: { command: ['ceph', '-n', user] } }),
  };
  const truth = () => cephfsTruth([], mount, parents);
  cephfsContract(async () => ({ options, truth }));

  const { QD_CEPH_SSH: ssh, QD_CEPH_SSH_BIN: bin, CEPH_CONF: conf } = process.env;
  if (ssh && bin && conf)
    describe('read by ssh', () => {
      beforeAll(() => void vi.stubEnv('PATH', `${bin}:${process.env.PATH}`));
      afterAll(() => void vi.unstubAllEnvs());
      const command = ['env', `CEPH_CONF=${conf}`, 'ceph', ...(user ? ['-n', user] : [])];
      const remote = { ...options, reader: { ssh }, ceph: { command } };
      cephfsContract(async () => ({ options: remote, truth }));
      if (process.env.QD_CEPH_CTL)
        cephfsFaultsContract(async () => ({ options: remote, truth, faults: faultsOf(mount) }), { remote: true });
    });
  else console.log('not run: CephFS read by ssh (QD_CEPH_SSH is not given: it needs the sshd of the test bed)');

  if (process.env.QD_CEPH_CTL) cephfsFaultsContract(async () => ({ options, truth, faults: faultsOf(mount) }));
  else
    console.log('not run: the faults of CephFS (QD_CEPH_CTL is not given: they need the test bed, and break no other)');
});

function faultsOf(mount: string): CephfsFaults {
  const bed = ctl('QD_CEPH_CTL');
  const directory = 'odoo_instances/odoo_data_acme_1a2b3c4d';
  return {
    directory,
    quota: async (path, bytes) => {
      await promisify(execFile)('setfattr', ['-n', 'ceph.quota.max_bytes', '-v', String(bytes), `${mount}/${path}`]);
    },
    write: (path, bytes) =>
      bed('write', `${path}/written`, String(bytes)).then(
        () => true,
        error => {
          if (/Disk quota exceeded/.test(error.message)) return false;
          throw error;
        },
      ),
    unwrite: path => bed('remove', `${path}/written`),
    osdDown: () => bed('kill', 'osd.1'),
    nearFull: () => bed('nearfull'),
    mdsGone: () => bed('kill', 'mds.a'),
    managerGone: () => bed('kill', 'mgr.x'),
    heal: () => bed('heal'),
  };
}
