import type { Seen } from '../../model/entity.ts';
import type { DatabaseFacts, Measure, ServerFacts } from './probe.ts';
import type { ServerRecord } from './records.ts';

export interface PoolName {
  /** Name of the source in the profile. */
  source: string;
  name: string;
  /** What tenants' databases are called; without it nobody can tell how many there are. */
  tenantPrefix: string | undefined;
}

/** What is known of a server: what the platform claims, and what the server itself answered last. */
export interface PoolState {
  record: ServerRecord | null;
  assigned: number | null;
  /** Names of the databases that the platform has assigned to it. */
  tenants: string[] | null;
  observedAt: number;
  up: boolean | null;
  downReason: string | null;
  latencyMs: number | null;
  /** It refused us because all its connections are taken. */
  full: boolean;
  version: string | null;
  maxConnections: number | null;
  /** null while it is down: what it said before is not known to hold. */
  facts: ServerFacts | null;
  /** By the name of the database, as last measured. */
  measures: ReadonlyMap<string, Measure>;
}

export const poolId = (source: string, name: string) => `${source}/pool/${name}`;

export const databaseId = ({ source, name }: PoolName, database: string) => `${source}/${name}/database/${database}`;

export function poolSeen({ source, name, tenantPrefix }: PoolName, state: PoolState): Seen<'pool'> {
  const { record, facts } = state;
  return {
    id: poolId(source, name),
    kind: 'pool',
    name,
    source,
    observedAt: state.observedAt,
    uid: record?.id ?? null,
    version: null,
    createdAt: record?.createdAt ?? null,
    labels: record?.labels ?? {},
    host: record?.host ?? null,
    port: record?.port ?? null,
    serverType: record?.serverType ?? null,
    status: record?.status ?? null,
    claimedHealth: record?.claimedHealth ?? null,
    lastCheckAt: record?.lastCheckAt ?? null,
    maxInstances: record?.maxInstances ?? null,
    recorded: record?.recorded ?? null,
    assigned: state.assigned,
    present: present(facts, tenantPrefix),
    ...strays(state, tenantPrefix),
    up: state.up,
    downReason: state.downReason,
    latencyMs: state.latencyMs,
    softwareVersion: state.version,
    connections: state.full ? state.maxConnections : (facts?.connections ?? null),
    maxConnections: state.maxConnections,
    sizeBytes: size(facts, state.measures),
    longestTransactionSeconds: facts?.longestTransactionSeconds ?? null,
  };
}

export function databaseSeen(
  pool: PoolName,
  database: DatabaseFacts,
  { observedAt, measures }: PoolState,
): Seen<'database'> {
  return {
    id: databaseId(pool, database.name),
    kind: 'database',
    name: database.name,
    source: pool.source,
    observedAt,
    uid: database.oid === null ? null : String(database.oid),
    version: null,
    createdAt: null,
    labels: {},
    pool: poolId(pool.source, pool.name),
    sizeBytes: measures.get(database.name)?.sizeBytes ?? null,
    tables: measures.get(database.name)?.tables ?? null,
    connections: database.connections,
  };
}

function present(facts: ServerFacts | null, prefix: string | undefined): number | null {
  if (!facts || prefix === undefined) return null;
  return facts.databases.filter(each => !each.template && each.name.startsWith(prefix)).length;
}

/** By name, what is assigned and not there, and the other way round. A tenant's database has its name, with the prefix or without. */
function strays(
  { facts, tenants }: PoolState,
  prefix: string | undefined,
): Pick<Seen<'pool'>, 'missing' | 'unrecorded'> {
  if (!facts || !tenants || prefix === undefined) return { missing: null, unrecorded: null };
  const there = new Set(facts.databases.filter(each => !each.template).map(({ name }) => name));
  const full = (name: string) => (name.startsWith(prefix) ? name : `${prefix}${name}`);
  const wanted = new Set(tenants.flatMap(name => [name, full(name)]));
  return {
    missing: tenants.filter(name => !there.has(name) && !there.has(full(name))).map(full),
    unrecorded: [...there].filter(name => name.startsWith(prefix) && !wanted.has(name)),
  };
}

/** All databases, templates too: what the server's disk holds. Unknown as long as one of them is. */
function size(facts: ServerFacts | null, measures: PoolState['measures']): number | null {
  if (!facts) return null;
  let sum = 0;
  for (const { name } of facts.databases) {
    const bytes = measures.get(name)?.sizeBytes ?? null;
    if (bytes === null) return null;
    sum += bytes;
  }
  return sum;
}
