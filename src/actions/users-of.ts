import type { Fleet } from '../fleet/fleet.ts';
import { gaps } from '../fleet/gaps.ts';
import { isDirectoryOf } from '../fleet/tenants.ts';
import type { Directory, Instance, Pool } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { type Mounting, mountings } from './mountings.ts';

/** Who uses a directory, as far as is known: a sentence each. */
export interface Users {
  /** These have it in use. */
  running: string[];
  /** These may have it in use or come back for it, or what would tell cannot be read. */
  unknown: string[];
  /** These had it, and do not run. */
  resting: string[];
}

/** Kinds of what may use a directory. */
export const USING = ['workload', 'pool', 'instance'] as const;

/**
 * @param path as the machines have it, absolute
 * @param relative below the root of the mount
 */
export async function usersOf(
  directory: Directory,
  place: { path: string; relative: string },
  fleet: Fleet,
  signal: AbortSignal,
): Promise<Users> {
  const { known, unknown } = await mountings(fleet, signal);
  const found = { same: new Map<string, Mounting>(), maybe: new Map<string, Mounting>() };
  for (const mounting of known) {
    const relation = relationOf(mounting, place);
    if (relation !== null) found[relation].set(`${mounting.who} ${mounting.folder}`, mounting);
  }
  const same = [...found.same.values()];
  const instances = [...fleet.all('instance').values()].filter(each => isDirectoryOf(directory.name, each));
  const ofStatus = (wanted: (status: string | null) => boolean) =>
    instances.filter(({ status }) => wanted(status)).map(inWords);
  return {
    running: [
      ...ofStatus(status => status !== 'stopped' && status !== 'terminated'),
      ...told(same, true, 'has it mounted'),
    ],
    unknown: [
      ...ofStatus(status => status === 'stopped'),
      ...poolsIn(place.relative, fleet).map(({ name }) => `the pool ${name}, which is up, may have its data there`),
      ...new Set(unknown),
      ...USING.flatMap(kind =>
        gaps(fleet, kind).gaps.map(({ source, why }) => `not all ${kind}s of ${source.name} are known: ${why}`),
      ),
      ...told([...found.maybe.values()], true, 'may use it'),
    ],
    resting: [...ofStatus(status => status === 'terminated'), ...told(same, false, 'has it mounted when it runs')],
  };
}

/**
 * What is mounted is the directory, or lies in it; or it may be: the directory lies in it, or it is called the same
 * where another machine has the file system at another place.
 */
function relationOf({ folder, of }: Mounting, { path, relative }: { path: string; relative: string }) {
  const [place, whole] = of === 'machine' ? [path, `/${relative}`] : [`/${relative}`, `/${relative}`];
  if (isWithin(folder, place)) return 'same';
  return isWithin(place, folder) || `${folder}/`.includes(`${whole}/`) ? 'maybe' : null;
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/** `postgres_pools/pool-2` is called as what has its data there, but for what stands before. */
function poolsIn(relative: string, fleet: Fleet): Pool[] {
  const last = relative.slice(relative.lastIndexOf('/') + 1);
  const isCalled = (name: string) => name === last || name.endsWith(`-${last}`);
  return [...fleet.all('pool').values()].filter(({ name, up }) => up === true && /[a-z]/i.test(last) && isCalled(name));
}

function inWords({ name, status }: Instance): string {
  return `it is the data of ${name}, which is ${status ?? 'of no known status'}`;
}

const NAMED = 3;

function told(all: readonly Mounting[], isAlive: boolean, what: string): string[] {
  const some = all.filter(each => each.isAlive === isAlive);
  const words = some.slice(0, NAMED).map(({ who, folder }) => `${who} ${what}: ${printable(folder, 200)}`);
  return some.length > NAMED ? [...words, `and ${some.length - NAMED} more`] : words;
}
