import { printable } from '../../model/printable.ts';
import { isFull } from './refusal.ts';
import type { Row, Session } from './session.ts';

/** How servers of one make are asked about themselves. */
export interface Dialect {
  read(session: Session): Promise<ServerFacts>;
  /** By the name of the database. It costs the server something: ask seldom. */
  measure(session: Session, databases: DatabaseFacts[]): Promise<Map<string, Measure>>;
  /** Whether it refused us because all its connections are taken. */
  isFull(error: unknown): boolean;
}

/** null: not known, such as what our role may not see. */
export interface Measure {
  sizeBytes: number | null;
  tables: number | null;
}

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
  /** The server's own number for it; null where it has none. */
  oid: number | null;
  name: string;
  /** The server's own, not a tenant's: counted in its size, and not shown. */
  template: boolean;
  connections: number | null;
}

export const POSTGRES: Dialect = { read: readServer, measure, isFull };

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

async function readServer(session: Session): Promise<ServerFacts> {
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

/** Bytes of each database; null where our role may not know. Each counts files on the server's disk. */
async function measure(session: Session, databases: DatabaseFacts[]): Promise<Map<string, Measure>> {
  const names = new Map(databases.map(({ oid, name }) => [oid, name]));
  const oids = [...names.keys()];
  const measures = new Map<string, Measure>();
  for (let from = 0; from < oids.length; from += MEASURED_AT_ONCE) {
    const rows = await session.rows(
      `select oid::int8 as oid, case when ${SEES_ALL} or has_database_privilege(oid, 'connect') then pg_database_size(oid) end as size
        from pg_database where oid in (${oids.slice(from, from + MEASURED_AT_ONCE).join(', ')})`,
    );
    for (const row of rows) {
      // Tables are known to a session in that database only.
      measures.set(names.get(Number(row.oid)) ?? '', { sizeBytes: numberOr(row.size), tables: null });
    }
  }
  return measures;
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
