import { chown } from 'node:fs/promises';
import { execa } from 'execa';

/** As whom the servers run: PostgreSQL refuses to run as root. */
export interface Account {
  /** What stands before every command line. */
  prefix: string[];
  /** Options for the child process. */
  ids: { uid?: number; gid?: number };
  /** Their files belong to somebody else than us, who cannot pass folders of mode 0700. */
  foreign: boolean;
}

/** `nobody` and its group, by number: their names differ between systems. */
const NOBODY = 65_534;
const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

/**
 * Ourselves when we are not root. As root, a user namespace in which root is called nobody: the same rights to the
 * same files, and no account is made. Where the system refuses that, nobody itself.
 */
export async function chooseAccount({ isRoot = process.getuid?.() === 0, namespaces = true } = {}): Promise<Account> {
  if (!isRoot) return { prefix: [], ids: {}, foreign: false };
  const [command = '', ...args] = NAMESPACE;
  const tried = namespaces && (await execa(command, [...args, 'true'], { reject: false, timeout: 2_000 }));
  if (tried && tried.exitCode === 0) return { prefix: NAMESPACE, ids: {}, foreign: false };
  return { prefix: [], ids: { uid: NOBODY, gid: NOBODY }, foreign: true };
}

/** Gives a file or folder of ours to the account. */
export async function handOver({ ids: { uid, gid } }: Account, path: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}
