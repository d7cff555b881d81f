import { Agent, type ClientRequest, type ClientRequestArgs, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { inspect } from 'node:util';
import type Docker from 'dockerode';
import type { Write } from '../client.ts';
import { noteKept, overKept } from '../kept-connection.ts';
import { orAbort } from '../pulse.ts';
import { type Endpoint, hostAndPort, type Reach } from './endpoint.ts';
import { EngineError } from './engine-error.ts';
import { dialBySsh } from './ssh.ts';

export interface Call {
  deadlineMs: number;
  signal: AbortSignal;
}

export type Query = Readonly<Record<string, unknown>>;

/** A Docker engine, asked over its HTTP API (API 1.41 and later; older ones answer most of it). */
export interface Engine {
  readonly address: string;
  /** Milliseconds since 1970 by the engine's own clock, as far as its answers tell it (to about a second). */
  now(): number;
  /** The JSON answer. Rejects with an EngineError, a TimeoutError after the deadline, or an error of the connection. */
  get(path: string, query: Query, call: Call): Promise<unknown>;
  /** The JSON answer to a request that changes something, null where it answers with nothing. Rejects as `get`. */
  send(write: Pick<Write, 'method' | 'path' | 'body'>, call: Call): Promise<unknown>;
  /** Resolves when the engine answered, whatever it said. */
  ping(call: Call): Promise<void>;
  /** A stream, such as that of events, from its headers on: the deadline is for them alone. */
  open(path: string, query: Query, call: Call): Promise<IncomingMessage>;
  /** A connection that the engine gives away after a POST: the bytes of a terminal, both ways. The deadline is for its answer. */
  upgrade(path: string, body: object, call: Call): Promise<Duplex>;
  close(): void;
}

/** `counted` is called with each request that is sent. Throws when the library cannot be loaded. */
export async function openEngine(endpoint: Endpoint, counted: () => void): Promise<Engine> {
  const agent = new Dialler(endpoint.reach);
  const docker = await dockerOver(agent, endpoint.reach);
  let skewMs = 0;

  const ask = (path: string, query: Query, signal: AbortSignal, write?: Pick<Write, 'method' | 'body'>) => {
    counted();
    return dial(docker, path, query, signal, write);
  };
  const send = async (
    path: string,
    query: Query,
    { deadlineMs, signal }: Call,
    write?: Pick<Write, 'method' | 'body'>,
  ) => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const either = AbortSignal.any([signal, deadline]);
    signal.throwIfAborted();
    const asking = write ? ask(path, query, either, write) : overKept(agent, either, () => ask(path, query, either));
    const response = await orAbort(asking, either).catch(error => {
      throw deadline.aborted ? noAnswer(deadlineMs) : error;
    });
    const date = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(date)) skewMs = clockSkew(date, Date.now());
    return { response, either, deadline };
  };

  return {
    address: endpoint.address,
    now: () => Date.now() + skewMs,
    async get(path, query, call) {
      const { response, either, deadline } = await send(path, query, call);
      try {
        return JSON.parse(await orAbort(text(response), either));
      } catch (error) {
        if (deadline.aborted) throw noAnswer(call.deadlineMs);
        if (error instanceof SyntaxError)
          throw new EngineError(200, `it answered ${path} with something that is not JSON`);
        throw error;
      } finally {
        response.destroy();
      }
    },
    async send({ method, path, body }, call) {
      const { response, either, deadline } = await send(path, {}, call, { method, body });
      try {
        const answer = await orAbort(text(response), either);
        return answer.trim() === '' ? null : JSON.parse(answer);
      } catch (error) {
        throw deadline.aborted ? noAnswer(call.deadlineMs) : error;
      } finally {
        response.destroy();
      }
    },
    async ping(call) {
      try {
        const { response } = await send('/_ping', {}, call);
        response.resume().on('error', () => {});
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
      }
    },
    async open(path, query, { deadlineMs, signal }) {
      const opening = new AbortController();
      const late = setTimeout(() => opening.abort(noAnswer(deadlineMs)), deadlineMs);
      try {
        const both = AbortSignal.any([signal, opening.signal]);
        signal.throwIfAborted();
        const asking = overKept(agent, both, () => ask(path, query, both));
        return await orAbort(asking, both);
      } finally {
        clearTimeout(late);
      }
    },
    async upgrade(path, body, { deadlineMs, signal }) {
      const deadline = AbortSignal.timeout(deadlineMs);
      signal.throwIfAborted();
      counted();
      const dialling = hijack(docker, path, body);
      return await orAbort(dialling, AbortSignal.any([signal, deadline])).catch(error => {
        dialling.then(
          late => late.destroy(),
          () => {},
        );
        throw deadline.aborted ? noAnswer(deadlineMs) : error;
      });
    },
    close: () => agent.destroy(),
  };
}

