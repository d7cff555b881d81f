import type { Kind } from '../../model/entity.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { Coverage, Row, Sink } from '../source.ts';
import { InstanceBook } from './instances.ts';
import { type Kept, keep } from './keep.ts';
import type { PlatformOptions, PostgresOptions } from './options.ts';
import { PlatformReader, type Reading } from './platform.ts';
import { PoolWatch } from './pool.ts';
import { POSTGRES } from './probe.ts';
import { rawRow, selectRows } from './raw.ts';
import { databasesByServer, type ServerRecord } from './records.ts';
import { isRefusal, troubleOf } from './refusal.ts';
import type { Session } from './session.ts';
import { type Way, wayToPlatform, wayToPool } from './way.ts';

const COMPLETE: Coverage = { state: 'complete' };

/** A source at work: the platform's database, and the servers that its table or the profile names. */
export class PostgresWatch {
  requests = 0;
  readonly #name: string;
  readonly #options: PostgresOptions;
  readonly #sink: Sink;
  readonly #now: () => number;
  readonly #pools = new Map<string, PoolWatch>();
  readonly #instances: InstanceBook;
  readonly #platform: { reader: PlatformReader; kept: Kept } | null;
  #attended: ReadonlySet<Kind> = new Set();
  /** The names of tenants' databases by the server that they are assigned to, as last read. */
  #tenants: ReadonlyMap<string, (string | null)[]> = new Map();
  #proven = false;
  #databasesTold = '';

  constructor(name: string, options: PostgresOptions, sink: Sink, now: () => number) {
    this.#name = name;
    this.#options = options;
    this.#sink = sink;
    this.#now = now;
    this.#instances = new InstanceBook(name, sink);
    sink.state({ phase: 'connecting' });
    for (const kind of ['pool', 'database', 'instance'] as const) sink.coverage(kind, { state: 'asking' });
    this.#platform = options.platform ? this.#watchPlatform(options.platform) : null;
    for (const server of Object.keys(options.pools?.servers ?? {})) this.#reach(server, null);
    if (options.platform) return;
    this.#listPools();
    const trouble: Trouble = {
      what: 'list instances',
      on: name,
      why: 'the profile names no platform database',
      fix: 'add "platform" to this source',
    };
    sink.coverage('instance', { state: 'absent', trouble });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#platform?.kept.stop(), ...[...this.#pools.values()].map(pool => pool.stop())]);
  }

