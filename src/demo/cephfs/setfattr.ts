import type { Storage } from '../controller/storage.ts';
import type { Answer } from './answer.ts';
import type { Tree } from './tree.ts';

const LIMITS: Readonly<Record<string, 'quotaBytes' | 'quotaFiles'>> = {
  'ceph.quota.max_bytes': 'quotaBytes',
  'ceph.quota.max_files': 'quotaFiles',
};

/**
 * What setfattr 2.5 prints and does, with LC_ALL=C, for `-n NAME -v VALUE .`; a quota of 0 is none.
 *
 * @param cwd the directory that `.` stands for
 */
export function setfattr(args: string[], tree: Tree, storage: Storage, cwd: string): Answer {
  const [n, name = '', v, value = '', path = '', ...more] = args;
  if (n !== '-n' || v !== '-v' || more.length > 0)
    return failed('setfattr: the demo knows -n NAME -v VALUE PATH only', 2);
  const limit = LIMITS[name];
  const place = tree.at(path === '.' ? cwd : path);
  if (place?.type !== 'd') return failed(`setfattr: ${path}: No such file or directory`);
  if (!limit) return failed(`setfattr: ${path}: Operation not supported`);
  if (!/^\d+$/.test(value)) return failed(`setfattr: ${path}: Invalid argument`);
  const set = Number(value) || null;
  storage.limit(place.path, limit === 'quotaBytes' ? { quotaBytes: set } : { quotaFiles: set });
  return { code: 0, stdout: '', stderr: '' };
}

function failed(words: string, code = 1): Answer {
  return { code, stdout: '', stderr: `${words}\n` };
}
