import type { Answer } from './answer.ts';
import type { Place, Tree } from './tree.ts';

/** CephFS's attributes of a directory; a file has none of them (docs.ceph.com, "Extended attributes"; measured, 16.2). */
const ATTRIBUTES: Record<string, (place: Place, children: Place[]) => string | null> = {
  'ceph.dir.entries': (_, children) => String(children.length),
  'ceph.dir.files': (_, children) => String(children.filter(({ type }) => type !== 'd').length),
  'ceph.dir.subdirs': (_, children) => String(children.filter(({ type }) => type === 'd').length),
  'ceph.dir.rentries': ({ files, directories }) => String(files + directories),
  'ceph.dir.rfiles': ({ files }) => String(files),
  'ceph.dir.rsubdirs': ({ directories }) => String(directories),
  'ceph.dir.rbytes': ({ bytes }) => String(bytes),
  'ceph.dir.rctime': ({ changedAt }) => seconds(changedAt, 9),
  // There only where a quota is; the limit that is not set reads 0.
  'ceph.quota': place =>
    hasQuota(place) ? `max_bytes=${place.quotaBytes ?? 0} max_files=${place.quotaFiles ?? 0}` : null,
  'ceph.quota.max_bytes': place => (hasQuota(place) ? String(place.quotaBytes ?? 0) : null),
  'ceph.quota.max_files': place => (hasQuota(place) ? String(place.quotaFiles ?? 0) : null),
};

function hasQuota({ quotaBytes, quotaFiles }: Place): boolean {
  return quotaBytes !== null || quotaFiles !== null;
}

/** Folders of every machine, which are on other file systems. */
const ELSEWHERE = new Set(['/', '/mnt', '/tmp', '/etc', '/home', '/var']);

const USAGE = `Usage: getfattr [-hRLP] [-n name|-d] [-e en] [-m pattern] path...
Try \`getfattr --help' for more information.
`;

/** What getfattr 2.5 prints, with LC_ALL=C. */
export function getfattr(args: string[], tree: Tree): Answer {
  const { name, absolute, paths, unknown } = parse(args);
  if (unknown !== null) return { code: 2, stdout: '', stderr: `getfattr: unrecognized option '${unknown}'\n${USAGE}` };
  if (paths.length === 0) return { code: 2, stdout: '', stderr: USAGE };
  const out: string[] = [];
  const errors: string[] = [];
  for (const path of paths) {
    const shown = escaped(path);
    const place = tree.at(path);
    // Without a name it lists the attributes: CephFS hides its own from the list.
    if (place && name === null) continue;
    const value = place?.type === 'd' ? (ATTRIBUTES[name ?? '']?.(place, tree.in(path)) ?? null) : null;
    if (value !== null) {
      if (!absolute && out.length === 0) errors.push("getfattr: Removing leading '/' from absolute path names");
      out.push(`# file: ${absolute ? shown : shown.replace(/^\/+/, '')}\n${name}="${value}"\n`);
    } else if (place) errors.push(`${shown}: ${name}: No such attribute`);
    else if (ELSEWHERE.has(path)) errors.push(`${shown}: ${name}: Operation not supported`);
    else errors.push(`getfattr: ${shown}: No such file or directory`);
  }
  const failed = errors.some(line => !line.startsWith('getfattr: Removing'));
  return { code: failed ? 1 : 0, stdout: out.map(each => `${each}\n`).join(''), stderr: lines(errors) };
}

/** `1795426865.205171325` */
export function seconds(at: number, digits: number): string {
  const whole = Math.floor(at / 1000);
  return `${whole}.${String(Math.round(at - whole * 1000) * 1_000_000)
    .padStart(9, '0')
    .padEnd(digits, '0')}`;
}

export function lines(all: string[]): string {
  return all.map(line => `${line}\n`).join('');
}

function parse(args: string[]) {
  let name: string | null = null;
  let absolute = false;
  const paths: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    // Of several names it takes the last one.
    if (arg === '-n' || arg === '--name') name = args[++index] ?? null;
    else if (arg === '--absolute-names') absolute = true;
    else if (arg === '-d' || arg === '--dump') name = null;
    else if (arg === '-m' || arg === '--match') index++;
    else if (arg === '--') paths.push(...args.splice(index + 1));
    else if (arg.startsWith('-')) return { name, absolute, paths, unknown: arg };
    else paths.push(arg);
  }
  return { name, absolute, paths, unknown: null };
}

/** As getfattr writes a path: line breaks and backslashes in octal. */
function escaped(path: string): string {
  return path.replace(/[\\\n\r]/g, character => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
