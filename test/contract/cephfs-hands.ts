import { existsSync } from 'node:fs';
import { link, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import type { DemoPlatform } from '../../src/demo/platform.ts';
import type { Hands } from './cephfs-actions.contract.ts';

type Rest = Pick<Hands, 'quota' | 'write' | 'mdsGone' | 'heal'>;

/** On a mount of this machine. */
export function handsOn(mount: string, outside: string, rest: Rest): Hands {
  const at = (path: string) => `${mount}/${path}`;
  const kept = `${outside}/kept`;
  return {
    directory: async path => void (await mkdir(at(path), { recursive: true })),
    file: (path, bytes) => writeFile(at(path), Buffer.alloc(bytes)),
    link: (path, target) => symlink(target, at(path)),
    hardLink: (path, of) => link(at(of), at(path)),
    unreadableName: directory =>
      writeFile(Buffer.concat([Buffer.from(`${at(directory)}/`), Buffer.from([0xff, 0xfe, 0x0a])]), 'x'),
    rename: (from, to) => rename(at(from), at(to)),
    remove: path => rm(at(path), { recursive: true, force: true }),
    names: path =>
      readdir(at(path)).catch(error => {
        if (error.code === 'ENOENT') return null;
        throw error;
      }),
    outside,
    isOutsideIntact: async () => existsSync(kept),
    ...rest,
  };
}

/** In the embedded file system, which nobody can write to from outside but by what is tested. */
export function handsIn({ world }: DemoPlatform): Hands {
  const { storage } = world;
  const at = (path: string) => `${storage.mount}/${path}`;
  let written = 0;
  const totalOf = (path: string): number =>
    storage.made.in(path).reduce((sum, each) => sum + each.bytes + totalOf(each.path), 0);
  return {
    directory: async path => storage.make(at(path), 'd'),
    file: async (path, bytes) => storage.make(at(path), 'f', { bytes }),
    link: async (path, target) => storage.make(at(path), 'l', { target }),
    hardLink: async (path, of) => storage.make(at(path), 'f', { inode: storage.made.at(at(of))?.inode ?? 0 }),
    unreadableName: async directory => storage.make(`${at(directory)}/\ufffd\ufffd\n`, 'f', { bytes: 1 }),
    rename: async (from, to) => storage.made.rename(at(from), at(to)),
    remove: async path => void storage.remove(at(path)),
    names: async path => {
      const isThere = storage.made.at(at(path)) !== undefined || storage.directory(at(path)) !== null;
      return isThere ? storage.made.in(at(path)).map(each => each.path.slice(each.path.lastIndexOf('/') + 1)) : null;
    },
    quota: async (path, bytes) => void storage.limit(at(path), { quotaBytes: bytes || null }),
    async write(path, bytes) {
      const limit = storage.made.at(at(path))?.quotaBytes ?? Number.POSITIVE_INFINITY;
      const taken = Math.min(bytes, Math.max(0, limit - totalOf(at(path))));
      storage.make(`${at(path)}/written-${++written}`, 'f', { bytes: taken });
      return taken === bytes;
    },
    outside: '/outside/of/the/mount',
    // It has nothing that would lead there.
    isOutsideIntact: async () => true,
    async mdsGone() {
      storage.mdsGone = true;
    },
    async heal() {
      storage.mdsGone = false;
    },
  };
}
