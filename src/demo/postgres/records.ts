import type { Server } from './server.ts';
import { PLATFORM_USER } from './tables.ts';

const EVERY_MS = 5 * 60_000;

/** What may change in the row of a pool or an instance; what is left out stays. */
export interface PoolRecord {
  status?: string;
  health_status?: string;
  health_check_failures?: number;
  last_health_check?: Date;
  current_instances?: number;
}

export interface InstanceRecord {
  status?: string;
  billing_status?: string;
  provisioning_status?: string;
  error_message?: string | null;
  storage_limit?: string;
}

export interface BeatOptions {
  isWell(name: string): boolean;
  now(): number;
  log(line: string): void;
}

/** The platform's own books: the rows of `db_servers` and `instances`, and the job that writes health into them. */
export class Records {
  readonly #server: Server;
  readonly #password: string;
  #timer: NodeJS.Timeout | null = null;

  constructor(server: Server, password: string) {
    this.#server = server;
    this.#password = password;
  }

  /** By name. False when there is no such pool. */
  pool(name: string, record: PoolRecord): Promise<boolean> {
    return this.#update('db_servers', 'name', name, record);
  }

  /** By id. False when there is no such instance. */
  instance(id: string, record: InstanceRecord): Promise<boolean> {
    return this.#update('instances', 'id', id, record);
  }

  /** As database-beat does every five minutes: healthy, after a failure degraded, from the third on unhealthy. */
  beat(names: string[], { isWell, now, log }: BeatOptions): void {
    const failures = new Map<string, number>();
    const beat = async () => {
      for (const name of names) {
        const failed = isWell(name) ? 0 : (failures.get(name) ?? 0) + 1;
        failures.set(name, failed);
        const health_status = failed === 0 ? 'healthy' : failed < 3 ? 'degraded' : 'unhealthy';
        const record = { health_status, health_check_failures: failed, last_health_check: new Date(now()) };
        await this.pool(name, record);
      }
    };
    this.#timer ??= setInterval(() => {
      beat().catch(error => log(`db_servers: ${error instanceof Error ? error.message : error}`));
    }, EVERY_MS).unref();
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #update(table: string, key: string, value: string, record: PoolRecord | InstanceRecord): Promise<boolean> {
    const changes = Object.entries(record).filter(([, to]) => to !== undefined);
    const set = ['updated_at = now()', ...changes.map(([column], index) => `${column} = $${index + 2}`)];
    const client = await this.#server.connect({ database: 'instance', user: PLATFORM_USER, password: this.#password });
    try {
      const values = [value, ...changes.map(([, to]) => to)];
      const { rowCount } = await client.query(`UPDATE ${table} SET ${set} WHERE ${key} = $1`, values);
      return rowCount === 1;
    } finally {
      await client.end();
    }
  }
}
