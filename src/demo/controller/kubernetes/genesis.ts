import { Random } from '../../random.ts';
import { PLATFORM_SERVICES } from '../../services.ts';
import { DOMAIN, lastNight, NAMESPACE, type NodeShape, REGISTRY, type Shape } from '../../shape.ts';
import type { Cluster } from './cluster.ts';
import { forgetOldEvents } from './events.ts';
import { DATABASE_NODE } from './manifest-parts.ts';
import {
  budgetFor,
  CEPHFS_NODE,
  deploymentOf,
  extraDeployment,
  ingressFor,
  ingressRouteFor,
  instanceDeployment,
  networkSet,
  nightlyBackup,
  poolSet,
  serviceFor,
  storeSet,
  systemDeployments,
} from './manifests.ts';
import { iso, isoMicro } from './moments.ts';
import { beat, HEARTBEAT_MS, healthyConditions, loseNode } from './nodes.ts';
import type { Deployment } from './objects.ts';
import type { Draft } from './store.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const GiB = 2 ** 30;
/** How many pods the platform of the shape itself has, roughly. */
const OWN_PODS = 60;
const PODS_PER_NODE = 100;

export interface GenesisOptions {
  shape: Shape;
  /** Moment of the start, milliseconds since 1970: everything before it is history. */
  now: number;
  /** Pods in all; null for those of the shape. */
  scale: number | null;
  calm: boolean;
  still: boolean;
}

/**
 * Plans the cluster's past on its timeline: nodes, then workloads in the order of their age, a release six days ago,
 * and, unless calm, what went wrong in the last hour. The same controllers make it as make the present; only until an
 * hour before the start nothing takes time.
 */
export function planGenesis(cluster: Cluster, options: GenesisOptions): void {
  const { timeline, store, images } = cluster;
  const { shape, now, calm } = options;
  const random = new Random(shape.seed).fork();
  cluster.settling = true;
  store.remembering = false;
  cluster.eventsFrom = now - 60 * MINUTE;
  for (const image of allImages(shape)) images.push(image);
  // A release that should not have been made: whoever sets it sees its pods crash.
  for (const { image, kind } of PLATFORM_SERVICES) {
    if (kind !== 'api' && kind !== 'worker') continue;
    images.push(image.replace(/:[^:]*$/, ':2026.12-rc1'), {
      exitCode: 1,
      afterMs: 2_500,
      lastLine: "ModuleNotFoundError: No module named 'app.settings'",
    });
  }
  const { nodes } = shape;
  timeline.at(now - 212 * DAY, () => {
    for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system', NAMESPACE])
      namespace(cluster, name);
    const extra = Math.ceil(Math.max(0, (options.scale ?? 0) - OWN_PODS) / PODS_PER_NODE);
    for (const [index, node] of nodes.entries()) addNode(cluster, node, index);
    for (let index = 0; index < extra; index += 1) {
      const place = nodes.length + index;
      const address = `10.20.${1 + Math.floor(place / 200)}.${20 + (place % 200)}`;
      const template = nodes.at(-1) as NodeShape;
      const name = `vps-${place + 1}`;
      addNode(cluster, { ...template, name, address, memoryBytes: 32 * GiB, trouble: null }, place);
    }
    addSettings(cluster);
  });
  planWorkloads(cluster, options, random);
  timeline.at(now - 65 * MINUTE, () => {
    cluster.settling = false;
    store.remembering = true;
    cluster.still = options.still;
    if (options.still) return;
    timeline.every(
      () => MINUTE,
      () => forgetOldEvents(cluster),
    );
    timeline.every(
      () => HEARTBEAT_MS,
      () => beat(cluster),
    );
    for (const cron of store.list('cronjobs')) cluster.wake('cronjobs', cron);
  });
  if (!calm) planTroubles(cluster, shape, now);
}

