import type { CephfsOptions } from '../sources/cephfs/options.ts';

export interface Doors {
  /** Path of the kubeconfig. */
  kubeconfig: string;
  /** As DOCKER_HOST has it. */
  docker: string;
  postgres: object;
  reader: NonNullable<CephfsOptions['reader']>;
}

/** The profile of the embedded platform: ordinary sources that point at its doors. */
export function profileOf({ kubeconfig, docker, postgres, reader }: Doors): object {
  return {
    name: 'demo',
    title: 'saasodoo · demo',
    namespace: 'saasodoo',
    sources: {
      kubernetes: { kind: 'kubernetes', kubeconfig, context: 'demo' },
      swarm: { kind: 'swarm', host: docker },
      postgres,
      cephfs: {
        kind: 'cephfs',
        mount: '/mnt/cephfs',
        fileSystem: 'saasodoo_fs',
        reader,
        directories: ['odoo_instances/*', 'postgres_pools/*', 'odoo_backups', 'postgres_data', 'docker-registry'],
        backups: {
          directory: 'odoo_backups/active',
          pattern: '^(?<database>.+)_(?<taken>\\d{8}_\\d{6})_(?<part>database|data)\\.(?:sql|tar\\.gz)$',
        },
      },
      host: { kind: 'host' },
    },
  };
}
