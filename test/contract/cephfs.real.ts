import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import type { CephfsOptions } from '../../src/sources/cephfs/options.ts';
import { cephfsContract } from './cephfs.contract.ts';
import { type CephfsActionsBed, cephfsActionsContract } from './cephfs-actions.contract.ts';
import { type CephfsFaults, cephfsFaultsContract } from './cephfs-faults.contract.ts';
import { handsOn } from './cephfs-hands.ts';
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
    everySeconds: 15,
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
      if (process.env.QD_CEPH_CTL) {
        cephfsFaultsContract(async () => ({ options: remote, truth, faults: faultsOf(mount) }), { remote: true });
        describe('acted upon', () =>
          cephfsActionsContract(async () => ({ options: remote, mount, ...hands(mount) }), { remote: true }));
      }
    });
  else console.log('not run: CephFS read by ssh (QD_CEPH_SSH is not given: it needs the sshd of the test bed)');

  if (process.env.QD_CEPH_CTL) {
    cephfsFaultsContract(async () => ({ options, truth, faults: faultsOf(mount) }));
    describe('acted upon', () => cephfsActionsContract(async () => ({ options, mount, ...hands(mount) })));
  } else
    console.log('not run: the faults of CephFS (QD_CEPH_CTL is not given: they need the test bed, and break no other)');
});

/** Something outside of the mount that links lead to. */
function hands(mount: string): Pick<CephfsActionsBed, 'hands' | 'close'> {
  const outside = mkdtempSync(join(tmpdir(), 'qd-outside-'));
  writeFileSync(join(outside, 'kept'), 'kept');
  const { quota, mdsGone, heal } = faultsOf(mount);
  let written = 0;
  const write = (path: string, bytes: number) => writeTo(`${path}/written-${++written}`, bytes);
  return {
    hands: handsOn(mount, outside, { quota, write, mdsGone, heal }),
    close: async () => rmSync(outside, { recursive: true }),
  };
}

/** Through to the disk; false: refused with EDQUOT. */
function writeTo(path: string, bytes: number): Promise<boolean> {
  return ctl('QD_CEPH_CTL')('write', path, String(bytes)).then(
    () => true,
    error => {
      if (/Disk quota exceeded/.test(error.message)) return false;
      throw error;
    },
  );
}

function faultsOf(mount: string): CephfsFaults {
  const bed = ctl('QD_CEPH_CTL');
  const directory = 'odoo_instances/odoo_data_acme_1a2b3c4d';
  return {
    directory,
    quota: async (path, bytes) => {
      await promisify(execFile)('setfattr', ['-n', 'ceph.quota.max_bytes', '-v', String(bytes), `${mount}/${path}`]);
    },
    write: (path, bytes) => writeTo(`${path}/written`, bytes),
    unwrite: path => bed('remove', `${path}/written`),
    osdDown: () => bed('kill', 'osd.1'),
    nearFull: () => bed('nearfull'),
    mdsGone: () => bed('kill', 'mds.a'),
    managerGone: () => bed('kill', 'mgr.x'),
    heal: () => bed('heal'),
  };
}
