import { vi } from 'vitest';
import type { Action, Gateway, GatewayOptions } from '../../src/actions/gateway.ts';
import type { Consent, Proposal } from '../../src/actions/proposal.ts';
import { at, uidOf } from '../../src/actions/prove.ts';
import type { Verb } from '../../src/actions/verb.ts';
import { verbNamed } from '../../src/actions/verbs.ts';
import type { DemoPlatform } from '../../src/demo/platform.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Deed, Input } from '../../src/model/deed.ts';
import { KINDS, type Noun, type Workload } from '../../src/model/entity.ts';
import { type Client, Refusal, type Write } from '../../src/sources/client.ts';
import { createKubernetes } from '../../src/sources/kubernetes/index.ts';
import { Permit } from '../../src/sources/permit.ts';
import { createSwarm } from '../../src/sources/swarm/index.ts';
import type { SwarmOptions } from '../../src/sources/swarm/options.ts';
import { embedded, optionsOf } from '../contract/embedded.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';

/** How much faster than ours the platform's time passes; the gateway counts in it. */
const HASTE = 50;
/** Fields that may be changed of a workload at any time. */
const HARMLESS: Readonly<Record<string, string>> = {
  Deployment: 'revisionHistoryLimit',
  StatefulSet: 'revisionHistoryLimit',
  DaemonSet: 'revisionHistoryLimit',
  CronJob: 'startingDeadlineSeconds',
  Job: 'ttlSecondsAfterFinished',
};
const NEVER = new AbortController().signal;

/** The embedded platform, watched over its real protocols, and the way to act upon it. */
export class OnDemo {
  readonly platform: DemoPlatform;
  readonly fleet: Fleet;

  private constructor(platform: DemoPlatform, swarm: Partial<SwarmOptions>) {
    const { world } = platform;
    this.platform = platform;
    this.fleet = new Fleet({ now: () => world.timeline.now + world.behindMs });
    this.fleet.watch(createKubernetes('kubernetes', optionsOf(platform, 'kubernetes')));
    this.fleet.watch(createSwarm('swarm', { ...optionsOf(platform, 'swarm'), ...swarm }));
  }

  /** @param swarm what is other than in the platform's profile */
  static async start(scenario = 'still', swarm: Partial<SwarmOptions> = {}): Promise<OnDemo> {
    return new OnDemo(await embedded({ scenario, haste: HASTE }), swarm);
  }

  async close(): Promise<void> {
    await this.fleet.stop();
    await this.platform.close();
  }

  /** One that knows nothing of what was asked before. */
  gateway(options: Partial<GatewayOptions> = {}): Gateway {
    return gatewayFor(this.fleet, { waits: { everyMs: 20, limitMs: 10 * 60_000 }, ...options });
  }

  /** The noun whose id is this, or begins with it, once it is watched. */
  async noun(id: string): Promise<Noun> {
    const find = () => this.fleet.find(id) ?? this.#beginning(id);
    return vi.waitFor(() => {
      const noun = find();
      if (!noun) throw new Error(`${id} is not watched`);
      return noun;
    }, 30_000);
  }

