import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind, Node } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { reveal } from '../../model/reveal.ts';
import { maskSecrets } from '../../model/secrets.ts';
import { sentence, TroubleError } from '../../model/trouble.ts';
import { Backoff } from '../backoff.ts';
import type { Client } from '../client.ts';
import type { Sink, Source } from '../source.ts';
import type { ApiInfo } from './api.ts';
import { createClient } from './client.ts';
import { resolveEndpoint } from './endpoint.ts';
import { type Engine, openEngine } from './engine.ts';
import { Engines } from './engines.ts';
import { explain } from './failure.ts';
import { flagsOf } from './flags.ts';
import { logReader } from './logs.ts';
import type { SwarmOptions } from './options.ts';
import { Picture } from './picture.ts';
import { words } from './read.ts';
import { Session } from './session.ts';
import { Standing } from './standing.ts';
import { TIMING, type Timing } from './timing.ts';

/**
 * A Docker Swarm, watched through one of its managers: nodes, services, tasks, networks, Traefik routes, and what
 * happens. Which engine that is, is found once at the start and then kept.
 *
 * @param name of the source in the profile: all its ids begin with it
 */
export function createSwarm(name: string, options: SwarmOptions, timing: Timing = TIMING): Source {
  const stopping = new AbortController();
  const { signal } = stopping;
  let requests = 0;
  let attended: ReadonlySet<Kind> | null = null;
  let engine: Engine | null = null;
  let picture: Picture | null = null;
  let session: Session | null = null;
  let running: Promise<void> = Promise.resolve();

  const client = createClient(() => {
    if (!engine) throw new TroubleError(unknown('the swarm', name));
    return engine;
  }, flagsOf(options));

  const count = () => {
    requests++;
  };
  const engines = new Engines(options, count);

  async function watch(sink: Sink): Promise<void> {
    const standing = new Standing(sink);
    const backoff = new Backoff(timing.reconnect);
    picture = new Picture(name, sink);
    let swarm: string | null = null;

    while (!signal.aborted) {
      try {
        engine ??= await openEngine(await resolveEndpoint(options), count);
        await engine.ping({ deadlineMs: timing.pingDeadlineMs, signal });
        backoff.reset();
        standing.reached();
        session = new Session({ name, engine, sink, picture, standing, timing, attended: () => attended });
        void identify(engine, sink, swarm).then(found => {
          swarm = found ?? swarm;
        });
        const failure = await session.run(signal);
        session = null;
        if (failure && standing.lost(failure)) sink.log(sentence(failure.trouble));
      } catch (error) {
        if (signal.aborted) break;
        const failure = explain(error, 'reach the engine', engine?.address ?? printable(options.host ?? name));
        if (standing.lost(failure)) sink.log(sentence(failure.trouble));
      }
      await sleep(backoff.next(), undefined, { signal }).catch(() => {});
    }
    engine?.close();
    engines.close();
  }

  /** Says who is at the other end; another swarm than before is told, since nothing seen before belongs to it. */
  async function identify(of: Engine, sink: Sink, known: string | null): Promise<string | null> {
    try {
      const info = (await of.get('/info', {}, { deadlineMs: timing.listDeadlineMs, signal })) as ApiInfo | null;
      const parts = [
        words(info?.Name),
        words(info?.ServerVersion) && `Docker ${words(info?.ServerVersion)}`,
        of.address,
      ];
      sink.state({ target: parts.filter(part => part !== null).join(' · ') });
      const swarm = words(info?.Swarm?.Cluster?.ID);
      if (known !== null && swarm !== null && swarm !== known) sink.event(otherSwarm(name, of, swarm));
      return swarm;
    } catch (error) {
      if (!signal.aborted) sink.log(sentence(explain(error, 'ask who the engine is', of.address).trouble));
      return null;
    }
  }

  /** Of the node's own engine: that which is watched through may be it. */
  async function engineOf(node: Node, asked: AbortSignal): Promise<Client> {
    const both = AbortSignal.any([asked, signal]);
    const { Swarm } = (await client.get('/info', both)) as ApiInfo;
    return Swarm?.NodeID === node.uid ? client : engines.of(node, both);
  }

  async function read(kind: Kind, id: string, asked: AbortSignal): Promise<unknown> {
    const path = picture?.pathOf(kind, id) ?? null;
    if (!engine || path === null) throw new TroubleError(unknown(id, engine?.address ?? name));
    const call = { deadlineMs: timing.listDeadlineMs, signal: AbortSignal.any([asked, signal]) };
    const { address } = engine;
    return engine.get(path, {}, call).catch(error => {
      throw new TroubleError(explain(error, `inspect ${printable(id)}`, address).trouble, error);
    });
  }

  return {
    name,
    kind: 'swarm',
    get requests() {
      return requests;
    },
    start(sink) {
      running = watch(sink);
    },
    async stop() {
      stopping.abort();
      await running;
    },
    client: () => (engine ? client : null),
    engine: engineOf,
    logs: logReader(() => engine),
    specs: async (_, asked) => {
      const { specsOf } = await import('./specs.ts');
      return specsOf(name, await client.get('/services', asked));
    },
    credentials: async (_, asked) => {
      const [{ credentialsOf }, { reach }] = await Promise.all([import('./credentials.ts'), resolveEndpoint(options)]);
      return credentialsOf(reach, await client.get('/secrets', asked), asked);
    },
    pathOf: (kind, id) => picture?.pathOf(kind, id) ?? null,
    attend(kinds) {
      attended = kinds;
      session?.attend();
    },
    raw: async (kind, id, asked) => maskSecrets(await read(kind, id, asked)),
    reveal: async (kind, id, masked, asked) => reveal(await read(kind, id, asked), masked),
  };
}

function unknown(id: string, on: string) {
  return { what: `inspect ${printable(id)}`, on, why: 'it is not known here', fix: null };
}

function otherSwarm(source: string, { address }: Engine, swarm: string) {
  return {
    key: `${source}/swarm/${swarm}`,
    at: Date.now(),
    severity: 'bad',
    source,
    about: null,
    subject: `source/${source}`,
    reason: 'another',
    message: `another swarm than before answers at ${address}: ${swarm}`,
  } as const;
}
