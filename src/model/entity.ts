/**
 * The nouns of a hosting platform, as every source tells them and every screen shows them.
 *
 * Units stand in the names: Bytes, Millicores, Seconds, Ms. Times are milliseconds since 1970. What is not known is
 * `null`, never 0 and never an empty text. Every text has passed `printable`.
 */

export type Health = 'ok' | 'busy' | 'warn' | 'bad' | 'off' | 'unknown';

export type System = 'kubernetes' | 'swarm';

export interface Entity {
  /** Unique over all sources, beginning with the source's name: `prod/saasodoo/pod/odoo-x-7f`. */
  id: string;
  kind: Kind;
  name: string;
  /** The source's name in the profile. */
  source: string;
  /** When the source last saw it as it stands here. */
  observedAt: number;
  health: Health;
  /** One line: why it is not well, or what is special about it. */
  reason: string | null;
  /** The system's own identity: another object under the same name has another one. */
  uid: string | null;
  /** The system's own version of the object: Kubernetes resourceVersion, Swarm Version.Index. */
  version: string | null;
  createdAt: number | null;
  labels: Labels;
}

export type Labels = Readonly<Record<string, string>>;

export interface Node extends Entity {
  kind: 'node';
  system: System;
  roles: string[];
  /** The system's word: ready, not ready, down, disconnected, unknown. */
  state: string;
  ready: boolean | null;
  /** The system's reason for a state that is not ready. */
  stateReason: string | null;
  stateSince: number | null;
  /** Takes new replicas; keeps what it has but takes none (cordoned, pause); is being or has been emptied. */
  availability: 'active' | 'pause' | 'drain';
  /** The leader among Swarm managers. */
  leader: boolean;
  /** Memory, disk, PID and network conditions that are true. */
  pressures: string[];
  cpuMillicores: number | null;
  cpuUsedMillicores: number | null;
  memoryBytes: number | null;
  memoryUsedBytes: number | null;
  diskBytes: number | null;
  diskUsedBytes: number | null;
  replicaCapacity: number | null;
  address: string | null;
  /** Of kubelet or engine. */
  softwareVersion: string | null;
}

export type WorkloadType =
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'Job'
  | 'CronJob'
  | 'Service' // Swarm, replicated
  | 'Global' // Swarm, one on each node
  | 'ReplicatedJob'
  | 'GlobalJob';

export interface Rollout {
  state: 'updating' | 'paused' | 'failed' | 'rolling back' | 'rolled back';
  message: string | null;
  since: number | null;
}

export interface Workload extends Entity {
  kind: 'workload';
  system: System;
  type: WorkloadType;
  /** Kubernetes namespace; Swarm stack. */
  namespace: string | null;
  wanted: number | null;
  ready: number | null;
  /** At the newest specification. */
  updated: number | null;
  images: string[];
  rollout: Rollout | null;
  /** The system's own sentence about why it is not where it should be. */
  message: string | null;
  /** Jobs: runs that ended well, and that did not. */
  succeeded: number | null;
  failed: number | null;
  /** CronJobs: cron expression, and whether it is switched off. */
  schedule: string | null;
  suspended: boolean;
  lastRunAt: number | null;
  finishedAt: number | null;
  /** Who else manages it: "Helm release web", "stack saasodoo", "Argo CD". */
  managedBy: string | null;
  /** Id of the workload that made it: a CronJob for its Jobs. */
  owner: string | null;
  strategy: string | null;
  /** Summed over its replicas by the fleet. */
  restarts: number | null;
  cpuUsedMillicores: number | null;
  memoryUsedBytes: number | null;
}

export interface Replica extends Entity {
  kind: 'replica';
  system: System;
  namespace: string | null;
  /** Id of its workload. */
  workload: string | null;
  /** Id of the node that it was given to; null while it waits for one. */
  node: string | null;
  /** The system's word for where it stands: Running, CrashLoopBackOff, Pending, Completed; running, rejected, … */
  state: string;
  /** Runs and passes its health checks. */
  ready: boolean;
  /** What the system wants of it: a task or pod on its way out counts for nothing. */
  wanted: 'running' | 'completed' | 'gone';
  containers: number;
  containersReady: number;
  restarts: number | null;
  lastRestartAt: number | null;
  /** The system's words about a state that is not well: a waiting message, a task error, a scheduler's reason. */
  message: string | null;
  exitCode: number | null;
  startedAt: number | null;
  ip: string | null;
  image: string | null;
  cpuUsedMillicores: number | null;
  memoryUsedBytes: number | null;
  cpuRequestMillicores: number | null;
  cpuLimitMillicores: number | null;
  memoryRequestBytes: number | null;
  memoryLimitBytes: number | null;
  /** Swarm: the slot in its service; ended tasks of a slot are its history. */
  slot: number | null;
}

/** A Kubernetes Service and how many endpoints answer for it. */
export interface Service extends Entity {
  kind: 'service';
  namespace: string | null;
  type: string;
  address: string | null;
  ports: string[];
  selector: Labels;
  endpointsReady: number | null;
  endpoints: number | null;
}

/** A PersistentVolumeClaim. */
export interface Claim extends Entity {
  kind: 'claim';
  namespace: string | null;
  state: string;
  capacityBytes: number | null;
  storageClass: string | null;
  volume: string | null;
}

export interface Network extends Entity {
  kind: 'network';
  driver: string;
  scope: string;
  attachable: boolean;
}

