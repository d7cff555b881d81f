import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMounts } from '../../../src/sources/cephfs/mounts.ts';

const FUSE =
  '43 27 0:39 / /mnt/cephfs rw,nosuid,nodev,relatime - fuse.ceph-fuse ceph-fuse rw,user_id=0,group_id=0,allow_other';

describe('the CephFS mounts of this machine', () => {
  it('are found by their type', () => {
    const text = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n${FUSE}\n`;
    expect(findMounts(text)).toEqual([{ mount: '/mnt/cephfs', type: 'fuse.ceph-fuse', fileSystem: null }]);
  });

  it.each([
    ['10.0.0.1:6789,10.0.0.2:6789:/ rw,name=admin,mds_namespace=saasodoo_fs,acl', 'saasodoo_fs'],
    ['10.0.0.1:/ rw,fs=other', 'other'],
    ['admin@0e55731a-9e9f-46e9-a456-af7bda35bb59.web=/sub rw,ms_mode=prefer-crc', 'web'],
    ['10.0.0.1:/ rw,name=admin', null],
  ])('name their file system where the kernel tells it: %s', (rest, fileSystem) => {
    const text = `50 27 0:44 / /srv/a\\040b rw shared:4 master:1 - ceph ${rest}`;
    expect(findMounts(text)).toEqual([{ mount: '/srv/a b', type: 'ceph', fileSystem }]);
  });

  it('are not told when something else is mounted on top', () => {
    expect(findMounts(`${FUSE}\n60 43 0:50 / /mnt/cephfs rw - tmpfs none rw`)).toEqual([]);
  });

  it('are not seen in garbage', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(findMounts(text)).toEqual([]);
      }),
    );
  });
});
