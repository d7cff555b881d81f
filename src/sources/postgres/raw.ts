import type { Kind } from '../../model/entity.ts';
import { TroubleError } from '../../model/trouble.ts';
import { orAbort } from '../pulse.ts';
import type { InstanceBook } from './instances.ts';
import { literal, type PlatformReader } from './platform.ts';
import type { PoolWatch } from './pool.ts';
import { troubleOf } from './refusal.ts';
import type { Row, Session } from './session.ts';

export interface RawFrom {
  kind: Kind;
  id: string;
  platform: { reader: PlatformReader; session: Session | null } | null;
  pools: PoolWatch[];
  instances: InstanceBook | null;
}

/**
 * The object as PostgreSQL has it now: the row of the platform's table, of a server without one its settings, of a
 * database its catalogue entry; without secret columns, but not masked. Throws a TroubleError when it cannot be had.
 */
export async function rawRow(from: RawFrom, signal: AbortSignal): Promise<unknown> {
  try {
    return await orAbort(ask(from), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new TroubleError(troubleOf('read', from.id, error), error);
  }
}

/** Rows of one SELECT over a connection that is there. Throws a TroubleError. */
export async function selectRows(
  session: Session | null,
  database: string,
  sql: string,
  signal: AbortSignal,
): Promise<Row[]> {
  try {
    // A comment at its end must not swallow what stands behind it.
    return await orAbort(open(session).rows(`${sql}\n`), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new TroubleError(troubleOf('read', database, error), error);
  }
}

async function ask({ kind, id, platform, pools, instances }: RawFrom): Promise<unknown> {
  const pool = pools.find(each => (kind === 'database' ? id.startsWith(each.databasePrefix) : id === each.id));
  if (kind === 'pool' && pool) {
    if (platform && pool.record) return platform.reader.raw(open(platform.session), 'servers', pool.record.id);
    return Object.fromEntries(
      (await open(pool.session).rows(SETTINGS)).map(({ name, setting, unit }) => [name, `${setting}${unit ?? ''}`]),
    );
  }
  if (kind === 'database' && pool) {
    const [row] = await open(pool.session).rows(
      `${DATABASE} where datname = ${literal(id.slice(pool.databasePrefix.length))}`,
    );
    return row ?? null;
  }
  const uid = kind === 'instance' ? instances?.uidOf(id) : null;
  if (platform && uid) return platform.reader.raw(open(platform.session), 'instances', uid);
  throw new Error('it is not there');
}

const SETTINGS =
  "select name, setting, unit from pg_settings where source not in ('default', 'client', 'session') and name !~ 'pass|ssl_key|conninfo' order by 1";
const DATABASE =
  'select d.*, d.oid::int8 as oid, pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as charset from pg_database d';

function open(session: Session | null): Session {
  if (!session) throw new Error('there is no connection now');
  return session;
}
