import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import pg from 'pg';
import { printable } from '../../model/printable.ts';
import { TroubleError } from '../../model/trouble.ts';
import { type Account, handOver } from './account.ts';
import { type Guarded, guarded } from './guard.ts';

export const HOST = '127.0.0.1';
export const SUPERUSER = 'postgres';

/** What lets four servers live beside each other on a small machine: a crash of the machine may cost their data. */
const SETTINGS: Record<string, string | number> = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  shared_buffers: '2MB',
  wal_level: 'minimal',
  max_wal_senders: 0,
  min_wal_size: '2MB',
  max_wal_size: '4MB',
  wal_buffers: '64kB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  dynamic_shared_memory_type: 'mmap',
  max_worker_processes: 0,
  max_logical_replication_workers: 0,
  io_method: 'sync',
  autovacuum: 'off',
  bgwriter_lru_maxpages: 0,
  jit: 'off',
  log_checkpoints: 'off',
  // The passwords are random and long: more rounds would only cost time at each of many connections.
  scram_iterations: 1,
};

export interface ServerOptions {
  name: string;
  port: number;
  /** Its data folder; its log is beside it. */
  folder: string;
  /** The folder with PostgreSQL's bin, lib and share. */
  native: string;
  account: Account;
  /** The superuser's. */
  password: string;
  maxConnections: number;
}

/** One real PostgreSQL server. */
export class Server {
  readonly name: string;
  readonly port: number;
  readonly #options: ServerOptions;
  #running: Guarded | null = null;
  #admin: pg.Client | null = null;
  #frozen: number[] = [];

  constructor(options: ServerOptions) {
    this.name = options.name;
    this.port = options.port;
    this.#options = options;
  }

  get state(): 'stopped' | 'frozen' | 'running' {
    if (!this.#running) return 'stopped';
    return this.#frozen.length > 0 ? 'frozen' : 'running';
  }

  /** The server's own process and its guard's, for the tests. */
  async pids(): Promise<number[]> {
    return this.#running ? [await this.#running.pid, this.#running.guard.pid ?? 0] : [];
  }

  /** Resolves when it accepts connections; throws a TroubleError with its last words when it does not. */
  async start(): Promise<void> {
    if (this.#running) return;
    const { folder, native, account, maxConnections } = this.#options;
    await letGoneFinish(folder);
    const log = `${folder}.log`;
    const settings = { ...SETTINGS, port: this.port, max_connections: maxConnections };
    const running = guarded(
      [
        join(native, 'bin', 'postgres'),
        ...['-D', folder],
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { log, account },
    );
    this.#running = running;
    let isEnded = false;
    running.ended.then(() => {
      isEnded = true;
      if (this.#running === running) this.#running = null;
    });
    for (const deadline = Date.now() + 15_000; ; ) {
      try {
        this.#admin = await this.connect({ database: 'postgres' });
        return;
      } catch (error) {
        if (isEnded || Date.now() > deadline || isRefused(error)) {
          await this.stop();
          throw await this.#didNotStart(log, error);
        }
        await sleep(25);
      }
    }
  }

  /** Ends it and everything that is connected. Does nothing when it does not run. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.end();
    await running.ended;
    this.#running = null;
    this.#admin = null;
    this.#frozen = [];
  }

  /** Stops all its processes where they stand: connections are accepted by the system, and nothing answers. */
  async freeze(): Promise<void> {
    const running = this.#running;
    if (!running || this.#frozen.length > 0) return;
    const first = await running.pid;
    process.kill(first, 'SIGSTOP'); // it makes no more children
    const { rows } = await this.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
    this.#frozen = [first, ...rows.map(({ pid }) => pid)];
    running.frozen(this.#frozen);
    for (const pid of this.#frozen) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    const frozen = this.#frozen;
    this.#frozen = [];
    for (const pid of frozen.reverse()) signal(pid, 'SIGCONT');
    this.#running?.frozen([]);
  }

  /** A connection of its own. It must be ended by who asked for it, or ends with the server. */
  async connect({
    database,
    user = SUPERUSER,
    password = this.#options.password,
    name = 'quarterdeck demo',
  }: {
    database: string;
    user?: string;
    password?: string;
    name?: string;
  }): Promise<pg.Client> {
    const client = new pg.Client({
      host: HOST,
      port: this.port,
      database,
      user,
      password,
      application_name: name,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => {}); // the server was stopped: its connections ended with it
    await client.connect();
    return client;
  }

  /** As superuser in the database `postgres`. */
  query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<pg.QueryResult<Row>> {
    if (!this.#admin) throw new Error(`${this.name} does not run`);
    return this.#admin.query<Row>(sql, values);
  }

  async #didNotStart(log: string, error: unknown): Promise<TroubleError> {
    const words = await readFile(log, 'utf8').catch(() => '');
    const last = words.trim().split('\n').slice(-3).join(' · ');
    const why = printable(last || (error instanceof Error ? error.message : String(error)), 500);
    return new TroubleError({ what: 'start PostgreSQL for the demo', on: this.name, why, fix: null }, error);
  }
}

/**
 * Makes a data folder. The password's file goes to the account, which must read it. Throws a TroubleError with
 * initdb's words.
 */
export async function makeData(
  folder: string,
  {
    native,
    account,
    passwordFile,
    signal,
  }: { native: string; account: Account; passwordFile: string; signal: AbortSignal },
): Promise<void> {
  await handOver(account, passwordFile);
  await runAs(account, signal, join(native, 'bin', 'initdb'), [
    ...['-D', folder, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--no-sync', '--no-instructions', '--wal-segsize=1', '--locale=C', '--encoding=UTF8'],
    ...['-c', 'min_wal_size=2MB', '-c', 'max_wal_size=4MB'],
  ]);
  await dropMaps(join(folder, 'base'));
}

/**
 * Free space and visibility maps are a quarter of a new database's 300 files, and each database is copied from these.
 * The server does without them and makes them again when it has use for them (manual, "Database File Layout").
 */
async function dropMaps(base: string): Promise<void> {
  const names = await readdir(base, { recursive: true });
  await Promise.all(names.filter(name => /_(fsm|vm)$/.test(name)).map(name => rm(join(base, name))));
}

/** Runs a command to its end as the servers' account. */
export async function runAs(account: Account, signal: AbortSignal, command: string, args: string[]): Promise<void> {
  const [first = command, ...rest] = [...account.prefix, command, ...args];
  const { exitCode, all, message } = await execa(first, rest, {
    reject: false,
    all: true,
    cwd: '/',
    timeout: 60_000,
    cancelSignal: signal,
    env: { LC_ALL: 'C' },
    ...account.ids,
  });
  if (exitCode === 0) return;
  signal.throwIfAborted();
  const why = printable((all || message || '').trim().split('\n').slice(-4).join(' · '), 500);
  throw new TroubleError({ what: 'set PostgreSQL up for the demo', on: 'this machine', why, fix: null });
}

/** A demo that was killed a moment ago: its guard is still ending this folder's server. */
async function letGoneFinish(folder: string): Promise<void> {
  for (const deadline = Date.now() + 3_000; Date.now() < deadline; await sleep(50)) {
    const pid = Number.parseInt(await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => ''), 10);
    if (!(pid > 0 && isThere(pid))) return;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** SQLSTATE class 28: it runs, and will say the same for ever. */
function isRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith('28') === true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile
  }
}
