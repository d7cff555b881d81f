/** The server's own (MariaDB, "System Databases"). */
export const SYSTEM = ['information_schema', 'mysql', 'performance_schema', 'sys'];

/** All that is asked of a server. None of it needs a right beyond seeing its databases. */
export const QUESTIONS = {
  server: `select version() as version, @@max_connections as max, variable_value as connections
    from information_schema.global_status where variable_name = 'THREADS_CONNECTED'`,
  databases: 'select schema_name as name from information_schema.schemata order by 1',
  // As SHOW TABLES does, it counts views too.
  tables: `select table_schema as name, count(*) as tables, sum(coalesce(data_length, 0) + coalesce(index_length, 0)) as size
    from information_schema.tables where table_schema not in ('${SYSTEM.join("', '")}') group by 1`,
  variables:
    'select variable_name as name, variable_value as value from information_schema.global_variables order by 1',
};

export function tablesIn(database: string): string {
  return `select table_name as name, table_type as type, engine, table_rows as \`rows\`, data_length as \`data\`,
    index_length as \`index\`, create_time as created from information_schema.tables
    where table_schema = convert(x'${Buffer.from(database).toString('hex')}' using utf8mb4) order by 1`;
}
