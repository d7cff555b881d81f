import http, { type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { TroubleError } from '../../model/trouble.ts';
import { certificateEnd, tokenEnd } from '../credential.ts';
import { noteKept, overKept } from '../kept-connection.ts';
import { type Channel, openChannel } from '../kube-stream.ts';
import { orAbort } from '../pulse.ts';
import { Agents, NoTunnel } from './agents.ts';
import { ApiError } from './api-error.ts';
import { type ContextInfo, contextOf, loadConfig, writtenAt } from './config.ts';
import { ExecPlugins } from './exec-plugin.ts';
import { afterFirst } from './first-connection.ts';
import type { KubernetesOptions } from './options.ts';
import { Silence } from './silence.ts';
import type { Timing } from './timing.ts';

interface Access {
  url: string;
  headers: Record<string, string>;
  auth: string | undefined;
  /** Which `agent` goes through; null when there is none. */
  proxy: string | null;
  agent: http.Agent;
  /** Our own, in PEM. */
  certificate: string | Buffer | null;
}

/** What is asked of the server: a GET of a path, or a request that a client of ours makes (client.ts). */
export interface Question {
  path: string;
  method?: string;
  body?: string;
  /** Of the body. */
  type?: string;
  encoding?: 'gzip' | 'identity';
  /** The form of the answer; `application/json` when left out. */
  accept?: string;
}

/** Requests to one API server, with the credentials of one context that is pinned at the start. */
export class Api {
  /** Requests sent since the start. */
  requests = 0;
  readonly context: ContextInfo;
  /** The kubeconfig as it was read at first: when it was written, as `writtenAt` says it, and its current context. */
  readonly opened: { readonly written: string; readonly current: string | null };
  readonly #load: () => Promise<KubeConfig>;
  readonly #timing: Timing;
  readonly #agents = new Agents();
  #config: KubeConfig;
  #access: Promise<Access> | null = null;
  #accessUntil = 0;
  #renewing: Promise<void> | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;

  /** Reads the kubeconfig. When the signal aborts, credentials plugins are ended. Throws a TroubleError. */
  static async open(options: KubernetesOptions, timing: Timing, signal: AbortSignal): Promise<Api> {
    const load = () => loadConfig(options, new ExecPlugins(timing.pluginMs, signal));
    // Before it is read: what is written meanwhile is then seen as a change.
    const written = await writtenAt(options);
    const config = await load();
    return new Api(load, timing, config, contextOf(config, options.context), written);
  }

  private constructor(
    load: () => Promise<KubeConfig>,
    timing: Timing,
    config: KubeConfig,
    context: ContextInfo,
    written: string,
  ) {
    this.#load = load;
    this.#timing = timing;
    this.#config = config;
    this.context = context;
    this.opened = { written, current: config.getCurrentContext() || null };
    config.setCurrentContext(context.name);
  }

  /**
   * The answer to a GET once its headers are there. A 401 is answered with renewed credentials, once. Throws an
   * ApiError for any other answer than success, else what the connection threw.
   */
  get(path: string, signal: AbortSignal, encoding: 'gzip' | 'identity' = 'gzip'): Promise<IncomingMessage> {
    return this.ask({ path, encoding }, signal);
  }

  /** As `get`, for any question. */
  async ask(question: Question, signal: AbortSignal): Promise<IncomingMessage> {
    const first = this.#credentials();
    let response = await this.#send(question, await orAbort(first, signal), signal);
    if (response.statusCode === 401 && (await orAbort(this.#renew(first), signal))) {
      response.resume();
      response = await this.#send(question, await orAbort(this.#credentials(), signal), signal);
    }
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw await ApiError.from(response);
  }

  /** A whole answer as JSON; throws as `whole`, and a SyntaxError when it is none. */
  async json(question: string | Question, signal: AbortSignal, heard?: () => void): Promise<unknown> {
    const asked = typeof question === 'string' ? { path: question } : question;
    const { body } = await this.whole(asked, signal, heard);
    return JSON.parse(body.toString('utf8'));
  }

  /**
   * A whole answer and its media type; `heard` is called as it comes. Throws as `get`, and a SilentError when nothing
   * came for too long.
   */
  async whole(question: Question, signal: AbortSignal, heard?: () => void): Promise<{ body: Buffer; type: string }> {
    const silence = new Silence(this.#timing.answerMs, signal);
    try {
      const response = await this.ask(question, silence.signal);
      const chunks: Buffer[] = [];
      for await (const chunk of unzipped(response)) {
        silence.heard();
        heard?.();
        chunks.push(chunk);
      }
      return { body: Buffer.concat(chunks), type: response.headers['content-type'] ?? '' };
    } catch (error) {
      throw silence.tooLong ? silence.signal.reason : error;
    } finally {
      silence.end();
    }
  }

  /** Opens a streaming subresource, such as exec, with the credentials of now. Throws what openChannel throws. */
  async open(path: string, receive: (channel: number, data: Buffer) => void, signal: AbortSignal): Promise<Channel> {
    const first = this.#credentials();
    await orAbort(first, signal);
    this.requests++;
    const opening = openChannel(this.#config, path, receive);
    try {
      return await orAbort(opening, signal);
    } catch (error) {
      opening.then(
        late => late.terminate(),
        () => {},
      );
      if (!/server response: 401/.test(String(error)) || !(await orAbort(this.#renew(first), signal))) throw error;
      return openChannel(this.#config, path, receive);
    }
  }

  /**
   * Takes the kubeconfig as it is now, still in the context of the start. A context that leads to another server is not
   * followed: what is on the screen, and in a dialog, would become another cluster. Throws a TroubleError.
   */
  async reload(): Promise<void> {
    const config = await this.#load();
    const { server } = contextOf(config, this.context.name);
    if (server !== this.context.server) {
      throw this.#trouble(
        `the context leads to ${server} now, and led to ${this.context.server} at the start`,
        'start again to follow it',
      );
    }
    config.setCurrentContext(this.context.name);
    this.#config = config;
    this.#access = null;
  }

  /** When that with which we are let in runs out; a part is null where there is none. Throws as `get`. */
  async access(): Promise<{
    url: string;
    certificate: { endsAt: number | null } | null;
    token: { endsAt: number | null } | null;
  }> {
    const { url, headers, certificate } = await this.#credentials();
    const [, token] = /^Bearer (\S+)$/.exec(headers.Authorization ?? headers.authorization ?? '') ?? [];
    return {
      url,
      certificate: certificate === null ? null : { endsAt: certificateEnd(certificate) },
      token: token === undefined ? null : { endsAt: tokenEnd(token) },
    };
  }

  /** Closes connections that wait for a next question: after an outage they are as likely dead as not. */
  dropIdle(): void {
    this.#agents.dropIdle();
  }

  /** Closes every connection. */
  close(): void {
    this.#agents.close();
  }

  #send(question: Question, access: Access, signal: AbortSignal): Promise<IncomingMessage> {
    const send = () => afterFirst(access.agent, signal, sent => this.#sendOnce(question, access, signal, sent));
    return (question.method ?? 'GET') === 'GET' ? overKept(access.agent, signal, send) : send();
  }

  #sendOnce(
    { path, method = 'GET', body, type = 'application/json', encoding = 'gzip', accept = 'application/json' }: Question,
    { url, headers, auth, proxy, agent }: Access,
    signal: AbortSignal,
    sent: (request: http.ClientRequest) => void,
  ): Promise<IncomingMessage> {
    this.requests++;
    const { request } = url.startsWith('https:') ? https : http;
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(`${url}${path}`, {
        method,
        agent,
        auth,
        signal,
        headers: {
          ...headers,
          accept,
          'accept-encoding': encoding,
          'user-agent': 'quarterdeck',
          ...(body !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
        },
      });
      noteKept(asked);
      sent(asked);
      let way = proxy === null;
      asked.once('socket', () => {
        way = true;
      });
      asked.once('response', resolve);
      // Stays: a connection can also fail after its answer has begun, which the reader of the answer then sees.
      asked.on('error', error => reject(way || signal.aborted ? error : new NoTunnel(proxy ?? '', error)));
      asked.end(body);
    });
    // A request that waits for a tunnel does not hear that it is over.
    return orAbort(answer, signal);
  }

  /** Whether requests wait for a credentials plugin, which may want a login. */
  get awaitsCredentials(): boolean {
    return this.#access !== null && this.#accessUntil === Number.POSITIVE_INFINITY;
  }

  /** Asked for anew every few seconds, since tokens change in files and run out; once at a time, of one kubeconfig. */
  #credentials(): Promise<Access> {
    if (!this.#access || Date.now() > this.#accessUntil) {
      const access = this.#apply();
      this.#access = access;
      this.#accessUntil = Number.POSITIVE_INFINITY;
      // A failure too is kept for a while: a plugin that cannot work need not be started ten times a second.
      const settled = () => {
        if (this.#access === access) this.#accessUntil = Date.now() + this.#timing.credentialsMs;
      };
      access.then(settled, settled);
    }
    return this.#access;
  }

  async #apply(): Promise<Access> {
    const config = this.#config;
    const cluster = config.getCurrentCluster();
    const url = cluster?.server;
    if (!cluster || !url) {
      throw this.#trouble(`the kubeconfig has no cluster for this context`, 'add the cluster to the kubeconfig');
    }
    if (url.startsWith('http:')) {
      const { hostname } = new URL(url);
      if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) {
        throw this.#trouble(`${url} is not encrypted`, 'use https; plain http is for this machine only');
      }
      // The library wants this before it sends anything without TLS; without TLS it says nothing else.
      Object.assign(cluster, { skipTLSVerify: true });
    }
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    // Read anew meanwhile, as when a plugin itself writes into it.
    if (config !== this.#config) return this.#access ?? this.#apply();
    const headers = Object.entries((options.headers ?? {}) as Record<string, string>);
    const proxy = cluster.proxyUrl || null;
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const agent = await this.#agents.of({ url, proxy, tls: { ca, cert, key, rejectUnauthorized, servername } });
    return {
      url,
      // Token files end with a newline, which no header may hold.
      headers: Object.fromEntries(headers.map(([name, value]) => [name, value.trim()])),
      auth: options.auth ?? undefined,
      certificate: typeof options.cert === 'string' || Buffer.isBuffer(options.cert) ? options.cert : null,
      proxy,
      agent,
    };
  }

  /**
   * Reads the kubeconfig again, and with it token files and exec plugins, unless somebody else has just done that. Not
   * more often than every half minute: a plugin may open a browser. Says whether there is something new to try.
   */
  async #renew(refused: Promise<Access>): Promise<boolean> {
    if (this.#access !== refused) return true;
    if (!this.#renewing && Date.now() - this.#renewedAt < this.#timing.renewMs) return false;
    this.#renewing ??= this.reload().finally(() => {
      this.#renewedAt = Date.now();
      this.#renewing = null;
    });
    await this.#renewing;
    return true;
  }

  #trouble(why: string, fix: string): TroubleError {
    return new TroubleError({ what: 'reach the API server', on: this.context.name, why, fix });
  }
}

/** Each piece costs a turn of the loop and a visit to another thread; pages of pods are megabytes. */
const UNPACKED_AT_ONCE = 128 * 1024;

/** The bytes of an answer, unpacked where the server packed them. */
export function unzipped(response: IncomingMessage): AsyncIterable<Buffer> & Readable {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  // The callback is what keeps a broken connection from being thrown twice; the reader sees it through the unpacker.
  return pipeline(response, createGunzip({ chunkSize: UNPACKED_AT_ONCE }), () => {});
}