/** A PostgreSQL server that holds tenants' databases, or the platform's own. */
export interface Pool extends Entity {
  kind: 'pool';
  host: string | null;
  port: number | null;
  /** The platform's own record: type, status, and its claim about health, which proves nothing. */
  serverType: string | null;
  status: string | null;
  claimedHealth: string | null;
  lastCheckAt: number | null;
  maxInstances: number | null;
  /** The platform's counter, the instances assigned to it, the tenant databases that are there. */
  recorded: number | null;
  assigned: number | null;
  present: number | null;
  /** Databases of tenants that are assigned and not there, and those that are there of no tenant; null: not known. */
  missing: string[] | null;
  unrecorded: string[] | null;
  /** Our own probe. null: not asked yet. */
  up: boolean | null;
  /** Why it is not up, in the server's or the network's words. */
  downReason: string | null;
  latencyMs: number | null;
  softwareVersion: string | null;
  connections: number | null;
  maxConnections: number | null;
  sizeBytes: number | null;
  longestTransactionSeconds: number | null;
}

export interface Database extends Entity {
  kind: 'database';
  /** Id of its pool. */
  pool: string;
  sizeBytes: number | null;
  connections: number | null;
  /** With its views. PostgreSQL tells it to who is in that database only. */
  tables: number | null;
}

/** A CephFS directory with its recursive statistics. */
export interface Directory extends Entity {
  kind: 'directory';
  path: string;
  usedBytes: number | null;
  quotaBytes: number | null;
  /** Files and directories, itself included: what CephFS holds against `quotaFiles`. */
  entries: number | null;
  files: number | null;
  quotaFiles: number | null;
  changedAt: number | null;
}

export interface StorageCheck {
  code: string;
  severity: 'warn' | 'bad';
  summary: string;
  muted: boolean;
}

/** A Ceph cluster with its file system. */
export interface Storage extends Entity {
  kind: 'storage';
  /** HEALTH_OK, HEALTH_WARN, HEALTH_ERR. */
  status: string | null;
  checks: StorageCheck[];
  totalBytes: number | null;
  usedBytes: number | null;
  availableBytes: number | null;
  osds: number | null;
  osdsUp: number | null;
  osdsIn: number | null;
  mdsActive: number | null;
  mdsStandby: number | null;
  /** Active metadata servers that no longer report: the only sign of a dead sole MDS. */
  mdsLaggy: number | null;
  monitors: number | null;
  monitorsInQuorum: number | null;
  /** Without a manager, rates and usage are frozen numbers. */
  managerAvailable: boolean | null;
  readBytesPerSecond: number | null;
  writeBytesPerSecond: number | null;
}

/** A tenant. */
export interface Instance extends Entity {
  kind: 'instance';
  databaseName: string | null;
  customer: string | null;
  plan: string | null;
  status: string | null;
  billingStatus: string | null;
  provisioningStatus: string | null;
  /** Id of the pool. */
  pool: string | null;
  storageLimitBytes: number | null;
  url: string | null;
  error: string | null;
  /** The workload's name as the platform recorded it. */
  serviceName: string | null;
}

/** A Traefik router read from a workload's labels, or a Kubernetes Ingress. */
export interface Route extends Entity {
  kind: 'route';
  /** Of Kubernetes; a router of labels stands in none. */
  namespace?: string | null;
  rule: string;
  hosts: string[];
  paths: string[];
  middlewares: string[];
  port: number | null;
  /** Id of the workload that it leads to. */
  workload: string | null;
}

export interface Backup extends Entity {
  kind: 'backup';
  databaseName: string;
  takenAt: number;
  /** When the last of its files was written to; null: not known. */
  writtenAt: number | null;
  path: string | null;
  /** null: that file is not there. */
  databaseBytes: number | null;
  dataBytes: number | null;
}

/** A probed endpoint. */
export interface Check extends Entity {
  kind: 'check';
  url: string;
  /** HTTP status; null when no answer came. */
  status: number | null;
  latencyMs: number | null;
  /** Why it counts as failed. */
  failure: string | null;
}

/** The machine that the program runs on. */
export interface Host extends Entity {
  kind: 'host';
  cpuMillicores: number | null;
  cpuUsedMillicores: number | null;
  memoryBytes: number | null;
  memoryUsedBytes: number | null;
  diskBytes: number | null;
  diskUsedBytes: number | null;
  load: number | null;
  softwareVersion: string | null;
}

/** An object of Kubernetes of any kind, read when it was asked for and not watched: a Secret, a Role. */
export interface KubeObject extends Entity {
  kind: 'object';
  namespace: string | null;
  /** `Secret` */
  type: string;
  /** `secrets`, and the group of its API: empty for the core's. */
  resource: string;
  group: string;
}

export interface Nouns {
  node: Node;
  workload: Workload;
  replica: Replica;
  service: Service;
  claim: Claim;
  network: Network;
  pool: Pool;
  database: Database;
  directory: Directory;
  storage: Storage;
  instance: Instance;
  route: Route;
  backup: Backup;
  check: Check;
  host: Host;
  object: KubeObject;
}

export type Kind = keyof Nouns;
export type Noun = Nouns[Kind];

/** A noun as a source sees it: health is judged later, in one place. */
export type Seen<K extends Kind = Kind> = K extends Kind ? Omit<Nouns[K], 'health' | 'reason'> : never;

/** Those that are watched. */
export const KINDS = [
  'node',
  'workload',
  'replica',
  'service',
  'claim',
  'network',
  'pool',
  'database',
  'directory',
  'storage',
  'instance',
  'route',
  'backup',
  'check',
  'host',
] as const satisfies Kind[];

/** With what is only read when it is asked for. */
export const EVERY_KIND = [...KINDS, 'object'] as const satisfies Kind[];
