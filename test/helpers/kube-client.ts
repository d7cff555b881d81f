import { readFileSync } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';

interface Config {
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
}

export interface Asking {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An API server's refusal, in its own words. */
export class Refused extends Error {
  override name = 'Refused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * A plain client of a Kubernetes API server, for asking and changing it without the product's own. Reads kubeconfigs
 * with a token or an embedded certificate.
 */
export class KubeClient {
  readonly #kubeconfig: string;
  readonly #context: string | undefined;
  #access: Access;

  constructor(kubeconfig: string, context?: string) {
    this.#kubeconfig = kubeconfig;
    this.#context = context;
    this.#access = accessOf(kubeconfig, context);
  }

  /** The answer once its headers are there, whatever it says. */
  send(path: string, { method = 'GET', body, headers, signal }: Asking = {}): Promise<IncomingMessage> {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const { server, agent, token } = this.#access;
    return new Promise((resolve, reject) => {
      const { request } = server.startsWith('https:') ? https : http;
      const call = request(
        `${server}${path}`,
        {
          method,
          agent,
          signal,
          headers: {
            accept: 'application/json',
            ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
            ...(token && { authorization: `Bearer ${token}` }),
            ...headers,
          },
        },
        resolve,
      );
      call.on('error', reject);
      call.end(bytes);
    });
  }

  /** The answer's object; a kubeconfig whose token is refused is read anew, once. Throws a Refused. */
  async json<T = unknown>(path: string, asking: Asking = {}): Promise<T> {
    let response = await this.send(path, asking);
    if (response.statusCode === 401) {
      response.resume();
      this.close();
      this.#access = accessOf(this.#kubeconfig, this.#context);
      response = await this.send(path, asking);
    }
    const text = Buffer.concat(await response.toArray()).toString();
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return JSON.parse(text) as T;
    throw new Refused(status, `${asking.method ?? 'GET'} ${path}: ${status} ${messageOf(text)}`);
  }

  post<T = unknown>(path: string, body: unknown): Promise<T> {
    return this.json(path, { method: 'POST', body });
  }

  /** `merge` (RFC 7396): lists are replaced; `strategic-merge`: their items are merged by name. null removes. */
  patch<T = unknown>(path: string, body: unknown, type: 'merge' | 'strategic-merge' = 'merge'): Promise<T> {
    return this.json(path, { method: 'PATCH', body, headers: { 'content-type': `application/${type}-patch+json` } });
  }

  /** `body`: DeleteOptions. */
  delete<T = unknown>(path: string, body: unknown = {}): Promise<T> {
    return this.json(path, { method: 'DELETE', body });
  }

  /** The lines of an answer, as objects, until it ends. Throws a Refused. */
  async *lines<T>(path: string, signal: AbortSignal): AsyncGenerator<T> {
    const response = await this.send(path, { signal });
    if (response.statusCode !== 200) {
      throw new Refused(response.statusCode ?? 0, messageOf(Buffer.concat(await response.toArray()).toString()));
    }
    for await (const line of createInterface({ input: response })) yield JSON.parse(line) as T;
  }

  close(): void {
    this.#access.agent.destroy();
  }
}

interface Access {
  server: string;
  token: string | undefined;
  tls: https.AgentOptions;
  agent: http.Agent;
}

/** Where a kubeconfig leads to, and as whom. */
export function accessOf(kubeconfig: string, context?: string): Access {
  const config: Config = parse(readFileSync(kubeconfig, 'utf8'));
  const name = context ?? config['current-context'];
  const found = config.contexts.find(each => each.name === name)?.context;
  const cluster = config.clusters.find(each => each.name === found?.cluster)?.cluster ?? {};
  const user = config.users.find(each => each.name === found?.user)?.user ?? {};
  const { server } = cluster;
  if (!server) throw new Error(`${kubeconfig} names no server`);
  const decoded = (text: string | undefined) => text && Buffer.from(text, 'base64');
  const tls = {
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  };
  const options = { keepAlive: true, maxSockets: 32 };
  const agent = server.startsWith('https:') ? new https.Agent({ ...options, ...tls }) : new http.Agent(options);
  return { server, token: user.token, tls, agent };
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
