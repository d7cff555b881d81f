import { join } from 'node:path/posix';
import { printable } from '../../model/printable.ts';
import type { Source } from '../source.ts';
import { createClient, pathOf } from './client.ts';
import { ClusterWatch } from './cluster-watch.ts';
import { MountWatch } from './mount-watch.ts';
import type { CephfsOptions } from './options.ts';
import { type Pace, usualPace } from './pace.ts';
import { openReader } from './reader.ts';

export { type CephMount, findMounts } from './mounts.ts';

/**
 * Watches a CephFS: directories with their quotas, and backups, through the mount; the cluster through `ceph`. The two
 * live apart: a dead mount still has a cluster that says why. Nothing in this process ever touches the mount, where any
 * call may hang for ever: only children do. Its client changes directories: client.ts.
 *
 * @param pace for tests, which are in a hurry
 */
export function createCephfs(name: string, options: CephfsOptions, pace: Partial<Pace> = {}): Source {
  const { directories, backups, ceph, fileSystem } = options;
  const path = options.mount.replace(/(?<=.)\/+$/, '');
  const reader = openReader(options.reader);
  const where = printable(reader.where(path));
  const times = { ...usualPace(options.everySeconds, reader.remote), ...pace };
  const folder = backups && {
    source: name,
    directory: backups.directory.startsWith('/') ? backups.directory : join(path, backups.directory),
    pattern: new RegExp(backups.pattern),
  };
  const mount = new MountWatch(
    { source: name, path, where, remote: reader.remote, directories, backups: folder ?? null },
    reader.run,
    times,
  );
  const asked = { source: name, on: where, command: ceph ? ceph.command : ['ceph'], fileSystem: fileSystem ?? null };
  const cluster = ceph === false ? null : new ClusterWatch(asked, reader.run, times.clusterEveryMs);
  const stopping = new AbortController();
  const client = createClient({
    root: path,
    where: reader.where,
    run: mount.run,
    change: reader.change,
    flags: reader.flags,
    trouble: () => mount.trouble,
    written: () => mount.lookAgain(),
  });

  return {
    name,
    kind: 'cephfs',
    get requests() {
      return mount.requests + (cluster?.requests ?? 0);
    },
    start(sink) {
      sink.state({ target: fileSystem ? `${where} · ${printable(fileSystem)}` : where });
      mount.start(sink, stopping.signal);
      if (cluster) cluster.start(sink, stopping.signal);
      else {
        const trouble = { what: 'ask ceph', on: where, why: 'switched off by ceph: false', fix: null };
        sink.coverage('storage', { state: 'absent', trouble });
      }
    },
    async stop() {
      stopping.abort();
      await reader.close();
    },
    client: () => client,
    pathOf(kind, id) {
      const relative = kind === 'directory' ? mount.relativeOf(id) : null;
      return relative === null ? null : pathOf(relative);
    },
    missing: () => mount.missing,
    async raw(kind, id, signal) {
      const ending = AbortSignal.any([signal, stopping.signal]);
      return kind === 'storage' ? await cluster?.raw(ending) : await mount.raw(kind, id, ending);
    },
  };
}
