import { readFile } from 'node:fs/promises';
import { printable } from '../model/printable.ts';
import { findMounts } from '../sources/cephfs/mounts.ts';
import type { Findings } from './found.ts';

/** The CephFS mounts of this machine, from the kernel's own list: a mount that hangs is never touched. */
export async function findCephfs(mountinfo = '/proc/self/mountinfo'): Promise<Findings> {
  // Only Linux has that list, and a kernel without CephFS has none of its mounts.
  const text = await readFile(mountinfo, 'utf8').catch(() => '');
  const mounts = findMounts(text);
  return {
    found: mounts.map(({ mount, fileSystem }, at) => ({
      kind: 'cephfs',
      name: at === 0 ? 'cephfs' : `cephfs-${at + 1}`,
      title: `CephFS at ${printable(mount)}`,
      note: fileSystem ? `file system ${printable(fileSystem)}` : null,
      options: { kind: 'cephfs', mount, ...(fileSystem && { fileSystem }), directories: ['*'] },
      isDefault: true,
    })),
    passed: [],
  };
}
