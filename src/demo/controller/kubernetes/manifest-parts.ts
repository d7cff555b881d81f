import type { PlatformService } from '../../services.ts';
import { NAMESPACE } from '../../shape.ts';
import { DIRECTORY } from './claims.ts';
import type { Deployment, Labels, PodSpec, StatefulSet } from './objects.ts';
import type { Draft } from './store.ts';

/** The label of the nodes that may hold databases. */
export const DATABASE_NODE = { 'saasodoo.io/databases': 'true' };

export interface DeploymentShape {
  name: string;
  namespace?: string;
  labels: Labels;
  replicas: number;
  recreate: boolean;
  spec: PodSpec;
}

export function deployment({
  name,
  namespace = NAMESPACE,
  labels,
  replicas,
  recreate,
  spec,
}: DeploymentShape): Draft<Deployment> {
  return {
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
      strategy: recreate
        ? { type: 'Recreate' }
        : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
    status: {},
  };
}

export function statefulSet(
  name: string,
  labels: Labels,
  image: string,
  { port, cpu, memory }: Pick<PlatformService, 'port' | 'cpu' | 'memory'>,
  storage: string,
  directory: string | null = null,
): Draft<StatefulSet> {
  return {
    metadata: { name, namespace: NAMESPACE, labels },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: podSpec({
          name,
          image,
          port,
          cpu,
          memory,
          graceSeconds: 60,
          extra: { nodeSelector: DATABASE_NODE },
          container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
        }),
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data', ...(directory !== null && { annotations: { [DIRECTORY]: directory } }) },
          spec: {
            accessModes: ['ReadWriteMany'],
            resources: { requests: { storage } },
            storageClassName: 'cephfs',
          },
        },
      ],
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
    },
    status: { replicas: 0 },
  };
}

export interface PodShape {
  name: string;
  image: string;
  port: number | null;
  cpu: string;
  memory: string;
  graceSeconds: number;
  extra?: Partial<PodSpec>;
  container?: object;
}

export function podSpec({
  name,
  image,
  port,
  cpu,
  memory,
  graceSeconds,
  extra = {},
  container = {},
}: PodShape): PodSpec {
  return {
    containers: [
      {
        name,
        image,
        ...container,
        ...(port && { ports: [{ name: 'main', containerPort: port, protocol: 'TCP' }] }),
        resources: {
          requests: { cpu, memory },
          limits: { cpu: `${Number.parseInt(cpu, 10) * 4}m`, memory: twice(memory) },
        },
        ...(port && {
          readinessProbe: {
            tcpSocket: { port },
            initialDelaySeconds: 5,
            periodSeconds: 10,
            timeoutSeconds: 1,
            successThreshold: 1,
            failureThreshold: 3,
          },
        }),
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'FallbackToLogsOnError',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: graceSeconds,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    ...extra,
  };
}

function twice(memory: string): string {
  const [, number = '0', unit = ''] = /^(\d+)(\w+)$/.exec(memory) ?? [];
  return `${Number(number) * 2}${unit}`;
}
