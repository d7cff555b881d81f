import type { Fleet } from '../fleet/fleet.ts';
import type { KeyMap } from '../keys/table.ts';
import type { Backup, Instance, Noun, Pool } from '../model/entity.ts';
import { age, bytes } from '../text/format.ts';
import type { ColumnContext } from './columns/column.ts';
import { type DocLine, fact, GAP, title } from './document.ts';
import { isDatabaseOf } from './related.ts';

/** A tenant whose database is not in the pool that should have it. */
interface Lack {
  instance: Instance;
  pool: Pool;
  database: string;
}

const LACKS_SHOWN = 3;

/**
 * What to do about a trouble that no action of ours mends, as the handbook has it: the places to go to, each a link, and
 * the keys that serve there. Empty where nothing more is known than the menu of actions offers.
 */
export function nextSteps(noun: Noun, context: ColumnContext, keys: KeyMap): DocLine[] {
  const lacks = lacksOf(noun, context.fleet).slice(0, LACKS_SHOWN);
  return lacks.flatMap(lack => [
    GAP,
    title(`What next: ${lack.database} is not there`),
    ...restoring(lack, context, keys),
  ]);
}

function restoring({ instance, pool, database }: Lack, context: ColumnContext, keys: KeyMap): DocLine[] {
  const { fleet } = context;
  const shell = keys.nameOf('exec');
  const strays = pool.unrecorded?.length ? `; of no tenant there: ${pool.unrecorded.join(', ')}` : '';
  const [server] = fleet.named('workload', pool.name);
  const [service] = instance.serviceName ? fleet.named('workload', instance.serviceName) : [];
  return [
    fact('look', `${pool.name} lacks ${database}${strays}`, { link: pool.id }),
    backupLine(instance, context, keys),
    fact(
      'restore',
      `no action does it; by hand, with psql in ${pool.name}${server ? `: ${shell} here opens a shell there` : ''}`,
      {
        ...(server && { link: server.id }),
      },
    ),
    ...(service
      ? [fact('then', `${keys.nameOf('restart')} here starts ${service.name} anew`, { link: service.id })]
      : []),
  ];
}

/** The newest backup with something in it: one of 0 bytes is none. */
function backupLine({ databaseName }: Instance, { fleet, now }: ColumnContext, keys: KeyMap): DocLine {
  const good = [...fleet.all('backup').values()]
    .filter(backup => backup.databaseName === databaseName && (backup.databaseBytes ?? 0) > 0)
    .reduce<Backup | null>((best, backup) => (best && best.takenAt >= backup.takenAt ? best : backup), null);
  if (!good) return fact('backup', `none of it is known: ${keys.nameOf('palette')} backups lists all`);
  return fact('backup', `${good.name}, ${bytes(good.databaseBytes)}, ${age(now - good.takenAt)} old`, {
    link: good.id,
  });
}

function lacksOf(noun: Noun, fleet: Fleet): Lack[] {
  return concerned(noun, fleet).flatMap(instance => {
    const pool = instance.pool ? fleet.get('pool', instance.pool) : undefined;
    const database = pool?.missing?.find(name => isDatabaseOf(name, instance));
    return pool && database !== undefined ? [{ instance, pool, database }] : [];
  });
}

/** The tenants that a noun stands for. */
function concerned(noun: Noun, fleet: Fleet): Instance[] {
  const tenants = [...fleet.all('instance').values()];
  switch (noun.kind) {
    case 'instance':
      return [noun];
    case 'pool':
      return noun.missing?.length ? tenants.filter(({ pool }) => pool === noun.id) : [];
    case 'workload':
      return tenants.filter(({ serviceName }) => serviceName === noun.name);
    case 'replica': {
      const workload = noun.workload ? fleet.get('workload', noun.workload) : undefined;
      return workload ? concerned(workload, fleet) : [];
    }
    default:
      return [];
  }
}