  attend(kinds: ReadonlySet<Kind>): void {
    const anew = kinds.has('database') && !this.#attended.has('database');
    this.#attended = kinds;
    if (anew) for (const pool of this.#pools.values()) pool.hurry();
  }

  /** As `rawRow`. */
  read(kind: Kind, id: string, signal: AbortSignal): Promise<unknown> {
    const platform = this.#platform && { reader: this.#platform.reader, session: this.#platform.kept.session };
    return rawRow({ kind, id, platform, pools: [...this.#pools.values()], instances: this.#instances }, signal);
  }

  /** As `Source.select`. */
  select(database: string, sql: string, signal: AbortSignal): Promise<Row[]> | null {
    const isPlatform = this.#options.platform?.database === database;
    const pool = this.#pools.get(database);
    if (!isPlatform && !pool) return null;
    const session = isPlatform ? this.#platform?.kept.session : pool?.session;
    return selectRows(session ?? null, database, sql, signal);
  }

  #watchPlatform(platform: PlatformOptions): { reader: PlatformReader; kept: Kept } {
    const sink = this.#sink;
    const way = wayToPlatform(platform);
    const target = (version: string | null) =>
      [`${platform.database} on ${way.on}`, version && `PostgreSQL ${version}`, `as ${platform.user}`]
        .filter(Boolean)
        .join(' · ');
    sink.state({ target: target(null) });
    const reader = new PlatformReader(platform.tables, {
      withCredentials: this.#options.pools?.credentials === 'table',
      missing: (table, columns) => this.#tellMissing(table, columns),
    });
    const kept = keep({
      open: async signal => this.#counted(await way.open(signal)),
      pulseMs: way.pulseMs,
      everyMs: this.#options.everySeconds * 1000,
      read: async session => {
        const reading = await reader.read(session);
        sink.state({ target: target(reading.version) });
        this.#take(reading, reader);
      },
      alive: () => this.#live(),
      lost: error => this.#lost(troubleOf('reach the platform database', way.on, error), isRefusal(error)),
      unread: error => {
        const trouble = troubleOf("read the platform's tables", way.on, error);
        const coverage: Coverage = { state: isRefusal(error) ? 'forbidden' : 'failed', trouble };
        for (const kind of ['pool', 'instance'] as const) sink.coverage(kind, coverage);
      },
    });
    return { reader, kept };
  }

  #take(reading: Reading, reader: PlatformReader): void {
    if (reading.instances) this.#tenants = databasesByServer(reading.instances);
    const records = namesOf(reading.servers);
    const fixed = this.#options.pools?.servers ?? {};
    for (const [name, pool] of this.#pools) if (!records.has(name) && !(name in fixed)) this.#drop(name, pool);
    for (const [name, record] of records) {
      const pool = this.#reach(name, record, reader);
      if (reading.assigned) pool.recorded(record, reading.assigned.get(record.id) ?? 0, this.#tenantsOf(record));
      else pool.recorded(record, null, null);
    }
    this.#listPools();
    this.#coverDatabases();
    if (reading.instances) {
      const pools = new Map([...records].map(([name, { id }]) => [id, this.#pools.get(name)?.id ?? null]));
      this.#instances.read(reading.instances, server => pools.get(server) ?? null, this.#now());
    }
    this.#sink.coverage('instance', COMPLETE);
  }

  /** The databases that are assigned to a server; null when some have no name. */
  #tenantsOf({ id }: ServerRecord): string[] | null {
    const names = this.#tenants.get(id) ?? [];
    return names.every(name => name !== null) ? names : null;
  }

  /** The pool of that name, asked in the way that the profile and its record give now. */
  #reach(name: string, record: ServerRecord | null, reader?: PlatformReader): PoolWatch {
    const { pools, tenantPrefix, everySeconds } = this.#options;
    let pool = this.#pools.get(name);
    if (!pool) {
      pool = new PoolWatch({
        source: this.#name,
        name,
        dialect: POSTGRES,
        tenantPrefix,
        everyMs: everySeconds * 1000,
        now: this.#now,
        sink: this.#sink,
        attended: () => this.#attended,
        counted: session => this.#counted(session),
        verdict: error => this.#verdict(name, error),
        listed: () => {
          this.#databasesTold = ''; // the end of a list says "complete", of which one server knows nothing
          this.#coverDatabases();
        },
      });
      this.#pools.set(name, pool);
    }
    const fromTable = () => (record && reader?.credentials(record.id)) ?? null;
    pool.reach(wayTo(name, pools, record, fromTable));
    return pool;
  }

  #drop(name: string, pool: PoolWatch): void {
    this.#pools.delete(name);
    pool.stop().then(() => this.#sink.list('database', database => database.pool === pool.id).end());
    this.#event('removed', pool.id, name, "it is no longer in the platform's table");
  }

  #listPools(): void {
    const listing = this.#sink.list('pool');
    listing.put([...this.#pools.values()].map(pool => pool.seen()));
    listing.end();
    this.#sink.coverage('pool', COMPLETE);
  }

  /** Databases are known when all servers that are asked have listed theirs once. */
  #coverDatabases(): void {
    const unlisted = [...this.#pools.values()].filter(pool => !pool.listed);
    const silent = unlisted.filter(pool => pool.failing);
    const coverage =
      unlisted.length === 0 ? COMPLETE : silent.length === 0 ? { state: 'asking' as const } : unlistedOn(silent);
    const told = JSON.stringify(coverage);
    if (told !== this.#databasesTold) this.#sink.coverage('database', coverage);
    this.#databasesTold = told;
  }

  /** One of the servers answered, or did not. Without a platform database they decide where the source stands. */
  #verdict(name: string, error: unknown): void {
    this.#coverDatabases();
    if (this.#platform) return;
    const pools = [...this.#pools.values()];
    if (error === null) this.#live();
    else if (pools.every(pool => pool.failing)) this.#lost(troubleOf('connect', name, error), isRefusal(error));
  }

  #live(): void {
    this.#proven = true;
    this.#sink.state({ phase: 'live', proof: true, trouble: null });
  }

  #lost(trouble: Trouble, refused: boolean): void {
    this.#sink.state({ phase: refused ? 'refused' : this.#proven ? 'stale' : 'connecting', trouble });
  }

  #tellMissing(table: string, columns: string[]): void {
    if (columns.length === 0) return;
    const message = `columns that are not there or not for us: ${columns.join(', ')}; what they tell is unknown`;
    this.#event('columns', null, table, message);
  }

  #event(reason: string, about: string | null, subject: string, message: string): void {
    const key = `${about ?? `${this.#name} ${subject}`} ${reason}`;
    this.#sink.event({ key, at: this.#now(), severity: 'info', source: this.#name, about, subject, reason, message });
  }

  #counted(session: Session): Session {
    const rows = (sql: string) => {
      this.requests++;
      return session.rows(sql);
    };
    return { rows, ended: session.ended, close: session.close };
  }
}

/** Records by name; the second of a name has its id beside it. */
function namesOf(servers: ServerRecord[]): Map<string, ServerRecord> {
  const named = new Map<string, ServerRecord>();
  for (const record of servers) {
    named.set(named.has(record.name) ? `${record.name}-${record.id.slice(0, 8)}` : record.name, record);
  }
  return named;
}

function wayTo(
  name: string,
  pools: PostgresOptions['pools'],
  record: ServerRecord | null,
  fromTable: Parameters<typeof wayToPool>[3],
): Way | string {
  if (record?.status === 'deprovisioned') return 'deprovisioned';
  return pools ? wayToPool(name, pools, record, fromTable) : 'the profile does not say how servers are reached';
}

function unlistedOn(pools: PoolWatch[]): Coverage {
  const on = pools.map(pool => pool.seen().name).join(', ');
  return {
    state: 'failed',
    trouble: { what: 'list databases', on, why: pools[0]?.seen().downReason ?? 'no answer', fix: null },
  };
}
