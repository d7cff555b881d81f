import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** What the mariadb client prints. */
export interface MariadbTruth {
  version: string;
  maxConnections: number;
  /** Without the server's own; tables as SHOW TABLES counts them. */
  databases: { name: string; tables: number; sizeBytes: number }[];
  /** Ids of the connections of the same user, without that which asks. */
  ours: number[];
}

export interface MariadbLogin {
  host: string;
  port: number;
  user: string;
  password: string;
}

const SYSTEM = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

/** The questions of the platform's handbook, over a connection of its own that is ended again. */
export async function mariadbTruth(login: MariadbLogin): Promise<MariadbTruth> {
  const connection = await createConnection(login);
  const ask = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0];
  const first = (row: RowDataPacket | undefined) => Object.values(row ?? {})[0];
  try {
    const names = (await ask('SHOW DATABASES')).map(first).filter(name => !SYSTEM.has(String(name)));
    const databases = [];
    for (const name of names) {
      const tables = await ask(`SHOW TABLES IN \`${name}\``);
      const status = await ask(`SHOW TABLE STATUS IN \`${name}\``);
      const sizeBytes = status.reduce((sum, each) => sum + Number(each.Data_length) + Number(each.Index_length), 0);
      databases.push({ name: String(name), tables: tables.length, sizeBytes });
    }
    const own = Number(first((await ask('SELECT CONNECTION_ID()'))[0]));
    return {
      version: String(first((await ask('SELECT VERSION()'))[0])).split('-')[0] ?? '',
      maxConnections: Number((await ask("SHOW VARIABLES LIKE 'max_connections'"))[0]?.Value),
      databases,
      ours: (await ask('SHOW PROCESSLIST')).map(({ Id }) => Number(Id)).filter(id => id !== own),
    };
  } finally {
    await connection.end();
  }
}
