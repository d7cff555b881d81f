import { createHmac } from 'node:crypto';
import type pg from 'pg';
import type { InstanceShape, PoolShape, Shape } from '../shape.ts';
import type { Server } from './server.ts';

/** The platform's own server, as its service is called. */
export const PLATFORM = 'postgres';
/** Who reads the platform's database `instance`. */
export const PLATFORM_USER = 'database_service';
/** The administrator of each pool, as `db_servers` names it. */
export const POOL_USER = 'pool_admin';

const DAY = 86_400_000;

/** The platform's databases and what stands in them. */
export const SCHEMA: Record<string, string> = {
  instance: `
    CREATE TABLE IF NOT EXISTS db_servers (
      id uuid PRIMARY KEY,
      name varchar(100) NOT NULL UNIQUE,
      host varchar(255) NOT NULL,
      port integer NOT NULL DEFAULT 5432,
      server_type varchar(20) NOT NULL CHECK (server_type IN ('platform', 'shared', 'dedicated')),
      max_instances integer NOT NULL DEFAULT 50,
      current_instances integer NOT NULL DEFAULT 0,
      swarm_service_id varchar(100),
      swarm_service_name varchar(100),
      node_placement varchar(100),
      status varchar(20) NOT NULL CHECK (status IN
        ('provisioning', 'initializing', 'active', 'full', 'maintenance', 'error', 'deprovisioning', 'deprovisioned')),
      health_status varchar(20) NOT NULL DEFAULT 'unknown' CHECK (health_status IN
        ('healthy', 'degraded', 'unhealthy', 'unknown')),
      last_health_check timestamptz,
      health_check_failures integer NOT NULL DEFAULT 0,
      cpu_limit varchar(20),
      memory_limit varchar(20),
      storage_path varchar(500),
      allocated_storage_gb integer,
      postgres_version varchar(20),
      postgres_image varchar(255),
      admin_user varchar(100) NOT NULL,
      admin_password text NOT NULL,
      allocation_strategy varchar(20) NOT NULL DEFAULT 'auto' CHECK (allocation_strategy IN ('auto', 'manual')),
      priority integer NOT NULL DEFAULT 100,
      dedicated_to_customer_id uuid,
      dedicated_to_instance_id uuid,
      provisioned_by varchar(100),
      provisioned_at timestamptz,
      last_allocated_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE IF NOT EXISTS instances (
      id uuid PRIMARY KEY,
      customer_id uuid NOT NULL,
      subscription_id uuid,
      name varchar(255) NOT NULL,
      odoo_version varchar(20) NOT NULL,
      instance_type varchar(20) NOT NULL CHECK (instance_type IN ('development', 'staging', 'production')),
      status varchar(20) NOT NULL CHECK (status IN ('creating', 'starting', 'running', 'stopping', 'stopped',
        'restarting', 'updating', 'maintenance', 'error', 'terminated', 'container_missing', 'paused')),
      billing_status varchar(20) NOT NULL CHECK (billing_status IN
        ('pending_payment', 'trial', 'paid', 'suspended', 'payment_required')),
      provisioning_status varchar(20) NOT NULL CHECK (provisioning_status IN
        ('pending', 'provisioning', 'completed', 'failed')),
      cpu_limit numeric(4, 2),
      memory_limit varchar(20),
      storage_limit varchar(20),
      admin_email varchar(255),
      database_name varchar(100) NOT NULL,
      subdomain varchar(100),
      service_id varchar(100),
      service_name varchar(100),
      internal_url varchar(255),
      external_url varchar(255),
      db_host varchar(255),
      db_port integer,
      db_name varchar(100),
      db_user varchar(100),
      db_type varchar(20) CHECK (db_type IN ('shared', 'dedicated')),
      db_server_id uuid REFERENCES db_servers (id),
      plan_tier varchar(50),
      requires_dedicated_db boolean NOT NULL DEFAULT false,
      last_health_check timestamptz,
      error_message text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz,
      metadata jsonb NOT NULL DEFAULT '{}'
    );
    GRANT SELECT, INSERT, UPDATE, DELETE ON db_servers, instances TO ${PLATFORM_USER};`,
  billing: `
    CREATE TABLE IF NOT EXISTS plan_entitlements (
      plan_name varchar(50) NOT NULL,
      effective_date timestamptz NOT NULL,
      cpu_limit numeric(4, 2) NOT NULL,
      memory_limit varchar(20) NOT NULL,
      storage_limit varchar(20) NOT NULL,
      db_type varchar(20) NOT NULL CHECK (db_type IN ('shared', 'dedicated')),
      PRIMARY KEY (plan_name, effective_date)
    );
    GRANT SELECT ON plan_entitlements TO ${PLATFORM_USER};`,
  auth: `CREATE TABLE IF NOT EXISTS users (id uuid PRIMARY KEY, email varchar(255) NOT NULL UNIQUE);`,
  communication: `CREATE TABLE IF NOT EXISTS email_log (sent_at timestamptz NOT NULL, recipient varchar(255) NOT NULL);`,
  analytics: `CREATE TABLE IF NOT EXISTS daily_usage (day date PRIMARY KEY, instances integer NOT NULL);`,
};

/** The same for as long as the folder with the secret is kept, so that a record never names a password of yesterday. */
export function passwordOf(user: string, server: string, secret: string): string {
  return createHmac('sha256', secret).update(`${user}@${server}`).digest('base64url');
}

