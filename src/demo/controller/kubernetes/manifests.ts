import { readRule } from '../../../model/routes.ts';
import type { PlatformService } from '../../services.ts';
import { DOMAIN, type InstanceShape, MOUNT, NAMESPACE, type PoolShape, REGISTRY } from '../../shape.ts';
import { DATABASE_NODE, deployment, podSpec, statefulSet } from './manifest-parts.ts';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  DisruptionBudget,
  Ingress,
  IngressRoute,
  Labels,
  PodSpec,
  Service,
  StatefulSet,
} from './objects.ts';
import type { Draft } from './store.ts';

/** The label of the nodes on which the CephFS client is installed. */
export const CEPHFS_NODE = { 'saasodoo.io/cephfs': 'true' };

const SYSTEM = 'kube-system';

export function deploymentOf(service: PlatformService, image = service.image): Draft<Deployment> {
  const labels = { 'app.kubernetes.io/name': service.name, 'app.kubernetes.io/part-of': 'saasodoo' };
  const isWorker = service.kind === 'worker';
  const isOnCephfs = service.name === 'database-worker';
  return deployment({
    name: service.name,
    labels,
    replicas: service.kubernetes ?? 0,
    recreate: isWorker,
    spec: podSpec({
      name: service.name,
      image,
      port: service.port,
      cpu: service.cpu,
      memory: service.memory,
      graceSeconds: isWorker ? 120 : 30,
      extra: isOnCephfs
        ? {
            nodeSelector: CEPHFS_NODE,
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
                ],
              },
            },
          }
        : {},
    }),
  });
}

export function instanceDeployment(instance: InstanceShape): Draft<Deployment> {
  const labels = {
    app: 'odoo',
    'saasodoo.instance.id': instance.id,
    'saasodoo.instance.name': instance.databaseName,
    'saasodoo.customer.id': instance.customerId,
  };
  return deployment({
    name: instance.serviceName,
    labels,
    replicas: instance.status === 'stopped' ? 0 : 1,
    recreate: true,
    spec: odooSpec(instance),
  });
}

/** Tenants beyond the forty, to make a platform big: only a deployment each. */
export function extraDeployment(number: number, id: string, customerId: string): Draft<Deployment> {
  const name = `tenant${String(number).padStart(5, '0')}`;
  const labels = {
    app: 'odoo',
    'saasodoo.instance.id': id,
    'saasodoo.instance.name': name,
    'saasodoo.customer.id': customerId,
  };
  return deployment({ name: `odoo-${name}-${id.slice(0, 8)}`, labels, replicas: 1, recreate: true, spec: EXTRA });
}

export function storeSet(service: PlatformService): Draft<StatefulSet> {
  const labels = { app: service.name, 'app.kubernetes.io/name': service.name };
  return statefulSet(service.name, labels, service.image, service, '10Gi');
}

export function poolSet(pool: PoolShape): Draft<StatefulSet> {
  const labels = {
    app: pool.name,
    'app.kubernetes.io/name': pool.name,
    'saasodoo.service.type': 'database-pool',
    'saasodoo.pool.name': pool.name,
    'saasodoo.pool.max_instances': String(pool.maxInstances),
  };
  const image = 'postgres:18-alpine';
  const directory = pool.storagePath.slice(MOUNT.length);
  return statefulSet(pool.name, labels, image, { port: pool.port, cpu: '500m', memory: '512Mi' }, '200Gi', directory);
}

export function serviceFor(name: string, selector: Labels, port: number, clusterIP: string): Draft<Service> {
  return {
    metadata: { name, namespace: NAMESPACE, labels: selector },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      selector,
      ports: [{ name: 'main', port, targetPort: port, protocol: 'TCP' }],
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    },
    status: { loadBalancer: {} },
  };
}

export function budgetFor(name: string, limit: DisruptionBudget['spec']): Draft<DisruptionBudget> {
  const labels = { 'app.kubernetes.io/name': name };
  return {
    metadata: { name, namespace: NAMESPACE, labels },
    spec: { ...limit, selector: { matchLabels: labels } },
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  };
}

/** What Traefik leads to a Service of the same name. */
export function ingressFor(name: string, rule: string, port: number, labels: Labels): Draft<Ingress> {
  const { hosts, paths } = readRule(rule);
  const backend = { service: { name, port: { number: port } } };
  const http = { paths: (paths.length > 0 ? paths : ['/']).map(path => ({ path, pathType: 'Prefix', backend })) };
  return {
    metadata: { name, namespace: NAMESPACE, labels },
    spec: { ingressClassName: 'traefik', rules: hosts.map(host => ({ host, http })) },
    status: { loadBalancer: { ingress: [{ ip: '10.20.0.10' }] } },
  };
}

