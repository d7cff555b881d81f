import { QUESTIONS, SYSTEM, tablesIn } from '../../sources/mariadb/questions.ts';

type Row = Record<string, string | number | null>;

/** What the server stands at. */
export interface State {
  /** Names of tables by database; a view has no bytes. */
  databases: Readonly<Record<string, readonly string[]>>;
  maxConnections: number;
  connections: number;
  /** Of who asks, and of all. */
  id: number;
  ids: number[];
}

export const VERSION = '10.11.19-MariaDB-demo';

/** A new table's page and its index (InnoDB). */
const TABLE = { Data_length: 16_384, Index_length: 16_384 };

/** Rows as MariaDB would answer with; null: it does not understand. */
export function answer(sql: string, state: State): Row[] | null {
  const asked = plain(sql);
  const exact = ANSWERS[asked];
  if (exact) return exact(state);
  const [, what, database = ''] = /^show (tables|table status) in `(\w+)`$/i.exec(asked) ?? [];
  const tables = state.databases[database] ?? [];
  if (what) return tables.map(name => ({ [what === 'TABLES' ? `Tables_in_${database}` : 'Name']: name, ...TABLE }));
  const known = Object.keys(state.databases).find(name => plain(tablesIn(name)) === asked);
  return known === undefined ? null : (state.databases[known] ?? []).map(tableRow);
}

const ANSWERS: Record<string, (state: State) => Row[]> = {
  'select 1': () => [{ 1: 1 }],
  [plain(QUESTIONS.server)]: ({ maxConnections, connections }) => [
    { version: VERSION, max: maxConnections, connections },
  ],
  [plain(QUESTIONS.databases)]: ({ databases }) => names(databases).map(name => ({ name })),
  [plain(QUESTIONS.tables)]: ({ databases }) =>
    Object.entries(databases).map(([name, tables]) => ({
      name,
      tables: tables.length,
      size: tables.length * (TABLE.Data_length + TABLE.Index_length),
    })),
  [plain(QUESTIONS.variables)]: ({ maxConnections }) => [
    { name: 'MAX_CONNECTIONS', value: maxConnections },
    { name: 'VERSION', value: VERSION },
  ],
  // Of an operator with the client.
  'SHOW DATABASES': ({ databases }) => names(databases).map(Database => ({ Database })),
  'SELECT VERSION()': () => [{ 'VERSION()': VERSION }],
  'SELECT CONNECTION_ID()': ({ id }) => [{ 'CONNECTION_ID()': id }],
  "SHOW VARIABLES LIKE 'max_connections'": state => [{ Variable_name: 'max_connections', Value: state.maxConnections }],
  'SHOW PROCESSLIST': ({ ids }) => ids.map(Id => ({ Id, User: 'root', Command: 'Sleep' })),
};

function names(databases: State['databases']): string[] {
  return [...SYSTEM, ...Object.keys(databases)].sort();
}

function tableRow(name: string): Row {
  return { name, type: 'BASE TABLE', engine: 'InnoDB', rows: 0, data: TABLE.Data_length, index: TABLE.Index_length };
}

/** Without its line breaks. */
function plain(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim();
}
