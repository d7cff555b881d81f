import { reveal } from '../../model/reveal.ts';
import { maskSecrets } from '../../model/secrets.ts';
import type { Source } from '../source.ts';
import type { PostgresOptions } from './options.ts';
import { PostgresWatch } from './watch.ts';

export type { PostgresOptions } from './options.ts';

/**
 * Watches a platform's PostgreSQL: its table of servers, its tenants, and each server over a connection of its own. One
 * that hangs or refuses keeps no other from being watched. Live means that the platform's database answers or, where
 * there is none, any of the servers. It only reads: each session is read-only from its first statement.
 */
export function createPostgres(name: string, options: PostgresOptions, { now = Date.now } = {}): Source {
  let watch: PostgresWatch | null = null;
  return {
    name,
    kind: 'postgres',
    get requests() {
      return watch?.requests ?? 0;
    },
    start: sink => {
      watch = new PostgresWatch(name, options, sink, now);
    },
    stop: async () => watch?.stop(),
    attend: kinds => watch?.attend(kinds),
    raw: async (kind, id, signal) => maskSecrets((await watch?.read(kind, id, signal)) ?? null),
    select: (database, sql, signal) => watch?.select(database, sql, signal) ?? null,
    reveal: async (kind, id, masked, signal) => reveal(await watch?.read(kind, id, signal), masked),
  };
}
