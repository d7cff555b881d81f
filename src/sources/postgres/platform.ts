import { printable } from '../../model/printable.ts';
import { isSecretName } from '../../model/secrets.ts';
import type { PlatformOptions } from './options.ts';
import { VERSION } from './probe.ts';
import { INSTANCE_COLUMNS, SERVER_COLUMNS, type ServerRecord, serverRecord } from './records.ts';
import type { Row, Session } from './session.ts';

export interface Reading {
  /** Of the server with the platform's database. */
  version: string | null;
  servers: ServerRecord[];
  /** Rows of tenants; null when they are what they were at the last reading. */
  instances: Row[] | null;
  /** How many tenants are assigned to each server, by its id; null when the table does not tell. */
  assigned: ReadonlyMap<string, number> | null;
}

export interface Credentials {
  user: string;
  password: string | undefined;
}

/** Reads the platform's tables of servers and tenants, whatever columns they have. */
export class PlatformReader {
  readonly #tables: PlatformOptions['tables'];
  readonly #withCredentials: boolean;
  readonly #missing: (table: string, columns: string[]) => void;
  #known: Known | null = null;
  #credentials: ReadonlyMap<string, Credentials> = new Map();
  #fingerprint: string | null = null;

  /**
   * `withCredentials` also reads admin_user and admin_password; they are kept here and given to nobody but
   * `credentials`. `missing` is told, once a session, which
   * columns of each table could not be read.
   */
  constructor(
    tables: PlatformOptions['tables'],
    options: { withCredentials: boolean; missing: (table: string, columns: string[]) => void },
  ) {
    this.#tables = tables;
    this.#withCredentials = options.withCredentials;
    this.#missing = options.missing;
  }

  /** Throws what the server says: a table that is missing, a right that is. */
  async read(session: Session): Promise<Reading> {
    try {
      return await this.#read(session);
    } catch (error) {
      this.#known = null; // the tables may have been changed under us
      throw error;
    }
  }

  async #read(session: Session): Promise<Reading> {
    const columns = await this.#columnsOf(session);
    const { servers: table, instances, labels } = this.#tables;
    const secret = this.#withCredentials ? ['admin_user', 'admin_password'] : [];
    const serverRows = await session.rows(select([...SERVER_COLUMNS, ...secret], columns.servers, table));
    this.#credentials = new Map(serverRows.map(row => [serverRecord(row).id, credentialsOf(row)]));
    const tenants = select([...INSTANCE_COLUMNS, ...labels], columns.instances, instances);
    const assigned = columns.instances.has('db_server_id')
      ? await session.rows(
          `select db_server_id as id, count(*)::int as assigned from ${quoted(instances)} where db_server_id is not null group by 1`,
        )
      : null;
    // The order of rows does not matter to a sum. Ten thousand rows are sent only when one of them has changed.
    const [print] = await session.rows(
      `select count(*) || ' ' || sum(hashtextextended(t::text, 0)) as print from (${tenants}) t`,
    );
    const servers = serverRows.map(serverRecord);
    const fingerprint = JSON.stringify([print?.print, servers.map(({ id, name }) => [id, name])]);
    const rows = fingerprint === this.#fingerprint ? null : await session.rows(tenants);
    this.#fingerprint = fingerprint;
    return {
      version: columns.version,
      servers,
      instances: rows,
      assigned: assigned && new Map(assigned.map(row => [String(row.id), Number(row.assigned)])),
    };
  }

  /** How a server is entered, by its id, as the table had it at the last reading. */
  credentials(server: string): Credentials | null {
    return this.#credentials.get(server) ?? null;
  }

  /** A row of a table as it is now, without its secret columns, but not masked. null: it is not there any more. */
  async raw(session: Session, table: 'servers' | 'instances', id: string): Promise<unknown> {
    const columns = [...(await this.#columnsOf(session))[table]].filter(column => !isSecretName(column));
    const list = columns.map(quotedPart).join(', ');
    const [row] = await session.rows(
      `select ${list} from ${quoted(this.#tables[table])} where id::text = ${literal(id)}`,
    );
    return row ?? null;
  }

  /** Asked once a session: an older installation lacks some columns, and an upgrade ends no session of ours. */
  async #columnsOf(session: Session): Promise<Known> {
    if (this.#known?.of === session) return this.#known;
    const { servers, instances, labels } = this.#tables;
    const [server] = await session.rows(`select ${VERSION} as version`);
    const known = {
      of: session,
      version: typeof server?.version === 'string' ? printable(server.version, 60) : null,
      servers: await columnsOf(session, servers),
      instances: await columnsOf(session, instances),
    };
    const missing = (wanted: string[], there: Set<string>) => wanted.filter(column => !there.has(column));
    this.#missing(servers, missing(SERVER_COLUMNS, known.servers));
    this.#missing(instances, missing([...INSTANCE_COLUMNS, ...labels], known.instances));
    this.#known = known;
    return known;
  }
}

interface Known {
  of: Session;
  version: string | null;
  servers: Set<string>;
  instances: Set<string>;
}

/** information_schema shows only what our role may read: a column that is forbidden is one that is not there. */
async function columnsOf(session: Session, table: string): Promise<Set<string>> {
  const [name = '', schema] = table.split('.').reverse();
  const where = schema === undefined ? 'any(current_schemas(false))' : literal(schema);
  const rows = await session.rows(
    `select column_name as name from information_schema.columns where table_name = ${literal(name)} and table_schema = ${where}`,
  );
  if (rows.length > 0) return new Set(rows.map(row => String(row.name)));
  const [known] = await session.rows(`select to_regclass(${literal(table)}) is not null as there`);
  throw known?.there
    ? Object.assign(new Error(`permission denied for table ${table}`), { code: '42501' })
    : Object.assign(new Error(`table ${table} does not exist`), { code: '42P01' });
}

function select(wanted: string[], there: Set<string>, table: string): string {
  const columns = wanted.filter(column => there.has(column)).map(quotedPart);
  return `select ${columns.join(', ') || 'null as id'} from ${quoted(table)} order by 1`;
}

function credentialsOf(row: Row): Credentials {
  const { admin_user: user, admin_password: password } = row;
  return { user: String(user ?? ''), password: typeof password === 'string' ? password : undefined };
}

const quotedPart = (name: string) => `"${name.replaceAll('"', '""')}"`;
const quoted = (table: string) => table.split('.').map(quotedPart).join('.');
export const literal = (value: string) => `'${value.replaceAll("'", "''")}'`;
