import { parseFilter } from '../../filter/filter.ts';
import { fieldContext } from '../../fleet/field-context.ts';
import { gaps } from '../../fleet/gaps.ts';
import type { Finding } from '../../model/checklist-run.ts';
import type { Backup, Noun } from '../../model/entity.ts';
import { isBeingWritten } from '../../model/health/data.ts';
import { age, bytes, dateTime } from '../../text/format.ts';
import type { Means, Probe } from '../checklist.ts';
import { finding } from '../finding.ts';

const HOUR_MS = 3_600_000;
/** So many before it say how large a backup usually is. */
const COMPARED = 5;

/** Of each instance that should have one, a backup of the last night, with both files, none of them empty or far smaller than before. */
export const newestBackups: Probe = {
  name: 'backups',
  needs: ['backup'],
  look(means) {
    const { fleet } = means;
    const byDatabase = backupsByDatabase(means);
    const wanted = databasesOf(means) ?? [...byDatabase.keys()].map(name => ({ name, about: null }));
    const all = wanted.map(({ name, about }) => {
      const found = byDatabase.get(name) ?? [];
      return { name, about, underway: found.filter(one => isBeingWritten(one, fleet.now())).length, found };
    });
    const findings = all.flatMap(({ name, about, found }) => judge(name, about, found, means));
    const underway = all.reduce((sum, one) => sum + one.underway, 0);
    return {
      findings,
      facts: [
        `${all.length - findings.length} of ${all.length} fresh and whole`,
        ...(underway > 0 ? [`${underway} being written`] : []),
      ],
    };
  },
};

/** By the whole name of the database: `acme` has none of the backups of `acme_2`. The newest first. */
export function backupsByDatabase({ fleet }: Pick<Means, 'fleet'>): Map<string, Backup[]> {
  const sorted = [...fleet.all('backup').values()].sort((a, b) => b.takenAt - a.takenAt);
  return Map.groupBy(sorted, ({ databaseName }) => databaseName);
}

/** The databases that should have a backup; null: nothing tells of instances, or has not yet. */
function databasesOf({ fleet, settings }: Means): { name: string; about: Noun | null }[] | null {
  if (gaps(fleet, 'instance').told === 0) return null;
  const should = parseFilter(settings.backupOf, fieldContext(fleet));
  const limitMs = fleet.limits.backupAgeWarnHours * HOUR_MS;
  return [...fleet.all('instance').values()].flatMap(instance => {
    const { databaseName, createdAt, provisioningStatus } = instance;
    const isYoung = createdAt !== null && fleet.now() - createdAt < limitMs;
    const isThere = provisioningStatus === null || provisioningStatus === 'completed';
    if (databaseName === null || isYoung || !isThere || !should.test(instance)) return [];
    return [{ name: databaseName, about: instance }];
  });
}

function judge(name: string, instance: Noun | null, found: readonly Backup[], means: Means): Finding[] {
  const { fleet } = means;
  const now = fleet.now();
  const done = found.filter(one => !isBeingWritten(one, now));
  const [newest, ...before] = done;
  if (!newest) return [{ ...finding(name, 'bad', 'has no backup'), about: instance?.id ?? null }];
  const tell = (health: Finding['health'], reason: string): Finding[] => [
    { target: name, about: newest.id, health, reason, evidence: done.slice(0, 3).map(lineOf) },
  ];
  const hours = (now - newest.takenAt) / HOUR_MS;
  const limit = fleet.limits.backupAgeWarnHours;
  if (newest.dataBytes === 0) return tell('bad', `data file has 0 bytes${was(before, 'dataBytes')}`);
  if (newest.databaseBytes === 0) return tell('bad', `database file has 0 bytes${was(before, 'databaseBytes')}`);
  if (newest.dataBytes === null) return tell('bad', 'the data file is missing');
  if (newest.databaseBytes === null) return tell('bad', 'the database file is missing');
  if (hours > 2 * limit) return tell('bad', `its newest backup is ${age(now - newest.takenAt)} old`);
  if (hours > limit) return tell('warn', `its newest backup is ${age(now - newest.takenAt)} old`);
  const small = (['dataBytes', 'databaseBytes'] as const).find(part => isShrunken(newest, before, part, means));
  if (small === undefined) return [];
  const file = small === 'dataBytes' ? 'data' : 'database';
  return tell('warn', `${file} file has ${bytes(newest[small])}${was(before, small)}`);
}

type Part = 'dataBytes' | 'databaseBytes';

function isShrunken(newest: Backup, before: readonly Backup[], part: Part, { settings }: Means): boolean {
  const usual = usually(before, part);
  const size = newest[part];
  return usual !== null && size !== null && size < (usual * settings.backupShrunkPercent) / 100;
}

/** The middle one of the sizes before; null: there were none. */
function usually(before: readonly Backup[], part: Part): number | null {
  const sizes = before.flatMap(one => one[part] || []).slice(0, COMPARED);
  return sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? null;
}

function was(before: readonly Backup[], part: Part): string {
  const usual = usually(before, part);
  return usual === null ? '' : ` (was ${bytes(usual)})`;
}

function lineOf({ name, takenAt, databaseBytes, dataBytes }: Backup): string {
  return `${name}  ${dateTime(takenAt)}  database ${bytes(databaseBytes)}, data ${bytes(dataBytes)}`;
}
