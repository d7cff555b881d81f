import { printable } from '../model/printable.ts';
import { TroubleError } from '../model/trouble.ts';
import { type Connection, connect } from '../sources/postgres/connect.ts';
import { ANSWER_MS, Silence } from '../sources/postgres/silence.ts';
import { doorTo } from '../sources/postgres/way.ts';
import { orAbort } from '../sources/pulse.ts';
import { type Chains, type Head, type Link, newLinks, type Writer } from '../store/chain.ts';
import { linkOf, PAGE, writerOf } from '../store/local-chains.ts';
import type { TeamOptions } from './options.ts';
import { grantsSql, STANDING, schemaSql, TABLES, tablesSql } from './tables.ts';

/** Our role may not do what is needed; an administrator can say these statements. */
export class NeedsAdministrator extends TroubleError {
  override name = 'NeedsAdministrator';
  readonly sql: readonly string[];

  constructor(on: string, why: string, sql: readonly string[]) {
    const fix = '`quarterdeck doctor` prints what an administrator of that database has to run';
    super({ what: 'open the team store', on, why, fix });
    this.sql = sql;
  }
}

/** A page of records may be large, and the line slow. */
const PAGE_MS = 15_000;
/** Others may add to the same chain at the same moment: the keys of the table let only one of them. */
const TRIES = 5;

/** Where the team's store is, for people: "db-1:5432 · quarterdeck". */
export function placeOf(options: TeamOptions): string {
  const { on } = doorTo({ ...options, user: '' });
  return printable(`${on} · ${options.database}${options.schema === 'quarterdeck' ? '' : `.${options.schema}`}`);
}

/**
 * Opens the team's store; its tables are made where they are not there and our role may. Rejects with the server's
 * refusal, a Silence after a few seconds, a NeedsAdministrator, or the signal's reason.
 */
export async function openTeamStore(options: TeamOptions, signal: AbortSignal): Promise<PostgresChains> {
  const door = doorTo({ ...options, user: options.user ?? '' });
  const login = await orAbort(door.login(), signal);
  const connection = await connect(login, { statement_timeout: PAGE_MS }, signal);
  const chains = new PostgresChains(connection, options.schema);
  try {
    await chains.prepare(placeOf(options));
    return chains;
  } catch (error) {
    chains.close();
    throw error;
  }
}

/** Chains in a PostgreSQL. */
export class PostgresChains implements Chains {
  readonly #connection: Connection;
  readonly #schema: string;

  constructor(connection: Connection, schema: string) {
    this.#connection = connection;
    this.#schema = schema;
  }

  /** Aborts, with the reason, when the connection has ended. */
  get ended(): AbortSignal {
    return this.#connection.ended;
  }

  /** Makes the tables where they are missing, and looks whether our role may use them. */
  async prepare(on: string): Promise<void> {
    const schema = this.#schema;
    const [there] = await this.#ask(STANDING, [schema]);
    if (there?.tables !== TABLES) await this.#make(on, there === undefined);
    const [made] = await this.#ask(STANDING, [schema]);
    if (made?.may_use !== true) {
      throw new NeedsAdministrator(
        on,
        'our role may not read and add to its tables',
        grantsSql(schema, await this.#role()),
      );
    }
  }

  /** Calls back when somebody has added something. */
  async listen(news: () => void): Promise<void> {
    this.#connection.client.on('notification', news);
    await this.#ask(`LISTEN ${this.#schema}`);
  }

  async heads(): Promise<Head[]> {
    const rows = await this.#ask(`
      SELECT w.id, w.login, w.host, r.seq, r.hash FROM ${this.#schema}.writers w
      CROSS JOIN LATERAL (
        SELECT seq, hash FROM ${this.#schema}.records WHERE writer = w.id ORDER BY seq DESC LIMIT 1) r`);
    return rows.map(row => ({ ...writerOf(row), seq: Number(row.seq), hash: String(row.hash) }));
  }

  async after(writer: string, seq: number): Promise<Link[]> {
    const sql = `
      SELECT seq, id, phase, at, body, hash FROM ${this.#schema}.records
      WHERE writer = $1 AND seq > $2 ORDER BY seq LIMIT ${PAGE}`;
    return (await this.#ask(sql, [writer, seq], PAGE_MS)).map(linkOf);
  }

  async add(writer: Writer, links: readonly Link[]): Promise<void> {
    for (let left = TRIES; ; left--) {
      const fresh = newLinks(writer, links, await this.#hashes(writer.id, (links[0]?.seq ?? 1) - 1));
      if (fresh.length === 0) return;
      try {
        await this.#insert(writer, fresh);
        return;
      } catch (error) {
        if (left === 1 || !isTaken(error)) throw error;
      }
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #hashes(writer: string, since: number): Promise<Map<number, string>> {
    const sql = `SELECT seq, hash FROM ${this.#schema}.records WHERE writer = $1 AND seq >= $2`;
    const rows = await this.#ask(sql, [writer, since]);
    return new Map(rows.map(({ seq, hash }) => [Number(seq), String(hash)]));
  }

  async #insert({ id, login, host }: Writer, links: readonly Link[]): Promise<void> {
    const schema = this.#schema;
    await this.#ask(`INSERT INTO ${schema}.writers (id, login, host) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
      id,
      login,
      host,
    ]);
    const column = (name: keyof Link) => links.map(link => link[name]);
    await this.#ask(
      `WITH added AS (
         INSERT INTO ${schema}.records (writer, seq, id, phase, at, body, hash)
         SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[]))
       SELECT pg_notify('${schema}', $1)`,
      [id, column('seq'), column('id'), column('phase'), column('at'), column('body'), column('hash')],
      PAGE_MS,
    );
  }

  async #make(on: string, withSchema: boolean): Promise<void> {
    const schema = this.#schema;
    const sql = [...(withSchema ? [schemaSql(schema)] : []), ...tablesSql(schema)];
    try {
      // One message is one transaction; two programs that begin at once make them in turn.
      await this.#ask([`SELECT pg_advisory_xact_lock(hashtext('quarterdeck ${schema}'));`, ...sql].join('\n'));
    } catch (error) {
      if ((error as { code?: unknown }).code !== NO_RIGHT) throw error;
      const grants = grantsSql(schema, await this.#role());
      throw new NeedsAdministrator(on, 'its tables are not there, and our role may not make them', [...sql, ...grants]);
    }
  }

  async #role(): Promise<string> {
    const [row] = await this.#ask('SELECT current_user AS role');
    return String(row?.role);
  }

  async #ask(sql: string, values?: unknown[], deadlineMs: number = ANSWER_MS): Promise<Record<string, unknown>[]> {
    const { client, ended, close } = this.#connection;
    ended.throwIfAborted();
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const { rows } = await orAbort(client.query(sql, values), AbortSignal.any([deadline, ended]));
      return rows;
    } catch (error) {
      if (!deadline.aborted) throw error;
      const silence = new Silence('question');
      close(silence);
      throw silence;
    }
  }
}

/** SQLSTATE codes. */
const NO_RIGHT = '42501';
const TAKEN = '23505';

const isTaken = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === TAKEN;
