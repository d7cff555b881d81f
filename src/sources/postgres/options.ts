import * as z from 'zod';
import { namesOnePod, PodAt, podFields } from '../pod-at.ts';
import { SecretRef } from '../secret-ref.ts';

export const Port = z.number().int().min(1).max(65_535);

/** A table as the platform calls it: `db_servers`, or `schema.table`. */
const Table = z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/, 'a table name, or schema.table');

export const Tls = z
  .union([
    z.boolean(),
    z.strictObject({
      caFile: z.string().optional(),
      insecure: z.boolean().default(false).describe('trust any certificate'),
    }),
  ])
  .describe('TLS; true verifies the certificate');

const KubernetesAt = z.strictObject({
  kubeconfig: z.string().optional(),
  context: z.string().optional().describe('pinned; the current one when left out'),
  namespace: z.string(),
});

const dockerHost = z
  .string()
  .min(1)
  .optional()
  .describe('the engine, as DOCKER_HOST has it: unix://, tcp:// or ssh://');

/** psql inside the pod or container of the server, over its own socket: where no connection can be had. */
const Exec = z.union([
  z.strictObject({ kubernetes: PodAt }),
  z.strictObject({ docker: z.strictObject({ host: dockerHost, service: z.string().min(1) }) }),
  z.strictObject({ docker: z.strictObject({ host: dockerHost, container: z.string().min(1) }) }),
]);

export const PortForward = z
  .strictObject({ ...podFields, port: Port.default(5432) })
  .refine(namesOnePod, 'give either pod or selector');

const Server = z.strictObject({
  host: z
    .string()
    .min(1)
    .optional()
    .describe('name or address, or the folder of a local socket; makes it a direct one'),
  port: Port.default(5432),
  user: z.string().optional(),
  password: SecretRef.optional(),
  database: z.string().optional().describe('the database to connect to'),
  ssl: Tls.optional(),
});

const Platform = z
  .strictObject({
    host: z.string().optional(),
    port: Port.optional(),
    portForward: PortForward.optional(),
    exec: Exec.optional(),
    user: z.string(),
    password: SecretRef.optional(),
    ssl: Tls.optional(),
    database: z.string().default('instance'),
    tables: z
      .strictObject({
        servers: Table.default('db_servers'),
        instances: Table.default('instances'),
        labels: z.array(z.string().min(1)).default([]).describe('further columns of the instances, shown as labels'),
      })
      .prefault({}),
  })
  .refine(
    ({ host, portForward, exec }) => [host, portForward, exec].filter(way => way !== undefined).length === 1,
    'give exactly one of host, portForward and exec',
  );

const Pools = z
  .strictObject({
    via: z.enum(['direct', 'port-forward', 'exec']).default('direct'),
    from: z
      .literal('table')
      .optional()
      .describe("the platform's table names the servers; so it is when a platform is given"),
    servers: z
      .record(z.string().min(1), Server)
      .optional()
      .describe('servers by name, besides or instead of the table'),
    credentials: z
      .union([z.literal('table'), z.strictObject({ user: z.string(), password: SecretRef.optional() })])
      .optional()
      .describe("'table': admin_user and admin_password of the platform's own table, kept in memory only"),
    addresses: z
      .record(z.string().min(1), z.string().regex(/^.+:\d+$/, 'host:port'))
      .optional()
      .describe('other addresses of single servers, such as tunnels: {NAME: host:port}'),
    kubernetes: KubernetesAt.optional(),
    docker: z.strictObject({ host: dockerHost }).optional(),
    pod: z.string().default('{name}-0').describe('its pod; {name} is the name of the server'),
    container: z.string().optional().describe('container in the pod'),
    service: z.string().default('{name}').describe('its Swarm service; {name} is the name of the server'),
    database: z.string().default('postgres').describe('the database to connect to'),
    ssl: Tls.optional(),
  })
  .refine(
    ({ via, servers, addresses }) =>
      via !== 'direct' || Object.entries(servers ?? {}).every(([name, { host }]) => host ?? addresses?.[name]),
    'a server that is reached directly needs a host',
  )
  .refine(
    ({ via, kubernetes }) => via !== 'port-forward' || kubernetes !== undefined,
    'port-forward needs kubernetes: {namespace}',
  )
  .refine(
    ({ via, kubernetes, docker }) => via !== 'exec' || (kubernetes === undefined) !== (docker === undefined),
    'exec needs either kubernetes: {namespace} or docker: {}',
  );

/**
 * What a profile says about the platform's PostgreSQL: its own database with the tables of servers and tenants, and how
 * each server (pool) is reached. Without `pools` the servers are listed from the table and not asked themselves.
 */
export const PostgresOptions = z
  .strictObject({
    kind: z.literal('postgres'),
    platform: Platform.optional(),
    pools: Pools.optional(),
    tenantPrefix: z
      .string()
      .min(1)
      .optional()
      .describe("what the names of tenants' databases begin with; without it they are not counted"),
    everySeconds: z
      .number()
      .min(1)
      .max(3600)
      .default(10)
      .describe('from one reading of tables and servers to the next'),
  })
  .refine(
    ({ platform, pools }) => platform !== undefined || pools?.servers !== undefined,
    'give platform, or pools.servers',
  )
  .refine(
    ({ platform, pools }) => platform !== undefined || (pools?.from !== 'table' && pools?.credentials !== 'table'),
    'pools from the table need platform, whose table it is',
  );

export type PostgresOptions = z.infer<typeof PostgresOptions>;
export type PlatformOptions = NonNullable<PostgresOptions['platform']>;
export type PoolsOptions = NonNullable<PostgresOptions['pools']>;
export type TlsOptions = z.infer<typeof Tls>;
