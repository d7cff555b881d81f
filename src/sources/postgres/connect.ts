import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Client, ClientConfig } from 'pg';
import { orAbort } from '../pulse.ts';
import type { TlsOptions } from './options.ts';
import { ANSWER_MS, Silence } from './silence.ts';

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

export interface Connection {
  client: Client;
  /** Aborts, with the reason, when it has ended: by the server, by the network, by `close`. */
  ended: AbortSignal;
  /** Lets go at once, whatever is under way. */
  close(reason?: unknown): void;
}

const STATEMENT_MS = 3_000;

/**
 * One connection, on which a statement may take 3 s. Rejects with the server's refusal, after 4 s with a Silence, or with
 * the signal's reason.
 *
 * @param settings what goes beyond the login
 */
export async function connect(login: Login, settings: ClientConfig, signal: AbortSignal): Promise<Connection> {
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
    ...settings,
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
  return { client, ended: ended.signal, close };
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
