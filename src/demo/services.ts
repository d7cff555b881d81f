import { DOMAIN, REGISTRY } from './shape.ts';

/** A service of the platform itself, as both orchestrators run it while tenants move from one to the other. */
export interface PlatformService {
  name: string;
  image: string;
  /** What it was before the last release; null when it never changed. */
  formerImage: string | null;
  port: number | null;
  /** How many the Kubernetes side runs; null: only on Swarm. */
  kubernetes: number | null;
  /** How many the Swarm side runs. */
  swarm: number;
  kind: 'api' | 'worker' | 'store' | 'tool';
  /** Kubernetes requests; limits are four times as much CPU and twice the memory. */
  cpu: string;
  memory: string;
  /** The Traefik rule, and whether its path prefix is stripped. */
  route: { rule: string; strip: string | null } | null;
  healthcheck: string | null;
  /** How many of its pods an eviction must leave, or may take. */
  budget: { minAvailable?: number; maxUnavailable?: number } | null;
}

const api = (name: string, port: number, kubernetes: number, prefix: string | null): PlatformService => ({
  ...service(name, kubernetes, 1, 'api'),
  port,
  cpu: '150m',
  memory: '128Mi',
  route: prefix ? { rule: `Host(\`api.${DOMAIN}\`) && PathPrefix(\`${prefix}\`)`, strip: prefix } : null,
  healthcheck: `curl -f http://localhost:${port}/health || exit 1`,
});

const worker = (name: string, codeOf: string, kubernetes: number): PlatformService => ({
  ...service(name, kubernetes, 1, 'worker'),
  image: `${REGISTRY}/compose-${codeOf}:2026.11`,
  formerImage: `${REGISTRY}/compose-${codeOf}:2026.10`,
  cpu: '200m',
  memory: '256Mi',
});

const foreign = (name: string, image: string, extra: Partial<PlatformService>): PlatformService => ({
  ...service(name, null, 1, 'tool'),
  image,
  formerImage: null,
  ...extra,
});

function service(
  name: string,
  kubernetes: number | null,
  swarm: number,
  kind: PlatformService['kind'],
): PlatformService {
  return {
    name,
    image: `${REGISTRY}/compose-${name}:2026.11`,
    formerImage: `${REGISTRY}/compose-${name}:2026.10`,
    port: null,
    kubernetes,
    swarm,
    kind,
    cpu: '100m',
    memory: '128Mi',
    route: null,
    healthcheck: null,
    budget: null,
  };
}

export const PLATFORM_SERVICES: PlatformService[] = [
  foreign('traefik', 'traefik:v3.5', { port: 80 }),
  foreign('postgres', `${REGISTRY}/compose-postgres:latest`, {
    kind: 'store',
    port: 5432,
    kubernetes: 1,
    cpu: '500m',
    memory: '512Mi',
    healthcheck: 'pg_isready -U database_service',
    // The only one there is: whoever drains its machine is told so.
    budget: { minAvailable: 1 },
  }),
  foreign('pgadmin', 'dpage/pgadmin4:9', { port: 80, kubernetes: 0, swarm: 0 }),
  foreign('kaui', 'killbill/kaui:3.0.7', { port: 8080, swarm: 0 }),
  foreign('redis', 'redis:7-alpine', { kind: 'store', port: 6379, kubernetes: 1, healthcheck: 'redis-cli ping' }),
  foreign('rabbitmq', 'rabbitmq:3-management', {
    kind: 'store',
    port: 5672,
    kubernetes: 1,
    memory: '256Mi',
    healthcheck: 'rabbitmq-diagnostics -q ping',
  }),
  foreign('killbill-db', 'killbill/mariadb:0.24', { kind: 'store', port: 3306 }),
  foreign('killbill', 'killbill/killbill:0.24.15', {
    port: 8080,
    route: { rule: `Host(\`billing.${DOMAIN}\`)`, strip: null },
    healthcheck: 'curl -f http://localhost:8080/1.0/healthcheck || exit 1',
  }),
  { ...api('user-service', 8001, 3, '/user'), budget: { minAvailable: 2 } },
  { ...api('instance-service', 8003, 2, '/instance'), budget: { maxUnavailable: 1 } },
  api('billing-service', 8004, 2, '/billing'),
  api('database-service', 8005, 2, '/database'),
  api('notification-service', 5000, 1, null),
  {
    ...api('frontend-service', 3000, 2, null),
    route: { rule: `Host(\`app.${DOMAIN}\`)`, strip: null },
  },
  worker('instance-worker', 'instance-service', 1),
  worker('database-worker', 'database-service', 2),
  worker('database-beat', 'database-service', 1),
  foreign('mailhog', 'mailhog/mailhog:v1.0.1', { port: 8025 }),
  foreign('registry', 'registry:2', { port: 5000 }),
];