function planWorkloads(cluster: Cluster, { shape, now, scale }: GenesisOptions, random: Random): void {
  const { timeline, store } = cluster;
  let address = 10;
  const clusterIP = () => `10.43.${Math.floor(address / 250)}.${++address % 250}`;
  const born = (ageMs: number, make: () => void) => timeline.at(now - ageMs, make);
  const deploy = (draft: Draft<Deployment>) => store.create('deployments', draft);
  born(211 * DAY, () => {
    for (const draft of systemDeployments()) deploy(draft);
    store.create('daemonsets', networkSet());
    store.create('cronjobs', nightlyBackup(iso(lastNight(now))));
  });
  for (const service of PLATFORM_SERVICES) {
    if (service.kubernetes === null) continue;
    born(random.between(180, 200) * DAY, () => {
      const selector = { 'app.kubernetes.io/name': service.name };
      if (service.kind === 'store') store.create('statefulsets', storeSet(service));
      else deploy(deploymentOf(service, service.formerImage ?? service.image));
      if (service.budget) store.create('poddisruptionbudgets', budgetFor(service.name, service.budget));
      if (!service.port) return;
      store.create('services', serviceFor(service.name, selector, service.port, clusterIP()));
      if (service.route?.strip)
        store.create('ingressroutes', ingressRouteFor(service.name, service.route.rule, service.port, selector));
      else if (service.route)
        store.create('ingresses', ingressFor(service.name, service.route.rule, service.port, selector));
    });
    if (service.formerImage)
      born(6 * DAY + random.between(0, 20) * MINUTE, () => release(cluster, service.name, service.image));
  }
  for (const pool of shape.pools.filter(each => each.system === 'kubernetes')) {
    born(pool.ageSeconds * 1000, () => {
      store.create('statefulsets', poolSet(pool));
      store.create('services', serviceFor(pool.name, { app: pool.name }, pool.port, clusterIP()));
    });
  }
  for (const instance of shape.instances.filter(each => each.system === 'kubernetes')) {
    born(Math.min(instance.ageSeconds * 1000, 200 * DAY), () => {
      deploy(instanceDeployment(instance));
      const selector = { 'saasodoo.instance.id': instance.id };
      store.create('services', serviceFor(instance.serviceName, selector, 8069, clusterIP()));
      const rule = `Host(\`${instance.subdomain}.${DOMAIN}\`)`;
      store.create('ingresses', ingressFor(instance.serviceName, rule, 8069, selector));
    });
  }
  for (let number = OWN_PODS + 1; number <= (scale ?? 0); number += 1) {
    const draft = extraDeployment(number - OWN_PODS, random.uuid(), random.uuid());
    born(random.between(1, 200) * DAY, () => deploy(draft));
  }
}

/** Sets another image, as `kubectl set image` does. */
export function release(cluster: Cluster, name: string, image: string): void {
  const deployment = cluster.store.get('deployments', NAMESPACE, name);
  if (!deployment) return;
  cluster.store.modify('deployments', deployment, now => {
    const { template } = now.spec;
    const containers = template.spec.containers.map(each => ({ ...each, image }));
    return { ...now, spec: { ...now.spec, template: { ...template, spec: { ...template.spec, containers } } } };
  });
}

function planTroubles(cluster: Cluster, shape: Shape, now: number): void {
  const broken = shape.instances.find(each => each.status === 'error');
  const lost = shape.nodes.find(each => each.trouble === 'not-ready');
  if (broken) {
    // Its next end then comes two minutes after the start, not in the first seconds.
    cluster.timeline.at(now - 53.5 * MINUTE, () =>
      cluster.setFault(broken.serviceName, {
        kind: 'crash',
        crash: { exitCode: 1, afterMs: 3_000, lastLine: broken.errorMessage ?? '' },
      }),
    );
  }
  if (lost) cluster.timeline.at(now - 4 * MINUTE - 10_000, () => loseNode(cluster, lost.name));
}

function allImages(shape: Shape): string[] {
  const own = PLATFORM_SERVICES.flatMap(each => [each.image, each.formerImage ?? []].flat());
  const odoo = shape.instances.map(each => `${REGISTRY}/odoo:${each.odooVersion}`);
  const pods = [...systemDeployments(), networkSet()].flatMap(each => each.spec.template.spec.containers);
  const others = [`${REGISTRY}/odoo:18.0`, `${REGISTRY}/backup:2026.11`, 'postgres:18-alpine'];
  return [...own, ...odoo, ...others, ...pods.map(each => each.image)];
}

