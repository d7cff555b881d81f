import type { Answer } from './answer.ts';
import { lines, seconds } from './getfattr.ts';
import type { Place, Tree } from './tree.ts';

/** The number that the machine gave to the mount. */
export const DEVICE = '52';

interface Wish {
  paths: string[];
  least: number;
  most: number;
  type: string | null;
  deletes: boolean;
  format: string;
}

/**
 * What GNU find 4.9 prints, with LC_ALL=C, for `-mindepth`, `-maxdepth`, `-type`, `-print`, `-print0` and `-printf`, and
 * does for `-delete`; all is one file system, whether `-xdev` says so or not.
 *
 * @param cwd the directory that `.` stands for
 */
export function find(args: string[], tree: Tree, cwd = '/'): Answer {
  const wish = parse(args);
  if (typeof wish === 'string') return { code: 1, stdout: '', stderr: `find: ${wish}\n` };
  const errors: string[] = [];
  const out: string[] = [];
  const walk = (place: Place, depth: number) => {
    const isMeant = depth >= wish.least && (wish.type === null || wish.type === place.type);
    // Who deletes begins with the deepest.
    if (isMeant && !wish.deletes) out.push(printed(place, wish.format));
    if (depth < wish.most && place.type === 'd') for (const child of tree.in(place.path)) walk(child, depth + 1);
    if (isMeant && wish.deletes) {
      // What stands for many things goes as so many.
      const things = tree.in(place.path).length > 0 ? 1 : Math.max(1, place.files + place.directories);
      tree.remove(place.path);
      out.push(printed(place, wish.format).repeat(things));
    }
  };
  for (const path of wish.paths) {
    const place = tree.at(path === '.' ? cwd : path);
    if (place) walk(place, 0);
    else errors.push(`find: '${path}': No such file or directory`);
  }
  return { code: errors.length > 0 ? 1 : 0, stdout: out.join(''), stderr: lines(errors) };
}

/** The wish, or find's complaint. */
function parse(args: string[]): Wish | string {
  const first = args.findIndex(arg => arg.startsWith('-'));
  const paths = first < 0 ? args : args.slice(0, first);
  const wish: Wish = { paths, least: 0, most: Number.POSITIVE_INFINITY, type: null, deletes: false, format: '%p\\n' };
  const tests = first < 0 ? [] : args.slice(first);
  for (let index = 0; index < tests.length; index++) {
    const test = tests[index] ?? '';
    if (test === '-print') wish.format = '%p\\n';
    else if (test === '-print0') wish.format = '%p\\0';
    else if (test === '-delete') wish.deletes = true;
    else if (test !== '-xdev') {
      const value = tests[++index];
      if (!/^-(mindepth|maxdepth|type|printf)$/.test(test)) return `unknown predicate \`${test}'`;
      if (value === undefined) return `missing argument to \`${test}'`;
      if (test === '-type') wish.type = value;
      else if (test === '-printf') wish.format = value;
      else if (!/^\d+$/.test(value))
        return `Expected a positive decimal integer argument to ${test}, but got '${value}'`;
      else if (test === '-mindepth') wish.least = Number(value);
      else wish.most = Number(value);
    }
  }
  return wish;
}

function printed(place: Place, format: string): string {
  return format.replace(/%T@|%[a-zD%]|\\[0n\\]/g, directive => {
    switch (directive) {
      case '%p':
        return place.path;
      case '%f':
        return place.path.slice(place.path.lastIndexOf('/') + 1);
      case '%D':
        return DEVICE;
      case '%i':
        return String(place.inode);
      case '%s':
        // A directory's size is what it holds (ceph-fuse, client_dirsize_rbytes).
        return String(place.bytes);
      case '%y':
        return place.type;
      case '%T@':
        return seconds(place.changedAt, 10);
      case '\\0':
        return '\0';
      case '\\n':
        return '\n';
      case '\\\\':
        return '\\';
      case '%%':
        return '%';
      default:
        return directive;
    }
  });
}
