import type { PoolShape, Shape } from '../shape.ts';
import type { Server } from './server.ts';
import { ensureDatabases, ensureRole, POOL_USER, passwordOf } from './tables.ts';

/** What a tenant's database has: every new one is copied from `template1`. A real one has some 400 tables. */
export const TEMPLATE = `
  CREATE TABLE IF NOT EXISTS res_users (id serial PRIMARY KEY, login varchar NOT NULL);
  CREATE TABLE IF NOT EXISTS mail_message (id serial PRIMARY KEY, date timestamptz NOT NULL DEFAULT now(), body text);
  ALTER TABLE mail_message ALTER body SET STORAGE EXTERNAL;
  GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO PUBLIC;`;

/**
 * Makes the pool's administrator and its tenants' databases where they are missing, and drops those that the shape does
 * not have. Each takes 7.5 MB on the disk: that is why a pool has so few of them here.
 */
export async function furnishPool(server: Server, pool: PoolShape, shape: Shape, secret: string): Promise<void> {
  await ensureRole(server, POOL_USER, passwordOf(POOL_USER, pool.name, secret), 'SUPERUSER');
  const { rows } = await server.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE 'odoo\\_%' AND NOT datname = ANY($1)`,
    [pool.databases],
  );
  for (const { datname } of rows) await server.query(`DROP DATABASE "${datname}" WITH (FORCE)`);

  const template = await server.connect({ database: 'template1' });
  await template.query(TEMPLATE).finally(() => template.end());
  // A tenant whose database is missing has its user all the same: it goes on knocking.
  const assigned = shape.instances.filter(({ poolName }) => poolName === pool.name).map(({ dbName }) => dbName);
  const users = new Set([...assigned, ...pool.databases]);
  for (const user of users) await ensureRole(server, user, passwordOf(user, pool.name, secret));
  await ensureDatabases(server, pool.databases, name => name);
}
