import { withoutOctal } from './octal.ts';
/** A CephFS that is mounted on this machine. */
export interface CephMount {
  mount: string;
  type: 'ceph' | 'fuse.ceph-fuse';
  /** The file system's name, where the mount tells it. */
  fileSystem: string | null;
}

/**
 * The CephFS mounts in the text of /proc/self/mountinfo, the ones on top only. Reading that text never asks the mount
 * itself, which may hang. (proc_pid_mountinfo(5); mount.ceph(8): `name@fsid.fs=/path`, options `fs` and `mds_namespace`.)
 */
export function findMounts(mountinfo: string): CephMount[] {
  const found = new Map<string, CephMount>();
  for (const line of mountinfo.split('\n')) {
    const [fields = '', system = ''] = line.split(' - ');
    const point = fields.split(' ')[4];
    const [type, device = '', options = ''] = system.split(' ');
    if (point === undefined || type === undefined) continue;
    const mount = withoutOctal(point);
    found.delete(mount);
    if (type !== 'ceph' && type !== 'fuse.ceph-fuse') continue;
    const named = /(?:^|,)(?:fs|mds_namespace)=([^,]+)/.exec(options) ?? /@[^.=]*\.([^=]+)=/.exec(device);
    found.set(mount, { mount, type, fileSystem: named?.[1] ? withoutOctal(named[1]) : null });
  }
  return [...found.values()];
}