function namespace(cluster: Cluster, name: string): void {
  cluster.store.create('namespaces', {
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
}

function addNode(cluster: Cluster, node: NodeShape, index: number): void {
  const { timeline, store } = cluster;
  const isServer = node.kubernetes === 'server';
  const capacity = {
    cpu: String(node.cores),
    'ephemeral-storage': `${Math.floor(node.diskBytes / 1024)}Ki`,
    memory: `${Math.floor(node.memoryBytes / 1024)}Ki`,
    pods: '110',
  };
  const hasCephfs = node.name === 'vps-2' || node.name === 'vps-3';
  const hasDatabases = node.name === 'vps-1' || node.name === 'vps-2';
  store.create('nodes', {
    metadata: {
      name: node.name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'rke2',
        ...(isServer && { 'node-role.kubernetes.io/control-plane': 'true', 'node-role.kubernetes.io/etcd': 'true' }),
        ...(!isServer && { 'node-role.kubernetes.io/agent': 'true' }),
        ...(hasCephfs && CEPHFS_NODE),
        ...(hasDatabases && DATABASE_NODE),
      },
    },
    spec: {
      podCIDR: `10.42.${index}.0/24`,
      providerID: `rke2://${node.name}`,
    },
    status: {
      capacity,
      allocatable: { ...capacity, memory: `${Math.floor((node.memoryBytes - 0.5 * GiB) / 1024)}Ki` },
      conditions: healthyConditions(timeline.now),
      addresses: [
        { type: 'InternalIP', address: node.address },
        { type: 'Hostname', address: node.name },
      ],
      nodeInfo: {
        architecture: 'amd64',
        bootID: cluster.random.uuid(),
        containerRuntimeVersion: 'containerd://2.1.5-k3s1',
        kernelVersion: '6.12.57+deb13-amd64',
        kubeProxyVersion: '',
        kubeletVersion: 'v1.35.4+rke2r1',
        machineID: cluster.random.hex(32),
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 13 (trixie)',
        systemUUID: cluster.random.uuid(),
      },
    },
  });
  store.create('leases', {
    metadata: { name: node.name, namespace: 'kube-node-lease' },
    spec: { holderIdentity: node.name, leaseDurationSeconds: 40, renewTime: isoMicro(timeline.now) },
  });
}

function addSettings(cluster: Cluster): void {
  const { store } = cluster;
  const metadata = (name: string) => ({ name, namespace: NAMESPACE });
  store.create('configmaps', {
    metadata: metadata('saasodoo-config'),
    data: { POSTGRES_HOST: 'postgres', REDIS_HOST: 'redis', RABBITMQ_HOST: 'rabbitmq', LOG_LEVEL: 'INFO' },
  });
  // No secret at all, and obviously so: there is nothing behind it.
  const data = Buffer.from('demo-not-a-secret').toString('base64');
  store.create('secrets', {
    metadata: metadata('saasodoo-secrets'),
    type: 'Opaque',
    data: { POSTGRES_PASSWORD: data, RABBITMQ_PASSWORD: data, JWT_SECRET_KEY: data },
  });
  addRights(cluster);
}

/** The instance-service makes jobs, for backups and restores. */
function addRights({ store }: Cluster): void {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE });
  const name = 'instance-service';
  const read = ['get', 'list', 'watch'];
  const make = [...read, 'create', 'delete'];
  store.create('serviceaccounts', { metadata: metadata('default') });
  store.create('serviceaccounts', { metadata: metadata(`${name}-sa`) });
  store.create('roles', {
    metadata: metadata(`${name}-role`),
    rules: [
      { apiGroups: [''], resources: ['pods', 'pods/log', 'services'], verbs: make },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: [...make, 'patch'] },
      { apiGroups: ['batch'], resources: ['jobs'], verbs: make },
    ],
  });
  store.create('rolebindings', {
    metadata: metadata(`${name}-binding`),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: `${name}-role` },
    subjects: [{ kind: 'ServiceAccount', name: `${name}-sa`, namespace: NAMESPACE }],
  });
}
