import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ATTRIBUTES = ['ceph.dir.rbytes', 'ceph.dir.rfiles', 'ceph.quota.max_bytes', 'ceph.quota.max_files'] as const;

export interface CephfsTruth {
  /** Of each directory below the watched ones: its path, then what getfattr prints for ATTRIBUTES, "0" where it has none. */
  directories: string[][];
  cluster: { status: string; osds: number; up: number; totalBytes: number };
}

interface Status {
  health: { status: string };
  osdmap: { num_osds: number; num_up_osds: number };
  pgmap: { bytes_total: number };
}

/**
 * What find, getfattr and ceph print.
 *
 * @param before what goes before them in the argument list
 * @param parents below the mount: the directories one level under them
 */
export async function cephfsTruth(before: string[], mount: string, parents: string[]): Promise<CephfsTruth> {
  const [program = 'env', ...first] = before;
  const say = async (...argv: string[]) => {
    const env = { ...process.env, LC_ALL: 'C' };
    // getfattr exits with 1 where one of several paths lacks the attribute, and prints the others.
    const { stdout } = await run(program, [...first, ...argv], { env }).catch(error => error as { stdout?: string });
    if (stdout === undefined) throw new Error(`${argv[0]} does not run`);
    return stdout;
  };
  const at = parents.map(parent => `${mount}/${parent}`);
  const found = await say('find', ...at, '-mindepth', '1', '-maxdepth', '1', '-type', 'd', '-printf', '%i %p\\0');
  const paths = found
    .split('\0')
    .filter(entry => entry !== '')
    .map(entry => entry.slice(entry.indexOf(' ') + 1));
  const told = await Promise.all(
    ATTRIBUTES.map(async name => pairs(await say('getfattr', '--absolute-names', '-n', name, '--', ...paths))),
  );
  const status: Status = JSON.parse(await say('ceph', 'status', '-f', 'json'));
  return {
    directories: paths.map(path => [path, ...told.map(values => values.get(path) ?? '0')]),
    cluster: {
      status: status.health.status,
      osds: status.osdmap.num_osds,
      up: status.osdmap.num_up_osds,
      totalBytes: status.pgmap.bytes_total,
    },
  };
}

/** `# file: PATH`, then `NAME="VALUE"`. */
function pairs(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^# file: (.*)\n[^=]+="(.*)"$/gm)].map(([, path = '', value = '']) => [path, value]),
  );
}
