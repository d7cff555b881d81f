import type { Kind } from '../../model/entity.ts';
import { maskSecrets } from '../../model/secrets.ts';
import type { Trouble } from '../../model/trouble.ts';
import { NotAllowed } from '../kube-stream.ts';
import { PoolWatch } from '../postgres/pool.ts';
import { troubleOf } from '../postgres/refusal.ts';
import type { Session } from '../postgres/session.ts';
import { SecretMissing } from '../secret.ts';
import type { Coverage, Phase, Sink, Source } from '../source.ts';
import { MARIADB } from './dialect.ts';
import type { MariadbOptions } from './options.ts';
import { QUESTIONS, tablesIn } from './questions.ts';
import { wayToMariadb } from './session.ts';

export type { MariadbOptions } from './options.ts';

/**
 * Watches MariaDB servers as the PostgreSQL source watches pools: each over a connection of its own that can change
 * nothing, with its databases, their sizes and tables. Live means that any of them answers.
 */
export function createMariadb(name: string, options: MariadbOptions, { now = Date.now } = {}): Source {
  const pools: PoolWatch[] = [];
  let requests = 0;
  let attended: ReadonlySet<Kind> = new Set();
  let proven = false;
  let told = '';

  function counted(session: Session): Session {
    const rows = (sql: string) => {
      requests++;
      return session.rows(sql);
    };
    return { rows, ended: session.ended, close: session.close };
  }

  function verdict(sink: Sink, server: string, error: unknown): void {
    cover(sink);
    if (error === null) {
      proven = true;
      sink.state({ phase: 'live', proof: true, trouble: null });
    } else if (pools.every(pool => pool.failing)) {
      const trouble = troubleOf('connect', server, error);
      sink.state({ phase: phaseAfter(error, proven), trouble });
    }
  }

  /** Databases are known when all servers have listed theirs once. */
  function cover(sink: Sink): void {
    const silent = pools.filter(pool => !pool.listed && pool.failing).map(pool => pool.seen());
    const [first] = silent;
    const trouble: Trouble | undefined = first && {
      what: 'list databases',
      on: silent.map(pool => pool.name).join(', '),
      why: first.downReason ?? 'no answer',
      fix: null,
    };
    const coverage: Coverage = trouble
      ? { state: 'failed', trouble }
      : { state: pools.every(pool => pool.listed) ? 'complete' : 'asking' };
    if (JSON.stringify(coverage) === told) return;
    told = JSON.stringify(coverage);
    sink.coverage('database', coverage);
  }

  return {
    name,
    kind: 'mariadb',
    get requests() {
      return requests;
    },
    start(sink) {
      const servers = Object.entries(options.servers);
      sink.state({ phase: 'connecting', target: servers.map(([server]) => server).join(', ') });
      sink.coverage('database', { state: 'asking' });
      for (const [server, at] of servers) {
        const pool = new PoolWatch({
          source: name,
          name: server,
          dialect: MARIADB,
          tenantPrefix: undefined,
          everyMs: options.everySeconds * 1000,
          now,
          sink,
          attended: () => attended,
          counted,
          verdict: error => verdict(sink, server, error),
          listed: () => {
            told = ''; // the end of a list says "complete", of which one server knows nothing
            cover(sink);
          },
        });
        pools.push(pool);
        void pool.reach(wayToMariadb(at));
      }
      const listing = sink.list('pool');
      listing.put(pools.map(pool => pool.seen()));
      listing.end();
    },
    async stop() {
      await Promise.all(pools.map(pool => pool.stop()));
    },
    attend(kinds) {
      const anew = kinds.has('database') && !attended.has('database');
      attended = kinds;
      if (anew) for (const pool of pools) pool.hurry();
    },
    async raw(kind, id) {
      const pool = pools.find(each => each.id === id || id.startsWith(each.databasePrefix));
      if (!pool?.session) throw new Error('there is no connection now');
      if (kind === 'pool') {
        const rows = await pool.session.rows(QUESTIONS.variables);
        return maskSecrets(Object.fromEntries(rows.map(row => [String(row.name), row.value])));
      }
      return pool.session.rows(tablesIn(id.slice(pool.databasePrefix.length)));
    },
  };
}

/** Wrong user or password, no right, a host that is not let in, no such database. */
const REFUSALS = new Set([1044, 1045, 1049, 1130, 1142, 1698]);

function phaseAfter(error: unknown, proven: boolean): Phase {
  // Whoever has not given the password does not watch it yet: nobody waits for it.
  if (error instanceof SecretMissing) return 'unset';
  if (error instanceof NotAllowed || REFUSALS.has(Number((error as { errno?: unknown } | null)?.errno)))
    return 'refused';
  return proven ? 'stale' : 'connecting';
}
