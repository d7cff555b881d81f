import type { Node } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { type Client, Unreached } from '../client.ts';
import type { ApiInfo } from './api.ts';
import { createClient } from './client.ts';
import { resolveEndpoint } from './endpoint.ts';
import { type Engine, openEngine } from './engine.ts';
import { explain } from './failure.ts';
import { flagsOf } from './flags.ts';
import type { SwarmOptions } from './options.ts';

/** Of the question who an engine is, which goes before each use. */
const DEADLINE_MS = 5_000;
const HOW = 'for shells and prune there, say how in the profile: engines: {"*": "ssh://ops@{node}"}';
/** What a name or an address is made of: put into the address of an engine, nothing else may stand in it. */
const PLAIN = /^[\w][\w.:-]*$/;

/**
 * The engines of a swarm's nodes, each reached in the way that the options name, from when it is first asked for. The
 * one that answers must be the node's own: an address that leads elsewhere is refused.
 */
export class Engines {
  readonly #options: SwarmOptions;
  readonly #counted: () => void;
  /** By the node's Swarm id. */
  readonly #open = new Map<string, { host: string; engine: Engine }>();

  constructor(options: SwarmOptions, counted: () => void) {
    this.#options = options;
    this.#counted = counted;
  }

  /** Resolves when it has said that it is the node's. Rejects with an Unreached. */
  async of({ uid, name, address }: Pick<Node, 'uid' | 'name' | 'address'>, signal: AbortSignal): Promise<Client> {
    const named = this.#options.engines?.[name] ?? this.#options.engines?.['*'];
    const host = named === undefined ? null : filled(named, name, address);
    const trouble = (why: string, fix: string | null = null) =>
      new Unreached(
        { what: 'reach its engine', on: printable(host ?? name), why, fix },
        sshTo(host ?? this.#options.host ?? '', name),
      );
    if (named === undefined) throw trouble('the profile does not say how', HOW);
    if (host === null) throw trouble(`${printable(named)} cannot be filled in: its name or address is unusual`);
    try {
      const engine = await this.#at(uid ?? '', host);
      const info = (await engine.get('/info', {}, { deadlineMs: DEADLINE_MS, signal })) as ApiInfo | null;
      if (info?.Swarm?.NodeID !== uid) {
        throw trouble(`the engine of another machine answers there: ${printable(info?.Name ?? 'one without a name')}`);
      }
      return createClient(() => engine, flagsOf({ ...this.#options, host }));
    } catch (error) {
      if (error instanceof Unreached) throw error;
      throw trouble(explain(error, 'reach its engine', host).trouble.why);
    }
  }

  close(): void {
    for (const { engine } of this.#open.values()) engine.close();
    this.#open.clear();
  }

  async #at(uid: string, host: string): Promise<Engine> {
    const known = this.#open.get(uid);
    if (known?.host === host) return known.engine;
    known?.engine.close();
    const { kind, tls } = this.#options;
    const engine = await openEngine(await resolveEndpoint({ kind, host, tls }), this.#counted);
    this.#open.set(uid, { host, engine });
    return engine;
  }
}

/** `ssh://ops@{node}` for a node; null where that would not be an address any more. */
function filled(pattern: string, node: string, address: string | null): string | null {
  const values: Record<string, string | null> = { node, address };
  const parts = pattern.split(/\{(node|address)\}/);
  if (!parts.every((part, at) => at % 2 === 0 || PLAIN.test(values[part] ?? ''))) return null;
  return parts.map((part, at) => (at % 2 === 0 ? part : bracketed(values[part] ?? ''))).join('');
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** How an operator comes to that machine: as its engine is reached by ssh, else by its name. */
function sshTo(host: string, node: string): string {
  const url = host.startsWith('ssh://') ? URL.parse(host) : null;
  const user = url?.username ? `${printable(decodeURIComponent(url.username))}@` : '';
  const port = url?.port ? `-p ${url.port} ` : '';
  return `ssh -t ${port}${user}${node}`;
}
