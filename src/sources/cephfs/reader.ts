import { join } from 'node:path/posix';
import type { Exec } from '../exec-read.ts';
import { runLocal } from '../run-local.ts';
import { openSsh } from '../run-ssh.ts';
import { type Change, permitted, type Run } from '../runner.ts';
import type { CephfsOptions } from './options.ts';

/** Where the commands run that touch the mount. */
export interface Reader {
  run: Run;
  change: Change;
  /** What would bring an operator to where they run: `ssh web-1`. */
  flags: readonly string[];
  /** As an operator would say it: `/mnt/cephfs`, `web-1:/mnt/cephfs`. */
  where(path: string): string;
  /** A connection stands between us and the commands, and may be what is silent. */
  remote: boolean;
  close(): Promise<void>;
}

/** Nothing is connected before the first command. */
export function openReader(reader: CephfsOptions['reader']): Reader {
  if (reader === undefined) return here(runLocal);
  if ('command' in reader) return here((argv, options) => runLocal([...reader.command, ...argv], options));
  if ('ssh' in reader) {
    const { run, close } = openSsh(reader.ssh);
    const flags = ['ssh', reader.ssh];
    return { run, change: permitted(run), flags, where: path => `${reader.ssh}:${path}`, remote: true, close };
  }
  if ('pod' in reader) {
    const { pod } = reader;
    const at = join(pod.namespace, pod.pod ?? pod.selector ?? '');
    return inside(at, async () => (await import('../exec-read.ts')).execInPod(pod));
  }
  return inside(reader.service, async () => (await import('../exec-read.ts')).execInContainer(reader));
}

function here(run: Run): Reader {
  return { run, change: permitted(run), flags: [], where: path => path, remote: false, close: nothing };
}

/** What a remote runner needs is loaded at the first command only. */
function inside(name: string, open: () => Promise<Exec>): Reader {
  let opened: Promise<Exec> | null = null;
  const exec = async () => {
    opened ??= open();
    return await opened;
  };
  return {
    run: async (argv, options) => (await exec()).run(argv, options),
    change: async (permit, argv, options) => (await exec()).change(permit, argv, options),
    flags: [],
    where: path => `${name}:${path}`,
    remote: true,
    close: nothing,
  };
}

async function nothing() {}
