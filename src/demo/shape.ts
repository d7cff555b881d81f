import { Random } from './random.ts';

/**
 * What the embedded platform consists of before anything happens: a pure function of its seed. The controllers, the
 * PostgreSQL servers and the CephFS reader all begin from it, so they agree. Ages are seconds before the start.
 */
export interface Shape {
  seed: number;
  nodes: NodeShape[];
  instances: InstanceShape[];
  pools: PoolShape[];
  directories: DirectoryShape[];
  backups: BackupShape[];
  plans: PlanShape[];
  ceph: CephShape;
}

/** A machine. While tenants move, each is a node of both orchestrators, under the same name. */
export interface NodeShape {
  name: string;
  kubernetes: 'server' | 'agent';
  swarm: 'manager' | 'worker';
  address: string;
  cores: number;
  memoryBytes: number;
  diskBytes: number;
  /** What is wrong with it at the start: its kubelet is silent, or the swarm has drained it. */
  trouble: 'not-ready' | 'drained' | null;
}

export interface InstanceShape {
  id: string;
  /** As the customer calls it. */
  name: string;
  /** `acme`: part of the names of its workload, directory and backups. */
  databaseName: string;
  /** `odoo_acme`: the database in its pool. */
  dbName: string;
  subdomain: string;
  customerId: string;
  subscriptionId: string;
  plan: string;
  status: 'running' | 'stopped' | 'paused' | 'error';
  billingStatus: 'paid' | 'trial' | 'payment_required';
  errorMessage: string | null;
  system: 'swarm' | 'kubernetes';
  /** Name of its Swarm service or Kubernetes deployment: `odoo-acme-3f9a12c4`. */
  serviceName: string;
  poolName: string;
  odooVersion: string;
  adminEmail: string;
  cpuLimit: number;
  memoryLimit: string;
  storageLimit: string;
  storageLimitBytes: number;
  usedBytes: number;
  growthBytesPerDay: number;
  /** Below /mnt/cephfs. */
  directory: string;
  ageSeconds: number;
}

export interface PoolShape {
  id: string;
  name: string;
  number: number;
  system: 'swarm' | 'kubernetes';
  host: string;
  port: number;
  status: 'active';
  healthStatus: 'healthy';
  maxInstances: number;
  /** The platform's counter, which may have drifted from the instances that name this pool. */
  recorded: number;
  /** The tenant databases that are really there, in the order of creation. */
  databases: string[];
  maxConnections: number;
  /** How many client connections are open at the start. */
  connections: number;
  storagePath: string;
  ageSeconds: number;
}

export interface PlanShape {
  name: string;
  cpuLimit: number;
  memoryLimit: string;
  storageLimit: string;
  dbType: 'shared' | 'dedicated';
}

export interface DirectoryShape {
  /** Absolute, below /mnt/cephfs. */
  path: string;
  usedBytes: number;
  quotaBytes: number | null;
  files: number;
  directories: number;
  growthBytesPerDay: number;
  changedAgoSeconds: number;
}

export interface BackupShape {
  databaseName: string;
  /** Seconds after 02:00 UTC of the last night. */
  afterTwoSeconds: number;
  databaseBytes: number;
  /** 0: the backup failed silently. */
  dataBytes: number;
}

export interface CephShape {
  fileSystem: string;
  mount: string;
  totalBytes: number;
  usedBytes: number;
  /** Share of each OSD that is used, 0 to 1. */
  osds: number[];
}

export const MOUNT = '/mnt/cephfs';
export const NAMESPACE = 'saasodoo';
export const DOMAIN = 'saasodoo.test';
export const REGISTRY = `registry.${DOMAIN}`;

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;
const TiB = 1024 * GiB;
const DAY = 86_400;

const CUSTOMERS = [
  ...['acme', 'globex', 'initech', 'umbra', 'hooli', 'stark', 'wayne', 'cyber', 'soylent', 'tyrell'],
  ...['vandelay', 'wonka', 'duff', 'oceanic', 'monarch', 'gringotts', 'aperture', 'nakatomi', 'virtucon', 'sirius'],
  ...['bluth', 'dunder', 'pied_piper', 'prestige', 'kwik', 'krusty', 'zorin', 'weyland', 'yoyodyne', 'rekall'],
  ...['omni', 'momcorp', 'planet_ex', 'spacely', 'cogswell', 'slate', 'primatech', 'massive', 'veridian', 'strickland'],
];

