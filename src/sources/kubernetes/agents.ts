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

  /** Throws a TroubleError when nobody knows this kind of proxy. */
  async of({ url, proxy, tls }: Route): Promise<http.Agent> {
    const isSecure = url.startsWith('https:');
    const make = await makerFor(isSecure, proxy);
    const key = JSON.stringify([isSecure, proxy, ...Object.values(tls).map(part => part?.toString())]);
    if (this.#kept?.key === key) return this.#kept.agent;
    this.close();
    const agent = make({ ...KEPT, ...(isSecure && tls) });
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
/** A proxy that says nothing for so long makes no way; one that is not used for so long is closed too. */
const TUNNEL_MS = 60_000;
const KEPT = { keepAlive: true, keepAliveMsecs: 15_000 };

/** What is used of the ways through proxies is loaded for those who have one. */
async function makerFor(isSecure: boolean, proxy: string | null): Promise<(options: AgentOptions) => http.Agent> {
  if (proxy === null) return options => (isSecure ? new https.Agent(options) : new http.Agent(options));
  if (/^socks/.test(proxy)) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    // As kubectl: the proxy finds the server's name, which may be known on its side only.
    return options => new SocksProxyAgent(proxy.replace(/^socks5:/, 'socks5h:'), options);
  }
  if (!/^https?:/.test(proxy)) throw new TroubleError({ ...UNKNOWN, on: addressOf(proxy) });
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
  const made = { proxy, timeout: TUNNEL_MS };
  return options =>
    isSecure ? new HttpsProxyAgent({ ...options, ...made }) : new HttpProxyAgent({ ...options, ...made });
}

function addressOf(proxy: string): string {
  const url = URL.parse(proxy);
  return printable(url ? `${url.protocol}//${url.host}` : 'of the kubeconfig', 100);
}
