import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Connection, SslOptions } from 'mysql2';
import { printable } from '../../model/printable.ts';
import { PodDoor } from '../kube-stream.ts';
import { PortForwardStream } from '../port-forward.ts';
import type { TlsOptions } from '../postgres/options.ts';
import type { Row, Session } from '../postgres/session.ts';
import { ANSWER_MS, Silence } from '../postgres/silence.ts';
import type { Way } from '../postgres/way.ts';
import { orAbort } from '../pulse.ts';
import { readSecret } from '../secret.ts';
import type { MariadbServer } from './options.ts';

/** From one proof of life to the next: silence is told within 4 s more. */
const PULSE_MS = 3_000;
const STATEMENT_SECONDS = 3;

/** The session can change nothing (MariaDB, SET TRANSACTION), and no question lasts. */
const FIRST = ['set session transaction read only', `set session max_statement_time = ${STATEMENT_SECONDS}`];

/** How a server is reached, and by whom. The password is read at each opening. */
export function wayToMariadb({ host = '', port, portForward, user, password, ssl }: MariadbServer): Way {
  const door = portForward && new PodDoor(portForward);
  const on = portForward
    ? (door?.describe(`pod ${portForward.pod ?? portForward.selector}:${portForward.port}`) ?? '')
    : printable(`${host}:${port}`);
  const stream = (): Duplex =>
    door && portForward
      ? new PortForwardStream(door, portForward.port).connect()
      : new Socket().setKeepAlive(true).connect(port, host);
  return {
    on,
    pulseMs: PULSE_MS,
    indirect: portForward !== undefined,
    open: async signal => {
      const secret = password && (await orAbort(readSecret(password), signal));
      return openSession({ stream: stream(), user, password: secret, ssl: await tls(ssl) }, signal);
    },
  };
}

interface Login {
  stream: Duplex;
  user: string;
  password: string | undefined;
  ssl: SslOptions | undefined;
}

/** Rejects with the server's refusal, after 4 s with a Silence, or with the signal's reason. */
async function openSession({ stream, ...login }: Login, signal: AbortSignal): Promise<Session> {
  const ended = new AbortController();
  let step: 'connect' | 'login' = 'connect';
  stream.once('connect', () => {
    step = 'login';
  });
  // The library adds its own listener later, and a refused connection must not end the program before.
  stream.on('error', error => ended.abort(error));
  const { default: mysql } = await import('mysql2');
  const connection = mysql.createConnection({
    ...login,
    stream,
    connectTimeout: 0,
    connectAttributes: { program_name: 'quarterdeck' },
  });
  connection.on('error', error => ended.abort(isLost(error) ? new Silence('end') : error));
  connection.on('end', () => ended.abort(new Silence('end')));
  const close = (reason: unknown = new Error('the connection was closed')) => {
    ended.abort(reason);
    stream.destroy();
  };
  const rows = async (sql: string) => {
    ended.signal.throwIfAborted();
    // A statement under way is not told of the end of its connection in every case.
    return orAbort(query(connection, sql), ended.signal);
  };
  const deadline = AbortSignal.timeout(ANSWER_MS);
  try {
    await orAbort(Promise.all(FIRST.map(rows)), AbortSignal.any([signal, deadline]));
  } catch (error) {
    close();
    signal.throwIfAborted();
    throw deadline.aborted ? new Silence(step) : error;
  }
  return { rows, ended: ended.signal, close };
}

function query(connection: Connection, sql: string): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error, rows) => {
      if (error) reject(error);
      else resolve(Array.isArray(rows) ? (rows as Row[]) : []);
    });
  });
}

function isLost(error: NodeJS.ErrnoException): boolean {
  return error.code === 'PROTOCOL_CONNECTION_LOST';
}

async function tls(ssl: TlsOptions | undefined): Promise<SslOptions | undefined> {
  if (!ssl) return undefined;
  if (ssl === true) return { rejectUnauthorized: true };
  return { rejectUnauthorized: !ssl.insecure, ...(ssl.caFile && { ca: await readFile(ssl.caFile, 'utf8') }) };
}
