import type { Source } from '../sources/source.ts';
import type { SourceOptions } from './schema.ts';

/** The source that a profile describes. What a kind of source needs is loaded only when one of it is made. */
export async function createSource(name: string, options: SourceOptions): Promise<Source> {
  switch (options.kind) {
    case 'kubernetes':
      return (await import('../sources/kubernetes/index.ts')).createKubernetes(name, options);
    case 'swarm':
      return (await import('../sources/swarm/index.ts')).createSwarm(name, options);
    case 'postgres':
      return (await import('../sources/postgres/index.ts')).createPostgres(name, options);
    case 'mariadb':
      return (await import('../sources/mariadb/index.ts')).createMariadb(name, options);
    case 'cephfs':
      return (await import('../sources/cephfs/index.ts')).createCephfs(name, options);
    case 'http':
      return (await import('../sources/http/index.ts')).createHttp(name, options);
    case 'host':
      return (await import('../sources/host/index.ts')).createHost(name, options);
  }
}
