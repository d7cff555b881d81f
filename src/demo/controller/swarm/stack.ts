import { PLATFORM_SERVICES, type PlatformService } from '../../services.ts';
import { bytesOf, DOMAIN, type InstanceShape, MOUNT, type PoolShape, REGISTRY } from '../../shape.ts';
import type { Labels, ServiceSpec, TaskSpec, UpdateConfig } from './objects.ts';

export const STACK = 'saasodoo';
const SECOND = 1e9;
const MiB = 2 ** 20;
const UPDATE: UpdateConfig = {
  Parallelism: 1,
  Delay: 2 * SECOND,
  FailureAction: 'pause',
  Monitor: 5 * SECOND,
  MaxFailureRatio: 0,
  Order: 'stop-first',
};

/** Where the services of the stack have their data, below the mount. */
const DATA: Readonly<Record<string, string>> = {
  postgres: 'postgres_data',
  redis: 'redis_data',
  rabbitmq: 'rabbitmq_data',
  'killbill-db': 'killbill_db_data',
  pgadmin: 'pgadmin_data',
};

/** The services of the stack, as `docker stack deploy` makes them. */
export function stackSpecs(network: string): ServiceSpec[] {
  return PLATFORM_SERVICES.map(service => stackSpec(service, network));
}

function stackSpec(service: PlatformService, network: string): ServiceSpec {
  const labels = {
    'com.docker.stack.image': service.image,
    'com.docker.stack.namespace': STACK,
    ...(service.route && routeLabels(service.name, service.route.rule, service.port ?? 80, service.route.strip)),
  };
  const isApi = service.kind === 'api';
  const isOnManager = service.name === 'traefik' || service.name === 'postgres';
  return specOf({
    name: `${STACK}_${service.name}`,
    labels,
    replicas: service.swarm,
    network,
    image: service.image,
    containerLabels: { 'com.docker.stack.namespace': STACK },
    memoryMiB: service.kind === 'store' ? 192 : 128,
    constraints: isOnManager ? ['node.role == manager'] : [],
    healthcheck: service.healthcheck,
    startPeriodSeconds: service.name === 'killbill' ? 120 : 10,
    graceSeconds: service.kind === 'worker' ? 120 : 10,
    stopSignal: service.kind === 'worker' ? 'SIGQUIT' : null,
    maxAttempts: service.name === 'rabbitmq' ? 3 : 0,
    order: isApi ? 'start-first' : 'stop-first',
    published: service.name === 'traefik' ? 80 : null,
    ...(DATA[service.name] && {
      mounts: [{ Type: 'bind', Source: `${MOUNT}/${DATA[service.name]}`, Target: '/data' }],
    }),
    env: isApi ? ['POSTGRES_HOST=postgres', 'REDIS_HOST=redis', 'JWT_SECRET_KEY=demo-not-a-secret'] : [],
  });
}

export function instanceSpec(instance: InstanceShape, network: string): ServiceSpec {
  return specOf({
    name: instance.serviceName,
    labels: {
      'saasodoo.instance.id': instance.id,
      'saasodoo.instance.name': instance.name,
      'saasodoo.customer.id': instance.customerId,
      ...routeLabels(instance.serviceName, `Host(\`${instance.subdomain}.${DOMAIN}\`)`, 8069, null),
    },
    replicas: instance.status === 'stopped' ? 0 : 1,
    network,
    image: `${REGISTRY}/odoo:${instance.odooVersion}`,
    memoryMiB: Math.min(192, bytesOf(instance.memoryLimit) / MiB / 8),
    mounts: [{ Type: 'bind', Source: instance.directory, Target: '/var/lib/odoo' }],
    env: [`HOST=${instance.poolName}`, `DB_NAME=${instance.dbName}`, 'PASSWORD=demo-not-a-secret'],
  });
}

export function poolSpec(pool: PoolShape, network: string): ServiceSpec {
  return specOf({
    name: pool.name,
    labels: {
      'saasodoo.service.type': 'database-pool',
      'saasodoo.pool.name': pool.name,
      'saasodoo.pool.max_instances': String(pool.maxInstances),
    },
    replicas: 1,
    network,
    image: 'postgres:18-alpine',
    memoryMiB: 512,
    healthcheck: 'pg_isready -U postgres',
    graceSeconds: 60,
    mounts: [{ Type: 'bind', Source: `${MOUNT}/postgres_pools/pool-${pool.number}`, Target: '/var/lib/postgresql' }],
  });
}

interface SpecShape {
  name: string;
  labels: Labels;
  replicas: number;
  network: string;
  image: string;
  containerLabels?: Labels;
  memoryMiB: number;
  constraints?: string[];
  healthcheck?: string | null;
  startPeriodSeconds?: number;
  graceSeconds?: number;
  stopSignal?: string | null;
  maxAttempts?: number;
  order?: UpdateConfig['Order'];
  published?: number | null;
  mounts?: object[];
  env?: string[];
}

function specOf(shape: SpecShape): ServiceSpec {
  const { healthcheck, published, stopSignal, constraints = [] } = shape;
  const task: TaskSpec = {
    ContainerSpec: {
      Image: shape.image,
      ...(shape.containerLabels && { Labels: shape.containerLabels }),
      ...(shape.env?.length && { Env: shape.env }),
      ...(shape.mounts && { Mounts: shape.mounts }),
      StopGracePeriod: (shape.graceSeconds ?? 10) * SECOND,
      ...(stopSignal && { StopSignal: stopSignal }),
      ...(healthcheck && {
        Healthcheck: {
          Test: ['CMD-SHELL', healthcheck],
          Interval: 10 * SECOND,
          StartPeriod: (shape.startPeriodSeconds ?? 10) * SECOND,
        },
      }),
      Isolation: 'default',
    },
    Resources: {
      Limits: { MemoryBytes: shape.memoryMiB * 4 * MiB },
      Reservations: { MemoryBytes: shape.memoryMiB * MiB },
    },
    RestartPolicy: { Condition: 'any', Delay: 5 * SECOND, MaxAttempts: shape.maxAttempts ?? 0 },
    Placement: constraints.length ? { Constraints: constraints } : {},
    Networks: [{ Target: shape.network }],
    ForceUpdate: 0,
    Runtime: 'container',
  };
  const port = { Protocol: 'tcp', TargetPort: published ?? 0, PublishedPort: published ?? 0, PublishMode: 'ingress' };
  return {
    Name: shape.name,
    Labels: shape.labels,
    TaskTemplate: task,
    Mode: { Replicated: { Replicas: shape.replicas } },
    UpdateConfig: { ...UPDATE, Order: shape.order ?? 'stop-first' },
    RollbackConfig: { ...UPDATE, Delay: 0 },
    EndpointSpec: { Mode: 'vip', ...(published && { Ports: [port] }) },
  };
}

function routeLabels(name: string, rule: string, port: number, strip: string | null): Labels {
  const router = `traefik.http.routers.${name}`;
  return {
    'traefik.enable': 'true',
    [`${router}.rule`]: rule,
    [`${router}.service`]: name,
    [`traefik.http.services.${name}.loadbalancer.server.port`]: String(port),
    ...(strip && {
      [`${router}.middlewares`]: `${name}-strip`,
      [`traefik.http.middlewares.${name}-strip.stripprefix.prefixes`]: strip,
    }),
  };
}