/** The library's own client, of which every connection is ours: for commands that are run in containers. */
export async function dockerFor({ reach }: Endpoint): Promise<Docker> {
  return dockerOver(new Dialler(reach), reach);
}

async function dockerOver(agent: Agent, reach: Reach): Promise<Docker> {
  const { default: Docker } = await import('dockerode');
  const host = reach.via === 'tcp' ? hostAndPort(reach) : 'docker';
  const ours = { protocol: 'http', socketPath: '/', agent, headers: { host } } as const;
  // The library mixes DOCKER_HOST and the certificates beside it into whatever it is given.
  const { DOCKER_HOST } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return new Docker(ours);
  } finally {
    if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST;
  }
}

function noAnswer(deadlineMs: number): DOMException {
  return new DOMException(`no answer within ${deadlineMs / 1000} s`, 'TimeoutError');
}

/** Streamed, so that a body that breaks off in the middle is an error and not a wait for ever. */
function dial(
  docker: Docker,
  path: string,
  query: Query,
  signal: AbortSignal,
  { method, body }: Pick<Write, 'method' | 'body'> | { method: 'GET'; body?: undefined } = { method: 'GET' },
): Promise<IncomingMessage> {
  const [plain, inPath] = path.split('?');
  const request = {
    path: `${plain}?`,
    method,
    isStream: true,
    statusCodes: { 200: true, 201: true, 202: true, 204: true },
    options: { _query: { ...Object.fromEntries(new URLSearchParams(inPath)), ...query }, _body: body ?? {} },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial({ ...request, abortSignal: signal }, (error: unknown, response: unknown) => {
      if (error) reject(engineError(error));
      else resolve(response as IncomingMessage);
    });
  });
}

/** As `docker exec` asks for it: HTTP ends with "101 UPGRADED", and the connection is the command's. */
function hijack(docker: Docker, path: string, body: object): Promise<Duplex> {
  const request = {
    path,
    method: 'POST',
    isStream: true,
    hijack: true,
    allowEmpty: true,
    statusCodes: {},
    options: body,
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, socket: unknown) => {
      if (error) reject(engineError(error));
      else resolve(socket as Duplex);
    });
  });
}

function engineError(error: unknown): unknown {
  const { statusCode, message = '' } = error as { statusCode?: number; message?: string };
  if (statusCode === undefined) return error;
  // The library puts words of its own before what the engine said: "(HTTP code 500) unexpected - rpc error: … ".
  const said = message.replace(/^\(HTTP code \d+\) unexpected - /, '').trim();
  if (said !== '' && !/^<|^\[object/.test(said)) return new EngineError(statusCode, said);
  // A page for a browser, from a proxy.
  const page = said.startsWith('<')
    ? said
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 200)
    : '';
  return new EngineError(statusCode, `HTTP status ${statusCode}${page === '' ? '' : `: ${page}`}`);
}

/** Makes the connections itself, however the engine is reached. */
class Dialler extends Agent {
  readonly #reach: Reach;

  constructor(reach: Reach) {
    // What is dear to make is kept, but no more of it than one question after the other needs.
    super({ keepAlive: reach.via !== 'unix', maxFreeSockets: 1 });
    this.#reach = reach;
  }

  override createConnection(_options: ClientRequestArgs): Duplex {
    const reach = this.#reach;
    if (reach.via === 'ssh') return dialBySsh(reach);
    if (reach.via === 'unix') return connect({ path: reach.path });
    const { host, port, tls } = reach;
    if (!tls) return connect({ host, port, keepAlive: true });
    const { ca, cert, key, verify } = tls;
    return connectTls({
      host,
      port,
      ca: ca ?? undefined,
      cert: cert ?? undefined,
      key: key ?? undefined,
      rejectUnauthorized: verify,
      servername: /^[\d.]+$|:/.test(host) ? '' : host,
    });
  }

  /** The one place where a request of the library's is to be seen before it can fail. */
  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    super.reuseSocket(socket, request);
    noteKept(request);
  }

  /** The library prints every request with all that hangs on it for its debug log, whether that is on or not. */
  [inspect.custom](): string {
    return 'Dialler';
  }
}

/** The Date header has whole seconds; less than that cannot be known. */
function clockSkew(theirs: number, ours: number): number {
  const skew = theirs + 500 - ours;
  return Math.abs(skew) < 2_000 ? 0 : skew;
}