  #beginning(id: string): Noun | undefined {
    return KINDS.flatMap(kind => [...this.fleet.all(kind).values()] as Noun[]).find(noun => noun.id.startsWith(id));
  }

  propose(verb: string, noun: Noun, input: Input = {}, gateway = this.gateway()): Promise<Proposal> {
    return gateway.prepare(named(verb), noun, input, AbortSignal.timeout(10_000));
  }

  /** Whatever has to be answered is. */
  carryOut(proposal: Proposal, gateway = this.gateway()): Promise<Action> {
    return gateway.carryOut(proposal, consentTo(proposal), NEVER);
  }

  async act(verb: string, noun: Noun, input: Input = {}, gateway = this.gateway()): Promise<Action> {
    return this.carryOut(await this.propose(verb, noun, input, gateway), gateway);
  }

  /** Takes the last deed of this gateway back. */
  async undo(gateway: Gateway): Promise<Action> {
    const deed: Deed | null = gateway.lastUndoable();
    if (!deed) throw new Error('there is nothing to take back');
    return this.carryOut(await gateway.prepareUndo(deed, AbortSignal.timeout(10_000)), gateway);
  }

  pathOf({ source, kind, id }: Noun): string {
    const path = this.fleet.source(source)?.pathOf?.(kind, id);
    if (!path) throw new Error(`${id} has no path`);
    return path;
  }

  /** The object as the system has it. */
  read(noun: Noun): Promise<unknown> {
    return this.get(noun.source, this.pathOf(noun));
  }

  /** The same; null when it is gone, or another one has its name. */
  async find(noun: Noun): Promise<unknown> {
    try {
      const object = await this.read(noun);
      return uidOf(object) === noun.uid ? object : null;
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return null;
      throw error;
    }
  }

  get(source: string, path: string): Promise<unknown> {
    return this.#client(source).get(path, NEVER);
  }

  /** Somebody else does it. */
  write(source: string, write: Write): Promise<unknown> {
    return this.#client(source).send(Permit.issue(), write, NEVER);
  }

  /** Somebody else changes something of it that nobody here cares for. */
  async change(noun: Noun): Promise<void> {
    const path = this.pathOf(noun);
    if (noun.source === 'kubernetes') {
      const type = 'application/merge-patch+json';
      await this.write(noun.source, { method: 'PATCH', path, type, body: { spec: harmless(noun) } });
    } else {
      const object = await this.read(noun);
      const body = { ...(at(object, ['Spec']) as object), Labels: { somebody: 'else' } };
      const version = at(object, ['Version', 'Index']);
      await this.write(noun.source, { method: 'POST', path: `${path}/update?version=${version}`, body });
    }
  }

  /** Somebody else removes it; nothing happens when it is gone. */
  async remove(noun: Noun): Promise<void> {
    const query = noun.source === 'kubernetes' ? '?propagationPolicy=Background&gracePeriodSeconds=0' : '?force=1';
    await this.write(noun.source, { method: 'DELETE', path: `${this.pathOf(noun)}${query}` }).catch(error => {
      if (!(error instanceof Refusal) || error.status !== 404) throw error;
    });
  }

  #client(source: string): Client {
    const client = this.fleet.source(source)?.client?.();
    if (!client) throw new Error(`${source} has no client yet`);
    return client;
  }
}

function harmless(noun: Noun): object {
  if (noun.kind === 'node') return { taints: [{ key: 'somebody', value: 'else', effect: 'PreferNoSchedule' }] };
  const field = noun.kind === 'replica' ? 'activeDeadlineSeconds' : (HARMLESS[(noun as Workload).type] ?? '');
  return { [field]: 9_999 };
}

export function named(name: string): Verb {
  const verb = verbNamed(name);
  if (!verb) throw new Error(`there is no verb ${name}`);
  return verb;
}

export function consentTo({ noun, plan }: Proposal): Consent {
  return { yes: true, name: plan.phrase ?? noun.name, anyway: true };
}

/** The same proposal, whose writes reach the system and whose answers are lost on the way back. */
export function answerLost(proposal: Proposal): Proposal {
  return withClient(proposal, async (client, ...call) => {
    await client.send(...call);
    throw new Refusal(trouble('the connection was cut'), { answer: 'none' });
  });
}

/** The same proposal, with a system that is gone by the time of writing. */
export function systemGone(proposal: Proposal): Proposal {
  return withClient(proposal, async () => {
    throw new Refusal(trouble('connection refused'), { answer: 'unsent' });
  });
}

function withClient(
  proposal: Proposal,
  send: (client: Client, ...call: Parameters<Client['send']>) => Promise<unknown>,
): Proposal {
  const { client } = proposal;
  const get: Client['get'] = (...call) => client.get(...call);
  const rehearse: Client['rehearse'] =
    client.rehearse && ((...call) => client.rehearse?.(...call) ?? client.get('', NEVER));
  return {
    ...proposal,
    client: {
      target: client.target,
      identity: client.identity,
      get,
      send: (...call) => send(client, ...call),
      ...(rehearse && { rehearse }),
    },
  };
}

function trouble(why: string) {
  return { what: 'write', on: 'the system', why, fix: null };
}