const PLANS: PlanShape[] = [
  { name: 'starter', cpuLimit: 1, memoryLimit: '1G', storageLimit: '5G', dbType: 'shared' },
  { name: 'standard', cpuLimit: 2, memoryLimit: '2G', storageLimit: '10G', dbType: 'shared' },
  { name: 'premium', cpuLimit: 4, memoryLimit: '4G', storageLimit: '25G', dbType: 'shared' },
];

/** The platform of a seed; `calm` leaves out everything that is not well in the default one. */
export function shapeOf({ seed = 1, calm = false }: { seed?: number; calm?: boolean } = {}): Shape {
  const random = new Random(seed);
  const instances = CUSTOMERS.map((name, index) => instanceOf(random.fork(), name, index, calm));
  const pools = [1, 2, 3].map(number => poolOf(random.fork(), number, instances, calm));
  const backups = instances.map((instance, index) => backupOf(random.fork(), instance, index, calm));
  return {
    seed,
    nodes: nodesOf(calm),
    instances,
    pools,
    directories: directoriesOf(random.fork(), instances, pools),
    backups,
    plans: PLANS,
    ceph: {
      fileSystem: 'saasodoo_fs',
      mount: MOUNT,
      totalBytes: 9 * TiB,
      usedBytes: Math.round(5.1 * TiB),
      osds: calm ? [0.55, 0.58, 0.57] : [0.41, 0.44, 0.86],
    },
  };
}

/** When the last night's backups began: the last 02:00 UTC at least an hour before `now` (milliseconds). */
export function lastNight(now: number): number {
  const two = Math.floor(now / (DAY * 1000)) * DAY * 1000 + 2 * 3600 * 1000;
  return two + 3600 * 1000 <= now ? two : two - DAY * 1000;
}

/** `20261123_020011`, as the platform's backups name their moment, in UTC. */
export function backupStamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', '_').replace(/[-:]/g, '');
}

/** Bytes of the platform's sizes: `10G`, `512M`. They are powers of 1024. */
export function bytesOf(size: string): number {
  const unit = { K: KiB, M: MiB, G: GiB, T: TiB }[size.slice(-1)];
  const bytes = Number(size.slice(0, -1)) * (unit ?? Number.NaN);
  if (!Number.isFinite(bytes)) throw new RangeError(`not a size: ${size}`);
  return bytes;
}

function nodesOf(calm: boolean): NodeShape[] {
  const node = (number: number, trouble: NodeShape['trouble'] = null): NodeShape => ({
    name: `vps-${number}`,
    kubernetes: number === 1 ? 'server' : 'agent',
    swarm: number === 1 ? 'manager' : 'worker',
    address: `10.20.0.${10 + number}`,
    cores: 8,
    memoryBytes: 8 * GiB,
    diskBytes: 200 * GiB,
    trouble: calm ? null : trouble,
  });
  return [node(1), node(2, 'drained'), node(3, 'not-ready')];
}

function instanceOf(random: Random, databaseName: string, index: number, calm: boolean): InstanceShape {
  const id = random.uuid();
  const short = id.slice(0, 8);
  const plan = index < 3 ? PLANS[1]! : random.pick(PLANS);
  const storageLimitBytes = bytesOf(plan.storageLimit);
  const system = index % 10 < 7 ? 'kubernetes' : 'swarm';
  const poolNumber = index % 20 < 9 ? 1 : index % 20 < 16 ? 2 : 3;
  const customer = databaseName.replace(/_/g, ' ').replace(/\b[a-z]/g, letter => letter.toUpperCase());
  const asleep = index === 17 || index === 38;
  return {
    id,
    name: customer,
    databaseName,
    dbName: `odoo_${databaseName}`,
    subdomain: databaseName.replace(/_/g, '-'),
    customerId: random.uuid(),
    subscriptionId: random.uuid(),
    plan: plan.name,
    status: asleep ? 'stopped' : index === 0 && !calm ? 'error' : 'running',
    billingStatus: asleep ? 'payment_required' : random.chance(0.15) ? 'trial' : 'paid',
    errorMessage: index === 0 && !calm ? 'FATAL: database "odoo_acme" does not exist' : null,
    system,
    serviceName: `odoo-${databaseName.replace(/_/g, '-')}-${short}`,
    poolName: `postgres-pool-${poolNumber}`,
    odooVersion: random.pick(['17.0', '17.0', '18.0']),
    adminEmail: `admin@${databaseName.replace(/_/g, '-')}.example`,
    cpuLimit: plan.cpuLimit,
    memoryLimit: plan.memoryLimit,
    storageLimit: plan.storageLimit,
    storageLimitBytes,
    usedBytes: Math.round(storageLimitBytes * usedShare(random, index, calm)),
    growthBytesPerDay: Math.round(random.between(1, index === 1 ? 200 : 40) * MiB),
    directory: `${MOUNT}/odoo_instances/odoo_data_${databaseName}_${short}`,
    ageSeconds: random.integer(3 * DAY, 400 * DAY),
  };
}

