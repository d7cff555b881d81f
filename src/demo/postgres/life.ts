import type pg from 'pg';
import { why } from '../../sources/why.ts';
import type { Random } from '../random.ts';
import type { PoolShape, Shape } from '../shape.ts';
import type { Server } from './server.ts';
import { passwordOf } from './tables.ts';

/** Not ours to open: the demo's own connection, and that of the source which watches. */
const OTHERS = 2;
const AT_ONCE = 6;
const BEAT_MS = 4_000;
/** What the busiest tenant writes in a beat, and when the nightly job clears it away. */
const WRITES_BYTES = 8 * 1024;
const CLEARED_AT_BYTES = 8 * 1024 * 1024;
/** SQLSTATE of "sorry, too many clients already". */
const TOO_MANY = '53300';

export interface LifeOptions {
  random: Random;
  secret: string;
  log(line: string): void;
}

/**
 * The tenants of one pool: real connections to their databases, 1.4 MB of memory each, a transaction now and then, a
 * database that grows. What they do follows from the random numbers alone.
 */
export class Life {
  readonly #server: Server;
  readonly #pool: PoolShape;
  readonly #users: string[];
  readonly #random: Random;
  readonly #secret: string;
  readonly #log: (line: string) => void;
  #clients: pg.Client[] = [];
  #isFull = false;
  #timer: NodeJS.Timeout | null = null;
  /** Has a transaction open. */
  #reporting: pg.Client | null = null;
  #written = 0;
  #busy: Promise<void> = Promise.resolve();

  constructor(server: Server, pool: PoolShape, shape: Shape, { random, secret, log }: LifeOptions) {
    this.#server = server;
    this.#pool = pool;
    this.#random = random;
    this.#secret = secret;
    this.#log = log;
    const asleep = new Set(shape.instances.filter(({ status }) => status !== 'running').map(({ dbName }) => dbName));
    this.#users = pool.databases.filter(name => !asleep.has(name));
  }

  /** Opens what stands open at the start of the demo. */
  begin(): Promise<void> {
    return this.#inTurn(() => this.#hold(this.#pool.connections - OTHERS));
  }

  /** From now on it moves. */
  move(): void {
    this.#timer ??= setInterval(() => {
      this.#inTurn(() => this.#beat()).catch(error => this.#log(`${this.#pool.name}: ${why(error)}`));
    }, BEAT_MS).unref();
  }

  /** Takes every connection that there is, those for superusers too: whoever comes is refused. */
  fill(): Promise<void> {
    this.#isFull = true;
    return this.#inTurn(() => this.#takeAll());
  }

  ease(): Promise<void> {
    this.#isFull = false;
    return this.#inTurn(() => this.#hold(this.#pool.connections - OTHERS));
  }

  /** The server is going down: its connections go with it. */
  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#isFull = false;
    for (const client of this.#clients) void client.end().catch(() => {});
    this.#clients = [];
    this.#reporting = null;
  }

  async #beat(): Promise<void> {
    if (this.#isFull) return this.#takeAll();
    const { connections, maxConnections } = this.#pool;
    await this.#hold(Math.min(maxConnections - 4, connections + this.#random.integer(-2, 2)) - OTHERS);
    await this.#write();
    await this.#report();
  }

  async #write(): Promise<void> {
    const client = this.#clients.find(each => each !== this.#reporting && each.database === this.#users[0]);
    if (!client) return;
    await client.query('INSERT INTO mail_message (body) VALUES ($1)', ['x'.repeat(WRITES_BYTES)]);
    this.#written += WRITES_BYTES;
    if (this.#written < CLEARED_AT_BYTES) return;
    this.#written = 0;
    await client.query('TRUNCATE mail_message');
  }

  /** A transaction that stays open until some later beat. */
  async #report(): Promise<void> {
    if (this.#reporting && this.#random.chance(0.3)) {
      await this.#reporting.query('COMMIT');
      this.#reporting = null;
    } else if (!this.#reporting && this.#random.chance(0.1)) {
      this.#reporting = this.#clients[0] ?? null;
      await this.#reporting?.query('BEGIN');
    }
  }

  async #takeAll(): Promise<void> {
    while (this.#isFull && (await this.#add({ asSuperuser: true })));
  }

  async #hold(wanted: number): Promise<void> {
    while (this.#clients.length > Math.max(0, wanted)) {
      const client = this.#clients.pop();
      if (client === this.#reporting) this.#reporting = null;
      await client?.end();
    }
    while (this.#clients.length < wanted) {
      const missing = Math.min(AT_ONCE, wanted - this.#clients.length);
      const added = await Promise.all(Array.from({ length: missing }, () => this.#add()));
      if (added.includes(false)) return;
    }
  }

  /** False when the server takes no more. */
  async #add({ asSuperuser = false } = {}): Promise<boolean> {
    if (this.#users.length === 0) return false;
    const database = this.#random.pick(this.#users);
    const login = asSuperuser ? {} : { user: database, password: passwordOf(database, this.#pool.name, this.#secret) };
    try {
      const client = await this.#server.connect({ database, name: `odoo-${this.#random.integer(20, 90)}`, ...login });
      this.#clients.push(client);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === TOO_MANY) return false;
      throw error;
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#busy = this.#busy.catch(() => {}).then(work);
    return this.#busy;
  }
}
