import { join } from 'node:path/posix';
import type { Exec } from '../exec-read.ts';
import { openShells } from '../lasting-shell.ts';
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
  if (reader === undefined) return here([]);
  if ('command' in reader) return here(reader.command);
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

/** @param before what goes before each command */
function here(before: readonly string[]): Reader {
  const shells = openShells();
  const after =
    (run: Run): Run =>
    (argv, options) =>
      run([...before, ...argv], options);
  return {
    run: after(shells.run),
    // A change is a child of its own: nothing that went before it, or comes after it, has to do with it.
    change: permitted(after(runLocal)),
    flags: [],
    where: path => path,
    remote: false,
    close: async () => shells.close(),
  };
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
