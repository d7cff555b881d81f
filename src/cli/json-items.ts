import * as z from 'zod';

/** The shapes of what lists hold. What is listed here is there in every item; what is not known is null. */

export const Text = z.string().nullable();
export const Amount = z.number().nullable();
export const Time = z.iso.datetime();
export const Health = z.enum(['ok', 'busy', 'warn', 'bad', 'off', 'unknown']);
const Labels = z.record(z.string(), z.string());
const noun = {
  id: z.string().describe('unique over all sources'),
  name: z.string(),
  source: z.string().describe('its name in the profile'),
  health: Health,
  reason: Text.describe('one line: why it is not well'),
  observedAt: Time.describe('when the source last saw it as it stands here'),
  createdAt: Time.nullable(),
  ageSeconds: Amount.describe('since it was made; for backups since they were taken'),
  uid: Text.describe('the identity that the system itself gives it'),
  version: Text.describe('resourceVersion of Kubernetes, Version.Index of Swarm'),
  labels: Labels,
};
/** What every noun has. */
export const NounItem = z.strictObject(noun);

const system = z.enum(['kubernetes', 'swarm']);
const usage = { cpuUsedMillicores: Amount, memoryUsedBytes: Amount };

export const NodeItem = z.strictObject({
  ...noun,
  kind: z.literal('Node'),
  system,
  roles: z.array(z.string()),
  state: z.string(),
  ready: z.boolean().nullable(),
  stateReason: Text,
  stateSince: Time.nullable(),
  availability: z.enum(['active', 'pause', 'drain']).describe('pause: cordoned; drain: being or been emptied'),
  leader: z.boolean(),
  pressures: z.array(z.string()).describe('memory, disk, PID and network conditions that are true'),
  cpuMillicores: Amount,
  memoryBytes: Amount,
  ...usage,
  diskBytes: Amount,
  diskUsedBytes: Amount,
  replicaCapacity: Amount.describe('pods that it may hold'),
  address: Text,
  softwareVersion: Text,
});

export const WorkloadItem = z.strictObject({
  ...noun,
  kind: z.literal('Workload'),
  system,
  type: z.enum([
    'Deployment',
    'StatefulSet',
    'DaemonSet',
    'Job',
    'CronJob',
    'Service',
    'Global',
    'ReplicatedJob',
    'GlobalJob',
  ]),
  namespace: Text,
  wanted: Amount,
  ready: Amount,
  updated: Amount.describe('replicas at the newest specification'),
  images: z.array(z.string()),
  rollout: z
    .strictObject({
      state: z.enum(['updating', 'paused', 'failed', 'rolling back', 'rolled back']),
      message: Text,
      since: Time.nullable(),
    })
    .nullable(),
  message: Text,
  succeeded: Amount.describe('of jobs'),
  failed: Amount.describe('of jobs'),
  schedule: Text,
  suspended: z.boolean(),
  lastRunAt: Time.nullable(),
  finishedAt: Time.nullable(),
  managedBy: Text,
  owner: Text,
  ownerId: Text.describe('the workload that made it: a CronJob for its Jobs'),
  strategy: Text,
  restarts: Amount.describe('of its replicas together'),
  ...usage,
});

export const ReplicaItem = z.strictObject({
  ...noun,
  kind: z.enum(['Pod', 'Task']),
  system,
  namespace: Text,
  workload: Text,
  workloadId: Text,
  node: Text,
  nodeId: Text,
  state: z.string(),
  ready: z.boolean(),
  wanted: z.enum(['running', 'completed', 'gone']).describe('what the system wants of it'),
  containers: z.number(),
  containersReady: z.number(),
  restarts: Amount,
  lastRestartAt: Time.nullable(),
  message: Text,
  exitCode: Amount,
  startedAt: Time.nullable(),
  ip: Text,
  image: Text,
  ...usage,
  cpuRequestMillicores: Amount,
  cpuLimitMillicores: Amount,
  memoryRequestBytes: Amount,
  memoryLimitBytes: Amount,
  slot: Amount.describe('of a Swarm task'),
});

export const ServiceItem = z.strictObject({
  ...noun,
  kind: z.literal('Service'),
  namespace: Text,
  type: z.string(),
  address: Text,
  ports: z.array(z.string()),
  selector: Labels,
  endpointsReady: Amount,
  endpoints: Amount,
});

export const ClaimItem = z.strictObject({
  ...noun,
  kind: z.literal('Claim'),
  namespace: Text,
  state: z.string(),
  capacityBytes: Amount,
  storageClass: Text,
  volume: Text,
});

export const NetworkItem = z.strictObject({
  ...noun,
  kind: z.literal('Network'),
  driver: z.string(),
  scope: z.string(),
  attachable: z.boolean(),
});