/** How full an instance's quota is: globex at 98 %, acme at 85 %, the rest between 10 and 70 %. */
function usedShare(random: Random, index: number, calm: boolean): number {
  const share = random.between(0.1, 0.7);
  if (calm) return share;
  return index === 1 ? 0.982 : index === 0 ? 0.85 : share;
}

function poolOf(random: Random, number: number, instances: InstanceShape[], calm: boolean): PoolShape {
  const name = `postgres-pool-${number}`;
  const assigned = instances.filter(instance => instance.poolName === name);
  const databases = assigned
    .filter(instance => calm || instance.databaseName !== 'acme')
    .map(instance => instance.dbName);
  // pool-2 drifts: its counter is one too high, and two databases outlived their tenants.
  const drifts = number === 2 && !calm;
  if (drifts) databases.push('odoo_contoso', 'odoo_fabrikam');
  const maxConnections = 100;
  return {
    id: random.uuid(),
    name,
    number,
    system: number === 1 ? 'swarm' : 'kubernetes',
    host: name,
    port: 5432,
    status: 'active',
    healthStatus: 'healthy',
    maxInstances: 50,
    recorded: assigned.length + (drifts ? 1 : 0),
    databases,
    maxConnections,
    connections: number === 3 && !calm ? 92 : random.integer(14, 32),
    storagePath: `${MOUNT}/postgres_pools/pool-${number}`,
    ageSeconds: (220 - 50 * number) * DAY,
  };
}

function backupOf(random: Random, instance: InstanceShape, index: number, calm: boolean): BackupShape {
  return {
    databaseName: instance.databaseName,
    afterTwoSeconds: index * 11 + random.integer(0, 10),
    databaseBytes: Math.round(instance.usedBytes * random.between(0.02, 0.08)),
    dataBytes: index === 1 && !calm ? 0 : Math.round(instance.usedBytes * random.between(0.3, 0.5)),
  };
}

function directoriesOf(random: Random, instances: InstanceShape[], pools: PoolShape[]): DirectoryShape[] {
  const directory = (path: string, usedBytes: number, quotaBytes: number | null, growthPerDay = 0): DirectoryShape => ({
    path,
    usedBytes,
    quotaBytes,
    files: Math.max(1, Math.round(usedBytes / random.between(150_000, 900_000))),
    directories: random.integer(12, 400),
    growthBytesPerDay: growthPerDay,
    changedAgoSeconds: random.integer(5, 7200),
  });
  const tenants = instances.map(each =>
    directory(each.directory, each.usedBytes, each.storageLimitBytes, each.growthBytesPerDay),
  );
  const poolSizes = [118 * GiB, 97 * GiB, 44 * GiB];
  const servers = pools.map((pool, index) => directory(pool.storagePath, poolSizes[index] ?? GiB, null, 300 * MiB));
  const sum = (of: DirectoryShape[]) => of.reduce((total, each) => total + each.usedBytes, 0);
  return [
    directory(`${MOUNT}/postgres_data`, 3.2 * GiB, null, 12 * MiB),
    directory(`${MOUNT}/redis_data`, 210 * MiB, null),
    directory(`${MOUNT}/rabbitmq_data`, 96 * MiB, null),
    directory(`${MOUNT}/prometheus_data`, 38 * GiB, 64 * GiB, 90 * MiB),
    directory(`${MOUNT}/killbill_db_data`, 1.4 * GiB, null, 3 * MiB),
    directory(`${MOUNT}/pgadmin_data`, 12 * MiB, null),
    directory(`${MOUNT}/docker-registry`, 64 * GiB, 128 * GiB),
    directory(`${MOUNT}/odoo_instances`, sum(tenants), null),
    directory(`${MOUNT}/odoo_backups`, Math.round(1.9 * TiB), null, 6 * GiB),
    directory(`${MOUNT}/postgres_pools`, sum(servers), null),
    ...servers,
    ...tenants,
  ].map(each => ({ ...each, usedBytes: Math.round(each.usedBytes) }));
}
