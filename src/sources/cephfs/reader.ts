import { join } from 'node:path/posix';
import { runLocal } from '../run-local.ts';
import { openSsh } from '../run-ssh.ts';
import type { Run } from '../runner.ts';
import type { CephfsOptions } from './options.ts';

/** Where the commands run that touch the mount. */
export interface Reader {
  run: Run;
  /** As an operator would say it: `/mnt/cephfs`, `web-1:/mnt/cephfs`. */
  where(path: string): string;
  /** A connection stands between us and the commands, and may be what is silent. */
  remote: boolean;
  close(): Promise<void>;
}

/** Nothing is connected before the first command. */
export function openReader(reader: CephfsOptions['reader']): Reader {
  if (reader === undefined) return { run: runLocal, where: path => path, remote: false, close: nothing };
  if ('command' in reader) {
    const run: Run = (argv, options) => runLocal([...reader.command, ...argv], options);
    return { run, where: path => path, remote: false, close: nothing };
  }
  if ('ssh' in reader) {
    const { run, close } = openSsh(reader.ssh);
    return { run, where: path => `${reader.ssh}:${path}`, remote: true, close };
  }
  if ('pod' in reader) {
    const { pod } = reader;
    const run = once(async () => (await import('../exec-read.ts')).runInPod(pod));
    return {
      run,
      where: path => `${join(pod.namespace, pod.pod ?? pod.selector ?? '')}:${path}`,
      remote: true,
      close: nothing,
    };
  }
  const { service } = reader;
  const run = once(async () => (await import('../exec-read.ts')).runInContainer(reader));
  return { run, where: path => `${service}:${path}`, remote: true, close: nothing };
}

async function nothing() {}

/** Loads what a remote runner needs at the first command only. */
function once(open: () => Promise<Run>): Run {
  let opened: Promise<Run> | null = null;
  return async (argv, options) => {
    opened ??= open();
    return (await opened)(argv, options);
  };
}
