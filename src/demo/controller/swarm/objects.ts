/** The Docker Engine API's objects, as the embedded swarm keeps and serves them. */
export interface SwarmObject {
  ID: string;
  Version: { Index: number };
  CreatedAt: string;
  UpdatedAt: string;
}

export interface SwarmNode extends SwarmObject {
  Spec: { Name?: string; Labels: Labels; Role: 'manager' | 'worker'; Availability: Availability };
  Description: {
    Hostname: string;
    Platform: { Architecture: string; OS: string };
    Resources: { NanoCPUs: number; MemoryBytes: number };
    Engine: { EngineVersion: string; Plugins: { Type: string; Name: string }[] };
  };
  Status: { State: 'ready' | 'down' | 'unknown' | 'disconnected'; Message?: string; Addr: string };
  ManagerStatus?: { Leader?: boolean; Reachability: string; Addr: string };
}

export type Availability = 'active' | 'pause' | 'drain';
export type Labels = Record<string, string>;

export interface ServiceSpec {
  Name: string;
  Labels: Labels;
  TaskTemplate: TaskSpec;
  /** One of these. */
  Mode: {
    Replicated?: { Replicas?: number };
    Global?: object;
    ReplicatedJob?: { MaxConcurrent?: number; TotalCompletions?: number };
    GlobalJob?: object;
  };
  UpdateConfig?: UpdateConfig;
  RollbackConfig?: UpdateConfig;
  EndpointSpec?: { Mode?: string; Ports?: Port[] };
  Networks?: { Target: string }[];
}

export interface UpdateConfig {
  /** 0: all at once. */
  Parallelism: number;
  /** Nanoseconds. */
  Delay?: number;
  FailureAction?: 'pause' | 'continue' | 'rollback';
  /** Nanoseconds. */
  Monitor?: number;
  MaxFailureRatio?: number;
  Order?: 'stop-first' | 'start-first';
}

export interface Port {
  Protocol: string;
  TargetPort: number;
  PublishedPort?: number;
  PublishMode: string;
}

export interface TaskSpec {
  ContainerSpec: {
    Image: string;
    Labels?: Labels;
    Command?: string[];
    Args?: string[];
    Env?: string[];
    /** Nanoseconds. */
    StopGracePeriod?: number;
    StopSignal?: string;
    Healthcheck?: { Test: string[]; Interval?: number; StartPeriod?: number; Retries?: number };
    TTY?: boolean;
    [field: string]: unknown;
  };
  Resources?: {
    Limits?: { NanoCPUs?: number; MemoryBytes?: number };
    Reservations?: { NanoCPUs?: number; MemoryBytes?: number };
  };
  RestartPolicy?: { Condition?: 'any' | 'on-failure' | 'none'; Delay?: number; MaxAttempts?: number; Window?: number };
  Placement?: { Constraints?: string[] };
  Networks?: { Target: string }[];
  ForceUpdate: number;
  Runtime?: string;
}

export interface SwarmService extends SwarmObject {
  Spec: ServiceSpec;
  PreviousSpec?: ServiceSpec;
  Endpoint: { Spec: object; Ports?: Port[]; VirtualIPs?: { NetworkID: string; Addr: string }[] };
  UpdateStatus?: UpdateStatus;
  /** Of jobs; each update runs them anew. */
  JobStatus?: { JobIteration: { Index?: number }; LastExecution: string };
}

export interface UpdateStatus {
  State: 'updating' | 'paused' | 'completed' | 'rollback_started' | 'rollback_paused' | 'rollback_completed';
  StartedAt: string;
  CompletedAt?: string;
  Message: string;
}

export type TaskState =
  | 'new'
  | 'pending'
  | 'assigned'
  | 'preparing'
  | 'ready'
  | 'starting'
  | 'running'
  | 'complete'
  | 'shutdown'
  | 'failed'
  | 'rejected'
  | 'remove'
  | 'orphaned';

export interface Task extends SwarmObject {
  Labels: Labels;
  Spec: TaskSpec;
  ServiceID: string;
  /** Of replicated services; those of jobs begin with 0. */
  Slot?: number;
  NodeID?: string;
  Status: TaskStatus;
  DesiredState: TaskState;
  JobIteration?: { Index?: number };
  NetworksAttachments?: { Network: { ID: string; Spec: { Name: string } }; Addresses: string[] }[];
}

export interface TaskStatus {
  Timestamp: string;
  State: TaskState;
  Message: string;
  Err?: string;
  ContainerStatus?: { ContainerID: string; PID: number; ExitCode: number };
  PortStatus: object;
}

/** A secret or a config. The data of a secret are not even kept. */
export interface SafeObject extends SwarmObject {
  Spec: { Name: string; Labels: Labels; Data?: string };
}

export interface SwarmNetwork {
  Name: string;
  Id: string;
  Created: string;
  Scope: 'swarm' | 'local';
  Driver: string;
  EnableIPv6: boolean;
  IPAM: { Driver: string; Options: null; Config: { Subnet: string; Gateway: string }[] };
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  ConfigFrom: { Network: string };
  ConfigOnly: boolean;
  Containers: object | null;
  Options: Labels | null;
  Labels: Labels | null;
}

/** The order in which a task walks; what comes after `running` is an end. */
const ORDER: TaskState[] = [
  'new',
  'pending',
  'assigned',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
  'remove',
  'orphaned',
];

/** It has ended, one way or another. */
export function isOver(task: Task): boolean {
  return ORDER.indexOf(task.Status.State) > ORDER.indexOf('running');
}

/** The swarm still wants it, running or, of a job, complete. */
export function isWanted(task: Task): boolean {
  return ORDER.indexOf(task.DesiredState) <= ORDER.indexOf('complete');
}

/** RFC 3339 with nanoseconds, as the engine writes moments; milliseconds since 1970 in. */
export function isoNano(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000000Z`;
}
