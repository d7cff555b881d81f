import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { PostgresOptions } from '../../src/sources/postgres/options.ts';

/** What psql prints. */
export interface PostgresTruth {
  /** The platform's table: name, claimed health, limit, counter, instances assigned to it. */
  records: {
    name: string;
    health_status: string;
    max_instances: number;
    current_instances: number;
    assigned: number;
  }[];
  instances: { id: string; name: string; database_name: string; status: string }[];
  /** Each server by its name; null when it lets nobody in. */
  servers: Map<string, ServerTruth | null>;
}

export interface ServerTruth {
  version: string;
  max: number;
  /** Sizes by name, without the templates. */
  databases: Map<string, number>;
  /** Backends of Quarterdeck itself. */
  ours: number[];
}

const RECORDS = `select name, health_status, max_instances, current_instances,
  (select count(*) from instances where db_server_id = s.id)::int as assigned from db_servers s`;

const SERVER = `select split_part(current_setting('server_version'), ' ', 1) as version,
  current_setting('max_connections')::int as max`;

/** What the servers of a profile say of themselves, each over a connection of its own that is ended again. */
export async function postgresTruth({ platform, pools }: PostgresOptions): Promise<PostgresTruth> {
  const base = {
    host: platform?.host,
    port: platform?.port,
    user: platform?.user,
    password: passwordOf(platform?.password),
    database: platform?.database,
  };
  return asked(base, async ask => {
    const rows = await ask<{ name: string; host: string; port: number; user: string; password: string }>(
      'select name, host, port, admin_user as "user", admin_password as password from db_servers',
    );
    const servers = rows.map(async row => {
      const [host, port] = pools?.addresses?.[row.name]?.split(':') ?? [row.host, String(row.port)];
      const at = { host, port: Number(port), user: row.user, password: row.password, database: 'postgres' };
      return [row.name, await asked(at, serverTruth).catch(() => null)] as const;
    });
    return {
      records: await ask(RECORDS),
      instances: await ask('select id, name, database_name, status from instances'),
      servers: new Map(await Promise.all(servers)),
    };
  });
}

export type Ask = <Row>(text: string) => Promise<Row[]>;

async function serverTruth(ask: Ask): Promise<ServerTruth> {
  const [server] = await ask<{ version: string; max: number }>(SERVER);
  const databases = await ask<{ name: string; size: string }>(
    'select datname as name, pg_database_size(oid) as size from pg_database where not datistemplate',
  );
  const ours = await ask<{ pid: number }>(
    "select pid from pg_stat_activity where application_name = 'quarterdeck' order by pid",
  );
  return {
    version: server?.version ?? '',
    max: server?.max ?? 0,
    databases: new Map(databases.map(({ name, size }) => [name, Number(size)])),
    ours: ours.map(({ pid }) => pid),
  };
}

/** Over a connection of its own, which is ended again. */
export async function asked<T>(config: pg.ClientConfig, questions: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  client.on('error', () => {}); // the question that fails tells it
  try {
    await client.connect();
    return await questions(async text => (await client.query(text)).rows);
  } finally {
    await client.end();
  }
}

function passwordOf(reference: unknown): string | undefined {
  const file = (reference as { file?: string } | undefined)?.file;
  return file && readFileSync(file, 'utf8').trim();
}