/** Makes the platform's databases where they are missing, and writes the shape into their tables. */
export async function furnishPlatform(server: Server, shape: Shape, { secret, now }: { secret: string; now: number }) {
  await ensureRole(server, PLATFORM_USER, passwordOf(PLATFORM_USER, PLATFORM, secret), 'IN ROLE pg_monitor');
  await ensureDatabases(server, Object.keys(SCHEMA));
  for (const [database, sql] of Object.entries(SCHEMA)) {
    const client = await server.connect({ database });
    try {
      await client.query(`BEGIN; ${sql}`);
      if (database === 'instance') await fillInstance(client, shape, { secret, now });
      if (database === 'billing') await fillBilling(client, shape, now);
      if (database === 'auth') await fillUsers(client, shape);
      await client.query('COMMIT');
    } finally {
      await client.end();
    }
  }
}

export async function ensureRole(server: Server, name: string, password: string, attributes = ''): Promise<void> {
  const { rowCount } = await server.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  if (!rowCount) await server.query(`CREATE ROLE "${name}" LOGIN PASSWORD '${password}' ${attributes}`);
}

/** From `template1`; copying its files is some ten times cheaper here than writing them through the log. */
export async function ensureDatabases(server: Server, names: string[], owner = (_name: string) => SUPERUSER_ROLE) {
  const { rows } = await server.query<{ datname: string }>('SELECT datname FROM pg_database');
  const there = new Set(rows.map(({ datname }) => datname));
  for (const name of names) {
    if (!there.has(name)) await server.query(`CREATE DATABASE "${name}" OWNER "${owner(name)}" STRATEGY FILE_COPY`);
  }
}

const SUPERUSER_ROLE = 'postgres';

async function fillInstance(client: pg.Client, shape: Shape, { secret, now }: { secret: string; now: number }) {
  await client.query('DELETE FROM instances; DELETE FROM db_servers');
  await insert(
    client,
    'db_servers',
    shape.pools.map(pool => serverRow(pool, { secret, now })),
  );
  const poolIds = new Map(shape.pools.map(({ name, id }) => [name, id]));
  await insert(
    client,
    'instances',
    shape.instances.map(instance => instanceRow(instance, poolIds, now)),
  );
}

async function fillBilling(client: pg.Client, shape: Shape, now: number) {
  await client.query('DELETE FROM plan_entitlements');
  const rows = shape.plans.map(plan => ({
    plan_name: plan.name,
    effective_date: date(now - 300 * DAY),
    cpu_limit: plan.cpuLimit,
    memory_limit: plan.memoryLimit,
    storage_limit: plan.storageLimit,
    db_type: plan.dbType,
  }));
  await insert(client, 'plan_entitlements', rows);
}

async function fillUsers(client: pg.Client, shape: Shape) {
  await client.query('DELETE FROM users');
  const rows = shape.instances.map(instance => ({ id: instance.customerId, email: instance.adminEmail }));
  await insert(client, 'users', rows);
}

function serverRow(pool: PoolShape, { secret, now }: { secret: string; now: number }) {
  const made = date(now - pool.ageSeconds * 1000);
  return {
    id: pool.id,
    name: pool.name,
    host: pool.host,
    port: pool.port,
    server_type: 'shared',
    max_instances: pool.maxInstances,
    current_instances: pool.recorded,
    swarm_service_name: pool.system === 'swarm' ? pool.name : null,
    status: pool.status,
    health_status: pool.healthStatus,
    last_health_check: date(now - 60_000),
    cpu_limit: '2',
    memory_limit: '4G',
    storage_path: pool.storagePath,
    allocated_storage_gb: 200,
    postgres_version: '18',
    postgres_image: 'postgres:18-alpine',
    admin_user: POOL_USER,
    admin_password: passwordOf(POOL_USER, pool.name, secret),
    priority: pool.number * 10,
    provisioned_by: 'database-worker',
    provisioned_at: made,
    last_allocated_at: date(now - 3 * DAY),
    created_at: made,
    updated_at: date(now - 60_000),
  };
}

function instanceRow(instance: InstanceShape, poolIds: Map<string, string>, now: number) {
  const made = date(now - instance.ageSeconds * 1000);
  return {
    id: instance.id,
    customer_id: instance.customerId,
    subscription_id: instance.subscriptionId,
    name: instance.name,
    odoo_version: instance.odooVersion,
    instance_type: 'production',
    status: instance.status,
    billing_status: instance.billingStatus,
    provisioning_status: 'completed',
    cpu_limit: instance.cpuLimit,
    memory_limit: instance.memoryLimit,
    storage_limit: instance.storageLimit,
    admin_email: instance.adminEmail,
    database_name: instance.databaseName,
    subdomain: instance.subdomain,
    service_name: instance.serviceName,
    internal_url: `http://${instance.serviceName}:8069`,
    external_url: `http://${instance.subdomain}.saasodoo.test`,
    db_host: instance.poolName,
    db_port: 5432,
    db_name: instance.dbName,
    db_user: instance.dbName,
    db_type: 'shared',
    db_server_id: poolIds.get(instance.poolName) ?? null,
    plan_tier: instance.plan,
    last_health_check: date(now - 30_000),
    error_message: instance.errorMessage,
    created_at: made,
    updated_at: date(now - 30_000),
    started_at: instance.status === 'running' ? made : null,
    metadata: JSON.stringify({ system: instance.system }),
  };
}

/** All rows in one statement; every row has the same columns. */
async function insert(client: pg.Client, table: string, rows: Record<string, unknown>[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const values = rows.flatMap(row => columns.map(column => row[column]));
  const tuples = rows.map((_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`)})`);
  await client.query(`INSERT INTO ${table} (${columns}) VALUES ${tuples}`, values);
}

function date(at: number): Date {
  return new Date(at);
}
