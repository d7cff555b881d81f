/**
 * The Kubernetes objects of the embedded platform: the API's own JSON, with the fields that its controllers read and
 * write spelled out. What a client adds beyond them is kept and handed back.
 */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: object;
  status?: object;
}

export interface Metadata {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Labels;
  annotations?: Labels;
  ownerReferences?: Owner[];
  finalizers?: string[];
  /** Who has set which fields; kept of what clients write. */
  managedFields?: ManagedFields[];
}

export interface ManagedFields {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: object;
  subresource?: string;
}

export type Labels = Record<string, string>;

export interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastTransitionTime: string;
  lastUpdateTime?: string;
  lastHeartbeatTime?: string;
  lastProbeTime?: string | null;
  reason?: string;
  message?: string;
}

export interface Node extends KubeObject {
  spec: { podCIDR?: string; providerID?: string; unschedulable?: boolean; taints?: Taint[] };
  status: {
    capacity: Labels;
    allocatable: Labels;
    conditions: Condition[];
    addresses: { type: string; address: string }[];
    nodeInfo: Labels;
  };
}

export interface Taint {
  key: string;
  value?: string;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  timeAdded?: string;
}

export interface Toleration {
  key?: string;
  operator?: 'Exists' | 'Equal';
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export interface PodTemplate {
  metadata: { labels?: Labels; annotations?: Labels };
  spec: PodSpec;
}

export interface PodSpec {
  containers: Container[];
  nodeName?: string;
  nodeSelector?: Labels;
  tolerations?: Toleration[];
  affinity?: {
    podAntiAffinity?: {
      requiredDuringSchedulingIgnoredDuringExecution?: {
        labelSelector?: LabelSelector;
        topologyKey: string;
      }[];
    };
  };
  restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  terminationGracePeriodSeconds?: number;
  volumes?: { name: string; persistentVolumeClaim?: { claimName: string }; [field: string]: unknown }[];
  [field: string]: unknown;
}

export interface Container {
  name: string;
  image: string;
  resources?: { requests?: Labels; limits?: Labels };
  ports?: { containerPort: number; name?: string; protocol?: string }[];
  [field: string]: unknown;
}

export interface LabelSelector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status: PodStatus;
}

export interface PodStatus {
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
  hostIP?: string;
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  qosClass?: string;
  reason?: string;
  message?: string;
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: {
    exitCode: number;
    reason: string;
    message?: string;
    startedAt: string;
    finishedAt: string;
    containerID?: string;
  };
}

export interface Deployment extends KubeObject {
  spec: {
    replicas: number;
    selector: LabelSelector;
    template: PodTemplate;
    strategy: {
      type: 'RollingUpdate' | 'Recreate';
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
    };
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
    paused?: boolean;
  };
  status: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    terminatingReplicas?: number;
    conditions?: Condition[];
  };
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas: number; selector: LabelSelector; template: PodTemplate };
  status: {
    observedGeneration?: number;
    replicas: number;
    fullyLabeledReplicas?: number;
    terminatingReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
  };
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas: number;
    serviceName: string;
    selector: LabelSelector;
    template: PodTemplate;
    volumeClaimTemplates?: {
      metadata: { name: string; labels?: Labels; annotations?: Labels };
      spec: Claim['spec'];
    }[];
    podManagementPolicy?: 'OrderedReady' | 'Parallel';
    updateStrategy?: { type: 'RollingUpdate' | 'OnDelete'; rollingUpdate?: { partition?: number } };
    revisionHistoryLimit?: number;
  };
  status: {
    observedGeneration?: number;
    replicas: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentReplicas?: number;
    updatedReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    collisionCount?: number;
  };
}

export interface DaemonSet extends KubeObject {
  spec: {
    selector: LabelSelector;
    template: PodTemplate;
    updateStrategy?: { type: 'RollingUpdate' | 'OnDelete'; rollingUpdate?: { maxUnavailable?: number | string } };
    revisionHistoryLimit?: number;
  };
  status: {
    observedGeneration?: number;
    currentNumberScheduled: number;
    desiredNumberScheduled: number;
    numberAvailable?: number;
    numberUnavailable?: number;
    numberMisscheduled: number;
    numberReady: number;
    updatedNumberScheduled?: number;
  };
}

export interface Job extends KubeObject {
  spec: {
    template: PodTemplate;
    completions?: number;
    parallelism?: number;
    backoffLimit?: number;
    ttlSecondsAfterFinished?: number;
    suspend?: boolean;
    selector?: LabelSelector;
    [field: string]: unknown;
  };
  status: {
    active?: number;
    ready?: number;
    succeeded?: number;
    failed?: number;
    terminating?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
    uncountedTerminatedPods?: object;
  };
}

export interface CronJob extends KubeObject {
  spec: {
    schedule: string;
    suspend?: boolean;
    concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate: { metadata?: { labels?: Labels; annotations?: Labels }; spec: Job['spec'] };
  };
  status: {
    active?: { apiVersion: string; kind: string; name: string; namespace?: string; uid: string }[];
    lastScheduleTime?: string;
    lastSuccessfulTime?: string;
  };
}

