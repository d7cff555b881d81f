/**
 * The part of the Docker Engine API that is read here (API 1.41 to 1.51, docs.docker.com/reference/api/engine). All of
 * it may be missing: engines differ, and what a proxy answers is anyone's guess.
 */

export interface Meta {
  ID?: string;
  Version?: { Index?: number };
  CreatedAt?: string;
  UpdatedAt?: string;
}

type ApiLabels = Record<string, string> | null;

export interface ApiNode extends Meta {
  Spec?: { Role?: string; Availability?: string; Labels?: ApiLabels };
  Description?: {
    Hostname?: string;
    Resources?: { NanoCPUs?: number; MemoryBytes?: number };
    Engine?: { EngineVersion?: string };
  };
  Status?: { State?: string; Message?: string; Addr?: string };
  ManagerStatus?: { Leader?: boolean; Reachability?: string; Addr?: string };
}

export interface ApiService extends Meta {
  Spec?: {
    Name?: string;
    Labels?: ApiLabels;
    TaskTemplate?: ApiTaskSpec;
    Mode?: {
      Replicated?: { Replicas?: number };
      Global?: object;
      ReplicatedJob?: { MaxConcurrent?: number; TotalCompletions?: number };
      GlobalJob?: object;
    };
    UpdateConfig?: { Parallelism?: number; Order?: string };
  };
  UpdateStatus?: { State?: string; StartedAt?: string; CompletedAt?: string; Message?: string };
  /** Only when asked with `status=true`, from API 1.41 on. */
  ServiceStatus?: { RunningTasks?: number; DesiredTasks?: number; CompletedTasks?: number };
  JobStatus?: { JobIteration?: { Index?: number }; LastExecution?: string };
}

export interface ApiTaskSpec {
  ContainerSpec?: { Image?: string };
  Resources?: {
    Limits?: { NanoCPUs?: number; MemoryBytes?: number };
    Reservations?: { NanoCPUs?: number; MemoryBytes?: number };
  };
  Runtime?: string;
  Placement?: { Constraints?: string[] | null };
}

export interface ApiTask extends Meta {
  Spec?: ApiTaskSpec;
  ServiceID?: string;
  /** Left out for the first slot of a job, which is 0, and for global services. */
  Slot?: number;
  NodeID?: string;
  Status?: {
    Timestamp?: string;
    State?: string;
    Message?: string;
    Err?: string;
    ContainerStatus?: { ContainerID?: string; ExitCode?: number };
  };
  DesiredState?: string;
  NetworksAttachments?: { Addresses?: string[] }[] | null;
}

export interface ApiNetwork {
  Id?: string;
  Name?: string;
  Created?: string;
  Scope?: string;
  Driver?: string;
  Attachable?: boolean;
  Labels?: ApiLabels;
}

export interface ApiInfo {
  Name?: string;
  ServerVersion?: string;
  Swarm?: {
    NodeID?: string;
    LocalNodeState?: string;
    ControlAvailable?: boolean;
    Error?: string;
    Cluster?: { ID?: string } | null;
  };
}

export interface ApiEvent {
  Type?: string;
  Action?: string;
  Actor?: { ID?: string; Attributes?: Record<string, string> };
  scope?: string;
  time?: number;
  timeNano?: number;
}
