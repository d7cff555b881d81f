import { gaps } from '../../fleet/gaps.ts';
import type { Finding } from '../../model/checklist-run.ts';
import type { Directory } from '../../model/entity.ts';
import { age, bytes, counted } from '../../text/format.ts';
import { shellWord } from '../../text/shell.ts';
import type { Means, Probe } from '../checklist.ts';
import { finding } from '../finding.ts';

const DAY_MS = 86_400_000;

/**
 * Directories of instances that are no more. One whose instance, or anything that runs under its name, may still be
 * there is not offered; nor is any as long as one of the lists is not whole.
 */
export const abandonedDirectories: Probe = {
  name: 'directories of instances',
  needs: ['directory', 'instance', 'workload'],
  optional: true,
  look(means) {
    const { fleet, settings } = means;
    if (settings.instanceDirectories === undefined) return { findings: [], facts: [] };
    const pattern = new RegExp(settings.instanceDirectories);
    const found = [...fleet.all('directory').values()].flatMap(directory => {
      const { database, short } = pattern.exec(directory.path)?.groups ?? {};
      return database !== undefined && short !== undefined ? [{ directory, database, short }] : [];
    });
    if (abandonedDirectories.needs.some(kind => gaps(fleet, kind).gaps.length > 0)) return { findings: [], facts: [] };
    if (found.length > 0 && fleet.all('instance').size === 0) {
      const reason = `none is known, but ${found.length} of their directories: none of these is offered`;
      return { findings: [finding('instances', 'unknown', reason)], facts: [] };
    }
    if ([...fleet.all('instance').values()].some(({ uid }) => uid === null)) {
      const reason = 'the ids of some are not told: none of their directories is offered';
      return { findings: [finding('instances', 'unknown', reason)], facts: [] };
    }
    const isAlive = aliveIn(means);
    const left = found.filter(({ database, short }) => !isAlive(database, short)).map(({ directory }) => directory);
    const young = left.filter(
      ({ changedAt }) => changedAt === null || fleet.now() - changedAt < settings.abandonedDays * DAY_MS,
    );
    const old = left.filter(directory => !young.includes(directory));
    return {
      findings: old.map(directory => offer(directory, fleet.now())),
      facts: [
        `${found.length - left.length} of ${counted(found.length, 'directory', 'directories')} of instances that are there`,
        ...(young.length > 0
          ? [`${young.length} without one, changed within ${settings.abandonedDays} d or nobody knows when`]
          : []),
      ],
    };
  },
};

/** Whether an instance of that name or id, or what it runs as, is there. One that is terminated is not. */
function aliveIn({ fleet }: Pick<Means, 'fleet'>): (database: string, short: string) => boolean {
  const instances = [...fleet.all('instance').values()].filter(({ status }) => status !== 'terminated');
  const names = new Set(instances.map(({ databaseName }) => databaseName));
  const ids = new Set(instances.map(({ uid }) => uid?.slice(0, SHORT)));
  const running = new Set([...fleet.all('workload').values()].flatMap(({ name }) => name.match(/[0-9a-f]{8}/g) ?? []));
  return (database, short) => names.has(database) || ids.has(short) || running.has(short);
}

/** What stands in names of an instance's id. */
const SHORT = 8;

function offer(directory: Directory, now: number): Finding {
  const { name, id, usedBytes, changedAt, path, entries } = directory;
  const since = changedAt === null ? '' : `, not changed for ${age(now - changedAt)}`;
  // It counts itself; one that was emptied goes without anything being lost.
  const remove = entries === 1 ? 'rmdir --' : 'rm -r --';
  const reason = `no instance has it: ${bytes(usedBytes)}${since}`;
  return { target: name, about: id, health: 'warn', reason, evidence: [`${remove} ${shellWord(path)}`] };
}
