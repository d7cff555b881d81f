import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { printable } from '../../model/printable.ts';
import { TroubleError } from '../../model/trouble.ts';
import type { SwarmOptions } from './options.ts';

/** How an engine is reached, found once at the start: a context that moves later is not followed. */
export interface Endpoint {
  /** As DOCKER_HOST has it, without a password. */
  address: string;
  /** What named it: "the profile", "DOCKER_HOST", "docker context prod", "the default socket". */
  from: string;
  reach: Reach;
}

export type Reach =
  | { via: 'unix'; path: string }
  | { via: 'tcp'; host: string; port: number; tls: Tls | null }
  /** `socket`: another one than the default on that host. */
  | { via: 'ssh'; host: string; port: number | null; user: string | null; socket: string | null };

/** TLS material in PEM. */
export interface Tls {
  ca: Buffer | null;
  cert: Buffer | null;
  key: Buffer | null;
  verify: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;
const DEFAULT_SOCKET = 'unix:///var/run/docker.sock';

/**
 * The engine that the options name, else the one that the docker command would take: DOCKER_HOST, DOCKER_CONTEXT, the
 * current context, the default socket, in this order (docker/cli, cli/command: resolveContextName). Throws a
 * TroubleError when an address, a context or a certificate cannot be read.
 */
export async function resolveEndpoint(options: SwarmOptions, env: Environment = process.env): Promise<Endpoint> {
  if (options.host !== undefined) return at(options.host, 'the profile', await ownTls(options, env));
  const context = options.context ?? (env.DOCKER_HOST ? null : await currentContext(env));
  if (context && context !== 'default') return fromContext(context, options, env);
  const host = env.DOCKER_HOST;
  return at(host || DEFAULT_SOCKET, host ? 'DOCKER_HOST' : 'the default socket', await ownTls(options, env));
}

function at(host: string, from: string, tls: Tls | null): Endpoint {
  const reach = reachOf(host, from, tls);
  return { address: addressOf(reach), from, reach };
}

function reachOf(host: string, from: string, tls: Tls | null): Reach {
  if (host.startsWith('unix://')) return { via: 'unix', path: host.slice('unix://'.length) };
  const url = URL.parse(host.includes('://') ? host : `tcp://${host}`);
  if (!url?.hostname) throw unreadable(host, from);
  const port = url.port === '' ? null : Number(url.port);
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  switch (url.protocol) {
    case 'tcp:':
    case 'http:':
    case 'https:': {
      const secure = url.protocol === 'https:' ? (tls ?? { ca: null, cert: null, key: null, verify: true }) : tls;
      return { via: 'tcp', host: name, port: port ?? (secure ? 2376 : 2375), tls: secure };
    }
    case 'ssh:': {
      const socket = url.pathname === '' || url.pathname === '/' ? null : url.pathname;
      // What begins with - would be an option for ssh.
      if (name.startsWith('-') || url.username.startsWith('-')) throw unreadable(host, from);
      return { via: 'ssh', host: name, port, user: decodeURIComponent(url.username) || null, socket };
    }
    default:
      throw unreadable(host, from);
  }
}

function addressOf(reach: Reach): string {
  switch (reach.via) {
    case 'unix':
      return printable(`unix://${reach.path}`);
    case 'tcp':
      return printable(`tcp://${hostAndPort(reach)}`);
    case 'ssh':
      return printable(`ssh://${reach.user ? `${reach.user}@` : ''}${hostAndPort(reach)}${reach.socket ?? ''}`);
  }
}

/** `10.0.0.7:2375`, `[::1]:2375`. */
export function hostAndPort({ host, port }: { host: string; port: number | null }): string {
  return `${host.includes(':') ? `[${host}]` : host}${port === null ? '' : `:${port}`}`;
}

/** TLS by the options, else by DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH as the docker command reads them. */
async function ownTls({ tls }: SwarmOptions, env: Environment): Promise<Tls | null> {
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  if (!tls) {
    if (!verify && !env.DOCKER_TLS) return null;
    return tlsIn(env.DOCKER_CERT_PATH || configFolder(env), verify);
  }
  const file = async (path: string | undefined) => (path === undefined ? null : readNeeded(path));
  return {
    ca: await file(tls.ca),
    cert: await file(tls.cert),
    key: await file(tls.key),
    verify: tls.verify ?? true,
  };
}

async function tlsIn(folder: string, verify: boolean): Promise<Tls> {
  const file = (name: string) => readFile(join(folder, name)).catch(whenThere(join(folder, name)));
  return { ca: await file('ca.pem'), cert: await file('cert.pem'), key: await file('key.pem'), verify };
}

async function currentContext(env: Environment): Promise<string | null> {
  if (env.DOCKER_CONTEXT) return env.DOCKER_CONTEXT;
  const path = join(configFolder(env), 'config.json');
  const text = await readFile(path, 'utf8').catch(whenThere(path));
  const current = text === null ? null : (parsed(path, text) as { currentContext?: unknown } | null)?.currentContext;
  return typeof current === 'string' && current !== '' ? current : null;
}

interface ContextMeta {
  Endpoints?: { docker?: { Host?: unknown; SkipTLSVerify?: unknown } };
}

/** Contexts lie in folders named by the SHA-256 of their names (docker/cli, cli/context/store). */
async function fromContext(name: string, options: SwarmOptions, env: Environment): Promise<Endpoint> {
  const folder = createHash('sha256').update(name).digest('hex');
  const contexts = join(configFolder(env), 'contexts');
  const path = join(contexts, 'meta', folder, 'meta.json');
  const from = `docker context ${printable(name)}`;
  const text = await readFile(path, 'utf8').catch(whenThere(path));
  if (text === null) throw trouble(from, 'there is no such context', 'docker context ls shows those that there are');
  const docker = (parsed(path, text) as ContextMeta | null)?.Endpoints?.docker;
  if (typeof docker?.Host !== 'string') throw trouble(from, 'it names no docker endpoint', null);
  const stored = await tlsIn(join(contexts, 'tls', folder, 'docker'), docker.SkipTLSVerify !== true);
  const hasTls = stored.ca !== null || stored.cert !== null || !stored.verify;
  return at(docker.Host || DEFAULT_SOCKET, from, options.tls ? await ownTls(options, env) : hasTls ? stored : null);
}

function configFolder(env: Environment): string {
  return env.DOCKER_CONFIG || join(homedir(), '.docker');
}

/** null for a file that is not there; any other failure is told. */
function whenThere(path: string): (error: NodeJS.ErrnoException) => null {
  return error => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw trouble(printable(path), printable(error.message), null);
  };
}

function readNeeded(path: string): Promise<Buffer> {
  const full = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  return readFile(full).catch(error => {
    throw trouble(printable(path), printable(error.message), 'correct the path under tls in the profile');
  });
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw trouble(printable(path), printable(String(error)), null);
  }
}

function unreadable(host: string, from: string): TroubleError {
  // An address can carry a password.
  const shown = host.replace(/\/\/[^/@]*@/, '//…@');
  return trouble(
    from,
    `cannot read the address ${printable(shown)}`,
    'unix:///path, tcp://host:port or ssh://user@host',
  );
}

function trouble(on: string, why: string, fix: string | null): TroubleError {
  return new TroubleError({ what: 'find the engine', on, why, fix });
}
