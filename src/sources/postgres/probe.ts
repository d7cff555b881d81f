import { printable } from '../../model/printable.ts';
import type { Row, Session } from './session.ts';

/** What a server says of itself. */
export interface ServerFacts {
  version: string | null;
  maxConnections: number | null;
  connections: number | null;
  /** Age of the oldest open transaction, 0 without one; null when our role may not see those of others. */
  longestTransactionSeconds: number | null;
  databases: DatabaseFacts[];
}

export interface DatabaseFacts {
  oid: number;
  name: string;
  template: boolean;
  connections: number;
}

/** What may see other roles' transactions and databases (PostgreSQL manual, Predefined Roles). */
const SEES_ALL = "pg_has_role('pg_read_all_stats', 'usage')";
/** Without that right the kind of a backend is hidden, but not that it has a database. */
const CLIENTS = "from pg_stat_activity where coalesce(backend_type = 'client backend', datid is not null)";

/** Without the distributor's name for it: "15.18 (Debian 15.18-0+deb12u1)". */
export const VERSION = "split_part(current_setting('server_version'), ' ', 1)";

const SERVER = `select ${VERSION} as version, current_setting('max_connections')::int as max,
  (select count(*) ${CLIENTS})::int as connections,
  case when ${SEES_ALL} then (select coalesce(extract(epoch from max(now() - xact_start)), 0) ${CLIENTS} and pid <> pg_backend_pid()) end::int as longest`;

const DATABASES = `select d.oid::int8 as oid, d.datname as name, d.datistemplate as template, coalesce(a.connections, 0) as connections
  from pg_database d left join (select datid, count(*)::int as connections ${CLIENTS} group by 1) a on a.datid = d.oid order by 2`;

/** So many databases are measured with one question, so that none keeps the proof of life waiting. */
const MEASURED_AT_ONCE = 20;

export async function readServer(session: Session): Promise<ServerFacts> {
  const [server = {}] = await session.rows(SERVER);
  const databases = await session.rows(DATABASES);
  return {
    version: typeof server.version === 'string' ? printable(server.version, 60) : null,
    maxConnections: numberOr(server.max),
    connections: numberOr(server.connections),
    longestTransactionSeconds: numberOr(server.longest),
    databases: databases.map(databaseFacts),
  };
}

/**
 * Bytes of each database by its oid; null where our role may not know. Each counts files on the server's disk: ask
 * seldom.
 */
export async function measure(session: Session, databases: DatabaseFacts[]): Promise<Map<number, number | null>> {
  const sizes = new Map<number, number | null>();
  for (let from = 0; from < databases.length; from += MEASURED_AT_ONCE) {
    const oids = databases.slice(from, from + MEASURED_AT_ONCE).map(each => each.oid);
    const rows = await session.rows(
      `select oid::int8 as oid, case when ${SEES_ALL} or has_database_privilege(oid, 'connect') then pg_database_size(oid) end as size
        from pg_database where oid in (${oids.join(', ')})`,
    );
    for (const row of rows) sizes.set(Number(row.oid), numberOr(row.size));
  }
  return sizes;
}

function databaseFacts(row: Row): DatabaseFacts {
  return {
    oid: Number(row.oid),
    name: printable(String(row.name), 200),
    template: row.template === true,
    connections: Number(row.connections),
  };
}

function numberOr(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
