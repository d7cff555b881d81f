import type { ProfileInput } from '../profile/schema.ts';
import type { CephFsDemo } from './cephfs/serve.ts';
import { managerOf, type SwarmEngines } from './docker-api/swarm-engines.ts';
import type { HttpServices } from './http-services.ts';
import { USER } from './mariadb/server.ts';
import type { PostgresDemo } from './postgres/start.ts';
import { DOMAIN, MOUNT, NAMESPACE, REGISTRY } from './shape.ts';
import type { World } from './world.ts';

export interface Parts {
  world: World;
  /** Path. */
  kubeconfig: string;
  engines: SwarmEngines;
  http: HttpServices;
  postgres: PostgresDemo | null;
  mariadb: { host: string; port: number; passwordFile: string };
  cephfs: CephFsDemo;
}

/** The profile with which the embedded platform is watched: like that of a real one, only closer by. */
export function profileOf({ world, kubeconfig, engines, http, postgres, mariadb, cephfs }: Parts): ProfileInput {
  const { ceph } = world.shape;
  return {
    name: 'demo',
    title: 'saasodoo · demo',
    namespace: NAMESPACE,
    sources: {
      kubernetes: { kind: 'kubernetes', kubeconfig, context: 'demo' },
      swarm: {
        kind: 'swarm',
        host: managerOf(engines).host,
        engines: Object.fromEntries([...engines].map(([node, { host }]) => [node, host])),
      },
      // This machine is a real one, and never still.
      ...(!world.still && { host: { kind: 'host' } }),
      ...(postgres && { postgres: postgres.source }),
      mariadb: {
        kind: 'mariadb',
        servers: {
          'killbill-db': {
            host: mariadb.host,
            port: mariadb.port,
            user: USER,
            password: { file: mariadb.passwordFile },
          },
        },
      },
      cephfs: {
        kind: 'cephfs',
        mount: MOUNT,
        fileSystem: ceph.fileSystem,
        directories: ['odoo_instances/*', 'postgres_pools/*', ...directoriesOf(world)],
        backups: {
          directory: 'odoo_backups/active',
          pattern: '^(?<database>.+)_(?<taken>\\d{8}_\\d{6})_(?<part>database|data)\\.(?:sql|tar\\.gz)$',
        },
        everySeconds: 5,
        reader: cephfs.reader,
      },
      http: {
        kind: 'http',
        everySeconds: 5,
        // Its own registry, and a mirror of the public one: nobody is asked outside.
        registries: { [REGISTRY]: http.url, 'docker.io': http.url },
        checks: [
          ...['user', 'instance', 'billing', 'database'].map(name => ({
            name: `${name}-service`,
            url: `${http.url}/${name}/health`,
            host: `api.${DOMAIN}`,
          })),
          { name: 'frontend-service', url: `${http.url}/`, host: `app.${DOMAIN}` },
        ],
      },
    },
  };
}

/** Those at the top that are not shown one by one. */
function directoriesOf({ shape }: World): string[] {
  const shown = ['odoo_instances', 'postgres_pools'];
  return shape.directories
    .map(({ path }) => path.slice(MOUNT.length + 1))
    .filter(path => !path.includes('/') && !shown.includes(path));
}
