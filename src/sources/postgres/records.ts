import type { Labels, Seen } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import { parseBytes } from '../../text/quantity.ts';
import type { Row } from './session.ts';

/** A server as the platform's table has it: its claims, none of them proven. */
export interface ServerRecord {
  id: string;
  name: string;
  host: string | null;
  port: number | null;
  serverType: string | null;
  status: string | null;
  claimedHealth: string | null;
  lastCheckAt: number | null;
  maxInstances: number | null;
  recorded: number | null;
  createdAt: number | null;
  labels: Labels;
}

const SERVER_LABELS = [
  'swarm_service_name',
  'storage_path',
  'node_placement',
  'allocation_strategy',
  'priority',
  'cpu_limit',
  'memory_limit',
  'postgres_version',
];

/** The columns that are read where they are there. */
export const SERVER_COLUMNS = [
  ...['id', 'name', 'host', 'port', 'server_type', 'status', 'health_status', 'last_health_check'],
  ...['max_instances', 'current_instances', 'created_at'],
  ...SERVER_LABELS,
];
export const INSTANCE_COLUMNS = [
  ...['id', 'name', 'customer_id', 'database_name', 'plan_tier', 'status', 'billing_status', 'provisioning_status'],
  ...['storage_limit', 'external_url', 'service_name', 'db_server_id', 'error_message', 'created_at'],
];

export function serverRecord(row: Row): ServerRecord {
  const id = text(row.id) ?? text(row.name) ?? 'without-id';
  return {
    id,
    name: text(row.name) ?? id.slice(0, 8),
    host: text(row.host),
    port: number(row.port),
    serverType: text(row.server_type),
    status: text(row.status),
    claimedHealth: text(row.health_status),
    lastCheckAt: time(row.last_health_check),
    maxInstances: number(row.max_instances),
    recorded: number(row.current_instances),
    createdAt: time(row.created_at),
    labels: labels(row, SERVER_LABELS),
  };
}

/** `short` is its name in ids; `pool` the id of its pool. Columns that the model has no field for become labels. */
export function instanceSeen(
  row: Row,
  { source, short, pool, at }: { source: string; short: string; pool: string | null; at: number },
): Seen<'instance'> {
  const error = text(row.error_message);
  const limit = text(row.storage_limit);
  return {
    id: `${source}/instance/${short}`,
    kind: 'instance',
    name: text(row.name) ?? short,
    source,
    observedAt: at,
    uid: text(row.id),
    version: null,
    createdAt: time(row.created_at),
    labels: labels(
      row,
      Object.keys(row).filter(column => !INSTANCE_COLUMNS.includes(column)),
    ),
    databaseName: text(row.database_name),
    customer: text(row.customer_id),
    plan: text(row.plan_tier),
    status: text(row.status),
    billingStatus: text(row.billing_status),
    provisioningStatus: text(row.provisioning_status),
    pool,
    storageLimitBytes: limit === null ? null : parseBytes(limit),
    url: text(row.external_url),
    error: error === null ? null : maskText(error),
    serviceName: text(row.service_name),
  };
}

/** The names of tenants' databases by the id of the server that they are assigned to; null: one that is not told. */
export function databasesByServer(rows: Row[]): Map<string, (string | null)[]> {
  const assigned = rows.filter(row => row.db_server_id !== null && row.db_server_id !== undefined);
  const byServer = Map.groupBy(assigned, row => String(row.db_server_id));
  return new Map([...byServer].map(([server, rows]) => [server, rows.map(row => text(row.database_name))]));
}

/**
 * Short names for ids: a tenant's database name, else the first 8 of its id. Where rows share a database name (a tenant
 * that was made anew) the one that is not terminated keeps it alone, and the others are told apart by their id.
 */
export function shortNames(rows: Row[]): string[] {
  const names = rows.map(row => text(row.database_name) ?? (text(row.id) ?? 'without-id').slice(0, 8));
  const owners = new Map<string, number>();
  rows.forEach((row, index) => {
    const name = names[index] ?? '';
    const owner = rows[owners.get(name) ?? -1];
    if (owner === undefined || newer(row, owner)) owners.set(name, index);
  });
  return names.map((name, index) =>
    owners.get(name) === index ? name : `${name}-${(text(rows[index]?.id) ?? String(index)).slice(0, 8)}`,
  );
}

function newer(row: Row, other: Row): boolean {
  const ended = (of: Row) => of.status === 'terminated';
  if (ended(row) !== ended(other)) return ended(other);
  return (time(row.created_at) ?? 0) > (time(other.created_at) ?? 0);
}

function text(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value), 1000);
}

function number(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

/** PostgreSQL writes times in JSON as ISO 8601; one without a zone is taken as UTC, which the platform writes. */
function time(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const at = Date.parse(/(Z|[+-]\d{2}(:?\d{2})?)$/.test(value.slice(10)) ? value : `${value}Z`);
  return Number.isNaN(at) ? null : at;
}

function labels(row: Row, columns: string[]): Labels {
  return Object.fromEntries(
    columns.flatMap(column => {
      const value = text(row[column]);
      return value === null ? [] : [[column, value]];
    }),
  );
}
