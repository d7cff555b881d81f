/** The tables of the team's store. Who uses them needs to read and to add; nothing is ever changed or removed. */
export function tablesSql(schema: string): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${schema}.writers (id text PRIMARY KEY, login text NOT NULL, host text NOT NULL);`,
    `CREATE TABLE IF NOT EXISTS ${schema}.records (` +
      `writer text NOT NULL REFERENCES ${schema}.writers, seq bigint NOT NULL CHECK (seq > 0), ` +
      'id text NOT NULL, phase text NOT NULL, at bigint NOT NULL, body text NOT NULL, hash text NOT NULL, ' +
      'PRIMARY KEY (writer, seq));',
  ];
}

export const schemaSql = (schema: string): string => `CREATE SCHEMA IF NOT EXISTS ${schema};`;

/** What lets a role take part. */
export function grantsSql(schema: string, role: string): string[] {
  const quoted = `"${role.replaceAll('"', '""')}"`;
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${quoted};`,
    `GRANT SELECT, INSERT ON ${schema}.writers, ${schema}.records TO ${quoted};`,
  ];
}

/**
 * What is there of a schema ($1), and whether our role may use it. One row when the schema is there. From the catalogue,
 * which every role may read.
 */
export const STANDING = `
  SELECT count(c.oid)::int AS tables,
    has_schema_privilege(n.oid, 'USAGE') AND coalesce(
      bool_and(has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')), false) AS may_use
  FROM pg_namespace n
  LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname IN ('writers', 'records') AND c.relkind IN ('r', 'p')
  WHERE n.nspname = $1 GROUP BY n.oid`;

/** How many tables there are when all are. */
export const TABLES = 2;