/** An Ingress that cuts a prefix off needs a middleware of Traefik: those are written in its own form. */
export function ingressRouteFor(name: string, match: string, port: number, labels: Labels): Draft<IngressRoute> {
  const rule = { kind: 'Rule' as const, match, services: [{ name, port }], middlewares: [{ name: `${name}-strip` }] };
  return { metadata: { name, namespace: NAMESPACE, labels }, spec: { entryPoints: ['web'], routes: [rule] } };
}

/** The instance-service makes such a job for each backup and restore. */
export function backupSpec(image: string, command: string[]): CronJob['spec']['jobTemplate']['spec'] {
  return {
    backoffLimit: 1,
    ttlSecondsAfterFinished: 300,
    template: {
      metadata: { labels: { 'app.kubernetes.io/component': 'backup' } },
      spec: podSpec({
        name: 'backup',
        image,
        port: null,
        cpu: '100m',
        memory: '256Mi',
        graceSeconds: 30,
        extra: { restartPolicy: 'Never' },
        container: { command },
      }),
    },
  };
}

export function nightlyBackup(lastScheduleTime: string): Draft<CronJob> {
  return {
    metadata: { name: 'nightly-backup', namespace: NAMESPACE, labels: { 'app.kubernetes.io/name': 'nightly-backup' } },
    spec: {
      schedule: '0 2 * * *',
      concurrencyPolicy: 'Forbid',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: { metadata: {}, spec: backupSpec(`${REGISTRY}/backup:2026.11`, ['backup-all']) },
    },
    status: { lastScheduleTime, lastSuccessfulTime: lastScheduleTime },
  };
}

/** What every cluster of this kind runs beside the platform. */
export function systemDeployments(): Draft<Deployment>[] {
  const small = (name: string, image: string, replicas: number, port: number) =>
    deployment({
      name,
      namespace: SYSTEM,
      labels: { 'k8s-app': name },
      replicas,
      recreate: false,
      spec: podSpec({ name, image, port, cpu: '100m', memory: '128Mi', graceSeconds: 30 }),
    });
  return [
    small('rke2-coredns', 'rancher/hardened-coredns:v1.13.1', 2, 53),
    small('rke2-metrics-server', 'rancher/hardened-k8s-metrics-server:v0.8.0', 1, 10250),
  ];
}

export function networkSet(): Draft<DaemonSet> {
  const labels = { 'k8s-app': 'canal' };
  return {
    metadata: { name: 'rke2-canal', namespace: SYSTEM, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      revisionHistoryLimit: 10,
      template: {
        metadata: { labels },
        spec: podSpec({
          name: 'calico-node',
          image: 'rancher/hardened-calico:v3.30.3',
          port: null,
          cpu: '250m',
          memory: '128Mi',
          graceSeconds: 1,
          extra: { hostNetwork: true, tolerations: [{ operator: 'Exists' }] },
        }),
      },
    },
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  };
}

function odooSpec(instance: InstanceShape): PodSpec {
  const { odooVersion, cpuLimit, memoryLimit, dbName, poolName, subdomain, status } = instance;
  return podSpec({
    name: 'odoo',
    image: `${REGISTRY}/odoo:${odooVersion}`,
    port: 8069,
    cpu: `${cpuLimit * 125}m`,
    memory: `${Number.parseInt(memoryLimit, 10) * 64}Mi`,
    graceSeconds: 60,
    // The one that is broken must not go down with the node that is lost: its restarts are its story.
    extra: {
      ...(status === 'error' && { nodeSelector: DATABASE_NODE }),
      volumes: [{ name: 'data', hostPath: { path: instance.directory } }],
    },
    container: {
      volumeMounts: [{ name: 'data', mountPath: '/var/lib/odoo' }],
      env: [
        { name: 'HOST', value: poolName },
        { name: 'DB_NAME', value: dbName },
        { name: 'ODOO_URL', value: `http://${subdomain}.${DOMAIN}` },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'saasodoo-secrets', key: 'POSTGRES_PASSWORD' } } },
      ],
    },
  });
}

const EXTRA = podSpec({
  name: 'odoo',
  image: `${REGISTRY}/odoo:18.0`,
  port: 8069,
  cpu: '50m',
  memory: '256Mi',
  graceSeconds: 60,
});
