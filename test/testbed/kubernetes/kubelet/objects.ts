/** Of the objects what a kubelet looks at. */
export interface Metadata {
  name: string;
  namespace: string;
  uid: string;
  creationTimestamp: string;
  deletionTimestamp?: string;
  resourceVersion: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { kind: string; name: string; controller?: boolean }[];
}

export interface KubeObject {
  metadata: Metadata;
}

export interface NodeObject extends KubeObject {
  status?: { conditions?: { type: string; status: string; lastTransitionTime: string }[] };
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  readinessProbe?: object;
  ports?: { containerPort: number }[];
}

export interface Pod extends KubeObject {
  spec: { nodeName?: string; restartPolicy?: string; hostNetwork?: boolean; containers: Container[] };
  status?: { phase?: string; podIP?: string; startTime?: string; containerStatuses?: ContainerStatus[] };
}

export interface Ended {
  exitCode: number;
  reason: string;
  startedAt: string;
  finishedAt: string;
  containerID: string;
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  restartCount: number;
  ready: boolean;
  started: boolean;
  state: { running?: { startedAt: string }; waiting?: { reason: string; message: string }; terminated?: Ended };
  lastState: { terminated?: Ended };
}
