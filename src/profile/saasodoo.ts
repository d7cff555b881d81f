import type { SourceInput } from './schema.ts';

/** One cluster for all that is reached through it: the variable `context`, or the current one. */
const CLUSTER = { context: `\${context?}`, namespace: 'saasodoo' };

/**
 * The platform that Quarterdeck was made for: an Odoo hosting platform on Docker Swarm and Kubernetes. The only place
 * that knows its names. A profile that extends it says which domain it has and may name the cluster's context,
 * `variables: {domain: example.org, context: prod}`, and takes away what it does not have: `sources: {swarm: null}`.
 */
export const profile = {
  title: 'saasodoo',
  namespace: 'saasodoo',
  // As the handbook has them: below the folder of the platform's repository.
  stacks: {
    saasodoo: {
      compose: 'infrastructure/orchestration/swarm/docker-compose.ceph.yml',
      env: 'infrastructure/orchestration/swarm/.env.swarm',
    },
  },
  // What runs the same code is renewed together.
  groups: {
    instance: ['instance-service', 'instance-worker'],
    database: ['database-service', 'database-worker', 'database-beat'],
  },
  checklists: {
    settings: {
      // What watches the pods of tenants reconnects once an hour, and says so.
      watchers: [{ workload: 'name=*instance-worker', says: 'watch stream', within: '75m' }],
      backupJobs: 'name=backup-*|nightly-backup',
      instanceDirectories: '/odoo_instances/odoo_data_(?<database>.+)_(?<short>[0-9a-f]{8})$',
      known: [
        'ns=kube-system',
        'name=traefik|*_traefik|postgres|*_postgres|pgadmin|*_pgadmin|redis|*_redis|rabbitmq|*_rabbitmq',
        'name=killbill|*_killbill|killbill-db|*_killbill-db|kaui|*_kaui|mailhog|*_mailhog|registry|*_registry',
        'name=user-service|instance-service|billing-service|database-service|notification-service|frontend-service',
        'name=*_user-service|*_instance-service|*_billing-service|*_database-service|*_notification-service|*_frontend-service',
        'name=instance-worker|database-worker|database-beat|*_instance-worker|*_database-worker|*_database-beat',
        'name=*nightly-backup',
      ],
      unchecked: 'name=*database-beat',
      several: 'name=*-service kind=Deployment',
      // A task that two versions of a worker share gets lost; what answers requests must never be away.
      strategies: [
        { workload: 'name=*-worker|*-beat kind=Deployment', strategy: 'Recreate' },
        {
          workload: 'name=*-service kind=Deployment',
          strategy: 'RollingUpdate',
          maxSurge: '1',
          maxUnavailable: '0',
        },
      ],
      // For backups and restores.
      rights: [
        {
          account: 'instance-service-sa',
          namespace: 'saasodoo',
          group: 'batch',
          resource: 'jobs',
          verbs: ['get', 'list', 'create', 'delete', 'watch'],
        },
      ],
    },
  },
  sources: {
    kubernetes: { kind: 'kubernetes', context: CLUSTER.context },
    swarm: { kind: 'swarm' },
    postgres: {
      kind: 'postgres',
      // The server publishes no port, and lets its own users in over its own socket.
      platform: {
        exec: { kubernetes: { ...CLUSTER, pod: 'postgres-0' } },
        user: 'instance_service',
        database: 'instance',
        tables: { labels: ['odoo_version', 'instance_type', 'db_type', 'db_name', 'subdomain'] },
      },
      pools: { via: 'port-forward', kubernetes: CLUSTER, credentials: 'table' },
      tenantPrefix: 'odoo_',
    },
    // KillBill's: not set up until its password is given.
    mariadb: {
      kind: 'mariadb',
      servers: {
        'killbill-db': {
          portForward: { ...CLUSTER, selector: 'app.kubernetes.io/name=killbill-db' },
          user: 'root',
          password: { env: 'KILLBILL_DB_PASSWORD' },
        },
      },
    },
    cephfs: {
      kind: 'cephfs',
      mount: '/mnt/cephfs',
      fileSystem: 'saasodoo_fs',
      directories: [
        'odoo_instances/*',
        'postgres_pools/*',
        'odoo_backups',
        'postgres_data',
        'redis_data',
        'rabbitmq_data',
        'prometheus_data',
        'killbill_db_data',
        'pgadmin_data',
        'docker-registry',
      ],
      backups: {
        directory: 'odoo_backups/active',
        pattern: '^(?<database>.+)_(?<taken>\\d{8}_\\d{6})_(?<part>database|data)\\.(?:sql|tar\\.gz)$',
      },
    },
    http: {
      kind: 'http',
      // Named like the workloads that answer.
      checks: [
        { name: 'user-service', url: url('api', '/user/health') },
        { name: 'instance-service', url: url('api', '/instance/health') },
        { name: 'billing-service', url: url('api', '/billing/health') },
        { name: 'database-service', url: url('api', '/database/health') },
        { name: 'frontend-service', url: url('app', '/') },
      ],
    },
    host: { kind: 'host' },
  },
} satisfies Record<string, unknown> & { sources: Record<string, SourceInput> };

/** An address below the variable `domain` of the profile. */
function url(host: string, path: string): string {
  return `http://${host}.\${domain}${path}`;
}
