import http from 'node:http';
import https, { type AgentOptions } from 'node:https';
import { printable } from '../../model/printable.ts';
import { TroubleError } from '../../model/trouble.ts';
import { closeIdle } from '../kept-connection.ts';

/** What leads to an API server: its address, the proxy on the way, and the certificates of both sides. */
export interface Route {
  url: string;
  /** `proxy-url` of the kubeconfig, with its password. */
  proxy: string | null;
  tls: Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;
}

/** The proxy of the kubeconfig made no way to the server; `cause`: what it said, or why it could not be asked. */
export class NoTunnel extends Error {
  override name = 'NoTunnel';
  /** Beside Node's own: nothing was sent. */
  readonly code = 'ENOTUNNEL';

  constructor(proxy: string, cause: unknown) {
    super(`no way through the proxy ${addressOf(proxy)}`, { cause });
  }
}

/** The connections to one API server: one agent for as long as the route stays what it is, so that they are used again. */
export class Agents {
  #kept: { key: string; agent: http.Agent } | null = null;

  /** Not to be called again before it is done. Throws a TroubleError when nobody knows this kind of proxy. */
  async of(route: Route): Promise<http.Agent> {
    const { url, proxy, tls } = route;
    const key = JSON.stringify([url.slice(0, 6), proxy, ...Object.values(tls).map(part => part?.toString())]);
    if (this.#kept?.key === key) return this.#kept.agent;
    const agent = await agentFor(route);
    this.close();
    this.#kept = { key, agent };
    return agent;
  }

  /** Closes connections that wait for a next question: after an outage they are as likely dead as not. */
  dropIdle(): void {
    if (this.#kept) closeIdle(this.#kept.agent);
  }

  close(): void {
    this.#kept?.agent.destroy();
  }
}

const UNKNOWN = {
  what: 'use the proxy of the kubeconfig',
  why: 'it is of no kind that is known',
  fix: 'proxy-url takes http, https and socks5',
};
const KEPT = { keepAlive: true, keepAliveMsecs: 15_000 };

async function agentFor({ url, proxy, tls }: Route): Promise<http.Agent> {
  const options = { ...KEPT, ...tls };
  const isSecure = url.startsWith('https:');
  if (proxy === null) return isSecure ? new https.Agent(options) : new http.Agent(KEPT);
  if (/^socks/.test(proxy)) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    return new SocksProxyAgent(proxy, options);
  }
  if (!/^https?:/.test(proxy)) throw new TroubleError({ ...UNKNOWN, on: addressOf(proxy) });
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
  return isSecure ? new HttpsProxyAgent({ ...options, proxy }) : new HttpProxyAgent({ ...KEPT, proxy });
}

function addressOf(proxy: string): string {
  const url = URL.parse(proxy);
  return printable(url ? `${url.protocol}//${url.host}` : 'of the kubeconfig', 100);
}
