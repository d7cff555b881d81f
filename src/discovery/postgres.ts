import { printable } from '../model/printable.ts';
import { fromEnvironment } from '../sources/postgres/environment.ts';
import type { Environment, Findings } from './found.ts';

/** The servers that psql would take from PG* variables, where PGHOST or PGHOSTADDR is set. */
export function findPostgres(env: Environment): Findings {
  const options = fromEnvironment(env);
  const servers = Object.keys(options?.pools?.servers ?? {});
  if (!options || servers.length === 0) return { found: [], passed: [] };
  const user = env.PGUSER ? ` as ${printable(env.PGUSER)}` : '';
  return {
    found: [
      {
        kind: 'postgres',
        name: 'postgres',
        title: `PostgreSQL at ${printable(servers.join(', '))}${user}`,
        note: env.PGHOST ? 'PGHOST' : 'PGHOSTADDR',
        options,
        isDefault: true,
      },
    ],
    passed: [],
  };
}