export interface Service extends KubeObject {
  spec: {
    type: string;
    clusterIP?: string;
    clusterIPs?: string[];
    selector?: Labels;
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string; nodePort?: number }[];
    [field: string]: unknown;
  };
  status: object;
}

export interface Ingress extends KubeObject {
  spec: {
    ingressClassName?: string;
    rules?: {
      host?: string;
      http?: {
        paths: {
          path?: string;
          pathType: string;
          backend: { service?: { name: string; port: { number?: number } } };
        }[];
      };
    }[];
  };
  status: { loadBalancer: { ingress?: { ip?: string }[] } };
}

/** Traefik's own form of an Ingress. */
export interface IngressRoute extends KubeObject {
  spec: {
    entryPoints?: string[];
    routes: {
      kind: 'Rule';
      match: string;
      services?: { name: string; port?: number | string }[];
      middlewares?: { name: string }[];
    }[];
  };
}

export interface EndpointSlice extends KubeObject {
  addressType: string;
  endpoints: {
    addresses: string[];
    conditions: { ready: boolean; serving: boolean; terminating: boolean };
    nodeName?: string;
    targetRef?: ObjectReference;
  }[];
  ports: { name: string; port: number; protocol: string }[];
}

export interface Endpoints extends KubeObject {
  subsets?: {
    addresses?: EndpointAddress[];
    notReadyAddresses?: EndpointAddress[];
    ports: { name?: string; port: number; protocol: string }[];
  }[];
}

interface EndpointAddress {
  ip: string;
  nodeName?: string;
  targetRef?: ObjectReference;
}

export interface ObjectReference {
  apiVersion?: string;
  kind: string;
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion?: string;
  fieldPath?: string;
}

export interface Claim extends KubeObject {
  spec: {
    accessModes: string[];
    resources: { requests: Labels };
    storageClassName?: string;
    volumeMode?: string;
    volumeName?: string;
  };
  status: { phase: string; accessModes?: string[]; capacity?: Labels };
}

/** Where a claim's data lie. */
export interface Volume extends KubeObject {
  spec: {
    capacity: Labels;
    accessModes: string[];
    persistentVolumeReclaimPolicy: 'Retain' | 'Delete';
    storageClassName?: string;
    volumeMode: string;
    claimRef: { kind: string; namespace: string; name: string };
    csi: { driver: string; volumeHandle: string; volumeAttributes: Labels };
  };
  status: { phase: string };
}

export interface Event extends KubeObject {
  involvedObject: Partial<ObjectReference> & { kind: string; name: string };
  reason: string;
  message: string;
  type: 'Normal' | 'Warning';
  count?: number;
  firstTimestamp: string | null;
  lastTimestamp: string | null;
  eventTime: string | null;
  action?: string;
  reportingComponent: string;
  reportingInstance: string;
  source: { component?: string; host?: string };
}

export interface Namespace extends KubeObject {
  spec: { finalizers: string[] };
  status: { phase: string };
}

export interface ConfigMap extends KubeObject {
  data: Labels;
}

export interface Secret extends KubeObject {
  type: string;
  data: Labels;
}

export interface ServiceAccount extends KubeObject {
  secrets?: { name: string }[];
}

export interface Role extends KubeObject {
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
}

export interface RoleBinding extends KubeObject {
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects: { kind: string; name: string; namespace: string }[];
}

export interface Lease extends KubeObject {
  spec: { holderIdentity: string; leaseDurationSeconds: number; renewTime: string };
}

export interface DisruptionBudget extends KubeObject {
  spec: { minAvailable?: number | string; maxUnavailable?: number | string; selector?: LabelSelector };
  status: {
    observedGeneration?: number;
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
    /** By name: pods whose eviction was granted and is not seen yet. */
    disruptedPods?: Record<string, string>;
    conditions?: Condition[];
  };
}

/** A former or present template of a stateful set or daemon set. */
export interface ControllerRevision extends KubeObject {
  data: { spec: { template: PodTemplate & { $patch: 'replace' } } };
  revision: number;
}

/** Every kind that the store holds, by the plural that its address has. */
export interface Kinds {
  namespaces: Namespace;
  nodes: Node;
  pods: Pod;
  services: Service;
  endpoints: Endpoints;
  endpointslices: EndpointSlice;
  ingresses: Ingress;
  ingressroutes: IngressRoute;
  persistentvolumeclaims: Claim;
  persistentvolumes: Volume;
  configmaps: ConfigMap;
  secrets: Secret;
  serviceaccounts: ServiceAccount;
  roles: Role;
  rolebindings: RoleBinding;
  events: Event;
  deployments: Deployment;
  replicasets: ReplicaSet;
  statefulsets: StatefulSet;
  daemonsets: DaemonSet;
  jobs: Job;
  cronjobs: CronJob;
  controllerrevisions: ControllerRevision;
  poddisruptionbudgets: DisruptionBudget;
  leases: Lease;
}

export type Plural = keyof Kinds;
