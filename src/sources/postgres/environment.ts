import { PostgresOptions } from './options.ts';

/**
 * The server that psql would take from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE and PGSSLMODE, watched as a pool;
 * null when neither PGHOST nor PGHOSTADDR is set. Several hosts are several pools. (libpq, Environment Variables.)
 */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): PostgresOptions | null {
  const hosts = (env.PGHOST || env.PGHOSTADDR || '').split(',').filter(Boolean);
  if (hosts.length === 0) return null;
  const ports = (env.PGPORT || '5432').split(',').map(Number);
  const server = (host: string, index: number) => ({
    host,
    port: ports[index] ?? ports[0],
    user: env.PGUSER || env.USER,
    ...(env.PGPASSWORD ? { password: { env: 'PGPASSWORD' } } : {}),
    ssl: tls(env),
  });
  const names = hosts.map((host, index) =>
    hosts.indexOf(host) === index ? host : `${host}:${ports[index] ?? ports[0]}`,
  );
  return PostgresOptions.parse({
    kind: 'postgres',
    pools: {
      servers: Object.fromEntries(hosts.map((host, index) => [names[index], server(host, index)])),
      ...(env.PGDATABASE ? { database: env.PGDATABASE } : {}),
    },
  });
}

/** Without a mode there is no TLS: libpq would try it first, and take none as well. */
function tls({ PGSSLMODE: mode, PGSSLROOTCERT: caFile }: Readonly<Record<string, string | undefined>>) {
  if (mode === 'require') return { insecure: true };
  if (mode === 'verify-ca' || mode === 'verify-full') return caFile ? { caFile } : true;
  return false;
}
