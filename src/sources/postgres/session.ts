import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { orAbort } from '../pulse.ts';
import type { TlsOptions } from './options.ts';

export type Row = Record<string, unknown>;

/** A way to read from one database of one server: rows of one SELECT at a time, in a read-only session. */
export interface Session {
  /** Rows as JSON has them. Rejects with what the server says; after `close` at once. */
  rows(sql: string): Promise<Row[]>;
  /** Aborts, with the reason, when the session has ended: by the server, by the network, by `close`. */
  readonly ended: AbortSignal;
  /** Lets go at once, whatever is under way. */
  close(reason?: unknown): void;
}

export type Open = (signal: AbortSignal) => Promise<Session>;

/** Every answer is one value, so that a connection and psql give the same. */
export const asJson = (sql: string) => `select coalesce(json_agg(q), '[]') as rows from (${sql}) q`;

export interface Login {
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  database: string;
  ssl: TlsOptions | undefined;
  /** Where the bytes go instead of a socket of our own. */
  stream?: () => Duplex;
}

const STATEMENT_MS = 3_000;

/**
 * One connection that cannot write: `default_transaction_read_only` is set before the first statement, a statement may
 * take 3 s. Rejects with the server's refusal, or with why there was no answer when the signal aborts.
 */
export async function openSession(login: Login, signal: AbortSignal): Promise<Session> {
  const [{ default: pg }, { Socket }] = await Promise.all([import('pg'), import('node:net')]);
  const stream = login.stream?.() ?? new Socket();
  let connected = false;
  stream.once('connect', () => {
    connected = true;
  });
  const client = new pg.Client({
    host: login.host,
    port: login.port,
    user: login.user,
    database: login.database,
    // As a function, so that the library looks neither at PGPASSWORD nor at .pgpass.
    password: () => login.password ?? '',
    ssl: await tls(login.ssl),
    stream: () => stream,
    keepAlive: true,
    application_name: 'quarterdeck',
    statement_timeout: STATEMENT_MS,
    lock_timeout: 1_000,
    client_encoding: 'UTF8',
    options: '-c default_transaction_read_only=on',
  });
  const ended = new AbortController();
  let entered = false;
  client.on('error', error => ended.abort(error));
  client.on('end', () => ended.abort(new Error('the server ended the connection')));
  const close = (reason: unknown = new Error('the connection was closed')) => {
    ended.abort(reason);
    // A farewell in the middle of a login would only be an error in the server's log.
    if (entered) client.end().catch(() => {});
    stream.destroy();
  };
  try {
    await orAbort(client.connect(), signal);
    entered = true;
  } catch (error) {
    close();
    if (!signal.aborted) throw withoutSecret(error, login.password);
    throw new Error(connected ? 'it accepts the connection and says nothing' : 'no answer to the connection attempt');
  }
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (sql: string): Promise<Row[]> => {
    ended.signal.throwIfAborted();
    const { rows } = await client.query<{ rows: Row[] }>(asJson(sql)).catch(error => {
      // The server ends the session after these words: they say more than the broken connection that follows.
      if (error.severity === 'FATAL') ended.abort(error);
      throw error;
    });
    return rows[0]?.rows ?? [];
  };
  const rows = (sql: string) => {
    const answer = last.then(() => ask(sql));
    last = answer.catch(() => {}); // told to who asked; the next question has its own answer
    return answer;
  };
  return { rows, ended: ended.signal, close };
}

async function tls(ssl: TlsOptions | undefined) {
  if (ssl === undefined || typeof ssl === 'boolean') return ssl ?? false;
  return {
    rejectUnauthorized: !ssl.insecure,
    ...(ssl.caFile ? { ca: await readFile(ssl.caFile, 'utf8') } : {}),
  };
}

/** No server is known to repeat a password; should one, it goes no further. */
function withoutSecret(error: unknown, secret: string | undefined): unknown {
  if (error instanceof Error && secret && error.message.includes(secret)) {
    error.message = error.message.replaceAll(secret, '•••');
    error.stack = undefined;
  }
  return error;
}