export const PoolItem = z.strictObject({
  ...noun,
  kind: z.literal('Pool'),
  host: Text,
  port: Amount,
  serverType: Text,
  status: Text,
  claimedHealth: Text.describe('what the platform says, which proves nothing'),
  lastCheckAt: Time.nullable(),
  maxInstances: Amount,
  recorded: Amount.describe("instances by the platform's counter"),
  assigned: Amount.describe('instances that name this pool'),
  present: Amount.describe('tenant databases that are there'),
  missing: z.array(z.string()).nullable().describe('databases of assigned tenants that are not there'),
  unrecorded: z.array(z.string()).nullable().describe('tenant databases that are there and belong to no tenant'),
  up: z.boolean().nullable().describe('by our own probe; null: not asked yet'),
  downReason: Text,
  latencyMs: Amount,
  softwareVersion: Text,
  connections: Amount,
  maxConnections: Amount,
  sizeBytes: Amount,
  longestTransactionSeconds: Amount,
});

export const DatabaseItem = z.strictObject({
  ...noun,
  kind: z.literal('Database'),
  pool: Text,
  poolId: Text,
  sizeBytes: Amount,
  connections: Amount,
  tables: Amount.describe('with views, of a MariaDB; null: not asked'),
});

export const DirectoryItem = z.strictObject({
  ...noun,
  kind: z.literal('Directory'),
  path: z.string(),
  usedBytes: Amount,
  quotaBytes: Amount,
  entries: Amount.describe('files and directories: what counts against quotaFiles'),
  files: Amount,
  quotaFiles: Amount,
  changedAt: Time.nullable(),
});

export const StorageItem = z.strictObject({
  ...noun,
  kind: z.literal('Storage'),
  status: Text,
  checks: z.array(
    z.strictObject({ code: z.string(), severity: z.enum(['warn', 'bad']), summary: z.string(), muted: z.boolean() }),
  ),
  totalBytes: Amount,
  usedBytes: Amount,
  availableBytes: Amount,
  osds: Amount,
  osdsUp: Amount,
  osdsIn: Amount,
  mdsActive: Amount,
  mdsStandby: Amount,
  mdsLaggy: Amount.describe('active metadata servers that no longer report'),
  monitors: Amount,
  monitorsInQuorum: Amount,
  managerAvailable: z.boolean().nullable(),
  readBytesPerSecond: Amount,
  writeBytesPerSecond: Amount,
});

export const InstanceItem = z.strictObject({
  ...noun,
  kind: z.literal('Instance'),
  databaseName: Text,
  customer: Text,
  plan: Text,
  status: Text,
  billingStatus: Text,
  provisioningStatus: Text,
  pool: Text,
  poolId: Text,
  storageLimitBytes: Amount,
  url: Text,
  error: Text,
  serviceName: Text,
});

export const RouteItem = z.strictObject({
  ...noun,
  kind: z.literal('Route'),
  namespace: Text.describe('of a Kubernetes Ingress or IngressRoute; null for a Traefik router of Swarm'),
  rule: z.string().describe('of Traefik, or an Ingress in words'),
  hosts: z.array(z.string()),
  paths: z.array(z.string()),
  middlewares: z.array(z.string()),
  port: Amount,
  workload: Text,
  workloadId: Text,
});

export const BackupItem = z.strictObject({
  ...noun,
  kind: z.literal('Backup'),
  databaseName: z.string(),
  takenAt: Time,
  writtenAt: Time.nullable().describe('when the last of its files was written to'),
  path: Text,
  databaseBytes: Amount.describe('null: that file is not there'),
  dataBytes: Amount.describe('null: that file is not there; 0: the backup failed silently'),
});

export const CheckItem = z.strictObject({
  ...noun,
  kind: z.literal('Check'),
  url: z.string(),
  status: Amount.describe('of HTTP; null when no answer came'),
  latencyMs: Amount,
  failure: Text.describe('why it counts as failed'),
});

export const HostItem = z.strictObject({
  ...noun,
  kind: z.literal('Host'),
  cpuMillicores: Amount,
  memoryBytes: Amount,
  ...usage,
  diskBytes: Amount,
  diskUsedBytes: Amount,
  load: Amount,
  softwareVersion: Text,
});

export const EventItem = z.strictObject({
  id: z.string(),
  kind: z.literal('Event'),
  name: z.string(),
  source: z.string(),
  health: Health,
  reason: z.string(),
  observedAt: Time,
  firstAt: Time,
  severity: z.enum(['info', 'warn', 'bad']),
  about: Text.describe('id of the noun that it is about'),
  message: z.string(),
  count: z.number(),
});

export const Item = z.discriminatedUnion('kind', [
  NodeItem,
  WorkloadItem,
  ReplicaItem,
  ServiceItem,
  ClaimItem,
  NetworkItem,
  PoolItem,
  DatabaseItem,
  DirectoryItem,
  StorageItem,
  InstanceItem,
  RouteItem,
  BackupItem,
  CheckItem,
  HostItem,
  EventItem,
]);
