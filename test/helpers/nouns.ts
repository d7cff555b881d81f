import type {
  Backup,
  Check,
  Directory,
  Instance,
  Node,
  Nouns,
  Pool,
  Replica,
  Seen,
  Service,
  Storage,
  Workload,
} from '../../src/model/entity.ts';

/** Nouns for tests: well unless told otherwise. */

const base = (source: string, path: string, name: string) => ({
  id: `${source}/${path}/${name}`,
  name,
  source,
  observedAt: 0,
  uid: null,
  version: null,
  createdAt: null,
  labels: {},
});

export function node(name: string, change: Partial<Node> = {}): Seen<'node'> {
  return {
    ...base('prod', 'node', name),
    kind: 'node',
    system: 'kubernetes',
    roles: ['agent'],
    state: 'ready',
    ready: true,
    stateReason: null,
    stateSince: null,
    availability: 'active',
    leader: false,
    pressures: [],
    cpuMillicores: 4000,
    cpuUsedMillicores: 1000,
    memoryBytes: 8 * 2 ** 30,
    memoryUsedBytes: 4 * 2 ** 30,
    diskBytes: null,
    diskUsedBytes: null,
    replicaCapacity: 110,
    address: '192.0.2.1',
    softwareVersion: 'v1.35.4',
    ...change,
  };
}

export function workload(name: string, change: Partial<Workload> = {}): Seen<'workload'> {
  return {
    ...base('prod', 'saasodoo/deployment', name),
    kind: 'workload',
    system: 'kubernetes',
    type: 'Deployment',
    namespace: 'saasodoo',
    wanted: 1,
    ready: 1,
    updated: 1,
    images: ['example/web:1'],
    rollout: null,
    message: null,
    succeeded: null,
    failed: null,
    schedule: null,
    suspended: false,
    lastRunAt: null,
    finishedAt: null,
    managedBy: null,
    owner: null,
    strategy: null,
    restarts: null,
    cpuUsedMillicores: null,
    memoryUsedBytes: null,
    ...change,
  };
}

export function replica(name: string, of: string, change: Partial<Replica> = {}): Seen<'replica'> {
  return {
    ...base('prod', 'saasodoo/pod', name),
    kind: 'replica',
    system: 'kubernetes',
    namespace: 'saasodoo',
    workload: `prod/saasodoo/deployment/${of}`,
    node: 'prod/node/w1',
    state: 'Running',
    ready: true,
    wanted: 'running',
    containers: 1,
    containersReady: 1,
    restarts: 0,
    lastRestartAt: null,
    message: null,
    exitCode: null,
    startedAt: 0,
    ip: null,
    image: null,
    cpuUsedMillicores: null,
    memoryUsedBytes: null,
    cpuRequestMillicores: null,
    cpuLimitMillicores: null,
    memoryRequestBytes: null,
    memoryLimitBytes: null,
    slot: null,
    ...change,
  };
}

export function service(name: string, change: Partial<Service> = {}): Seen<'service'> {
  return {
    ...base('prod', 'saasodoo/service', name),
    kind: 'service',
    namespace: 'saasodoo',
    type: 'ClusterIP',
    address: '10.43.0.7',
    ports: ['80/TCP'],
    selector: {},
    endpointsReady: 1,
    endpoints: 1,
    ...change,
  };
}

export function pool(name: string, change: Partial<Pool> = {}): Seen<'pool'> {
  return {
    ...base('postgres', 'pool', name),
    kind: 'pool',
    host: name,
    port: 5432,
    serverType: 'shared',
    status: 'active',
    claimedHealth: 'healthy',
    lastCheckAt: null,
    maxInstances: 50,
    recorded: 20,
    assigned: 20,
    present: 20,
    missing: [],
    unrecorded: [],
    up: true,
    downReason: null,
    latencyMs: 40,
    softwareVersion: '18.4',
    connections: 48,
    maxConnections: 100,
    sizeBytes: 97 * 2 ** 30,
    longestTransactionSeconds: null,
    ...change,
  };
}

export function directory(name: string, change: Partial<Directory> = {}): Seen<'directory'> {
  return {
    ...base('cephfs', 'dir', name),
    kind: 'directory',
    path: `/mnt/cephfs/${name}`,
    usedBytes: 2 ** 30,
    quotaBytes: 10 * 2 ** 30,
    entries: 11,
    files: 10,
    quotaFiles: null,
    changedAt: null,
    ...change,
  };
}

export function check(name: string, change: Partial<Check> = {}): Seen<'check'> {
  return {
    ...base('http', 'check', name),
    kind: 'check',
    url: `http://${name}.test/health`,
    status: 200,
    latencyMs: 20,
    failure: null,
    ...change,
  };
}

export function instance(name: string, change: Partial<Instance> = {}): Seen<'instance'> {
  return {
    ...base('postgres', 'instance', name),
    kind: 'instance',
    databaseName: name,
    customer: null,
    plan: null,
    status: 'running',
    billingStatus: 'paid',
    provisioningStatus: 'completed',
    pool: 'postgres/pool/pool-1',
    storageLimitBytes: null,
    url: null,
    error: null,
    serviceName: `tenant-${name}`,
    ...change,
  };
}

/** @param takenAt milliseconds since 1970 */
export function backup(database: string, takenAt: number, change: Partial<Backup> = {}): Seen<'backup'> {
  return {
    ...base('cephfs', 'backup', `${database}_${takenAt}`),
    kind: 'backup',
    databaseName: database,
    takenAt,
    writtenAt: takenAt + 60_000,
    path: `/mnt/cephfs/backups/${database}_${takenAt}_database.sql`,
    databaseBytes: 200 * 2 ** 20,
    dataBytes: 4 * 2 ** 30,
    ...change,
  };
}

export function storage(name: string, change: Partial<Storage> = {}): Seen<'storage'> {
  return {
    ...base('cephfs', 'storage', name),
    kind: 'storage',
    status: 'HEALTH_OK',
    checks: [],
    totalBytes: 9 * 2 ** 40,
    usedBytes: 5 * 2 ** 40,
    availableBytes: 4 * 2 ** 40,
    osds: 3,
    osdsUp: 3,
    osdsIn: 3,
    mdsActive: 1,
    mdsStandby: 1,
    mdsLaggy: 0,
    monitors: 3,
    monitorsInQuorum: 3,
    managerAvailable: true,
    readBytesPerSecond: 0,
    writeBytesPerSecond: 0,
    ...change,
  };
}

/** A noun as the fleet holds it, for what judges or draws one. */
export function judged<K extends keyof Nouns>(seen: Seen<K>, change: Partial<Nouns[K]> = {}): Nouns[K] {
  return { ...seen, health: 'ok', reason: null, ...change } as unknown as Nouns[K];
}
