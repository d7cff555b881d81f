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

/** Rejects within a few seconds with why it cannot be had, or with the signal's reason. */
export type Open = (signal: AbortSignal) => Promise<Session>;

/** No answer in time, or no more of them. The step tells whose silence it can be: that of a way which leads through other systems. */
export class Silence extends Error {
  override name = 'Silence';
  readonly step: keyof typeof SILENT;

  constructor(step: keyof typeof SILENT) {
    super(SILENT[step]);
    this.step = step;
  }
}

export const ANSWER_MS = 4_000;

const SILENT = {
  connect: 'no answer to the connection attempt',
  login: 'it accepts the connection and says nothing',
  question: `no answer for ${ANSWER_MS / 1000} s`,
  end: 'the connection broke off',
};

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
 * take 3 s. Rejects with the server's refusal, after 4 s with a Silence, or with the signal's reason.
 */
export async function openSession(login: Login, signal: AbortSignal): Promise<Session> {
  const [{ default: pg }, { Socket }] = await Promise.all([import('pg'), import('node:net')]);
  const stream = login.stream?.() ?? new Socket();
  let step: 'connect' | 'login' = 'connect';
  stream.once('connect', () => {
    step = 'login';
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
  client.on('error', error => ended.abort(/^Connection terminated/.test(error.message) ? new Silence('end') : error));
  client.on('end', () => ended.abort(new Silence('end')));
  const close = (reason: unknown = new Error('the connection was closed')) => {
    ended.abort(reason);
    // A farewell in the middle of a login would only be an error in the server's log.
    if (entered) client.end().catch(() => {});
    stream.destroy();
  };
  const deadline = AbortSignal.timeout(ANSWER_MS);
  try {
    await orAbort(client.connect(), AbortSignal.any([signal, deadline]));
    entered = true;
  } catch (error) {
    close();
    signal.throwIfAborted();
    throw deadline.aborted ? new Silence(step) : withoutSecret(error, login.password);
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
