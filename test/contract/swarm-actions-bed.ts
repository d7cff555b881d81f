import { expect, vi } from 'vitest';
import { at } from '../../src/actions/prove.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { createSwarm } from '../../src/sources/swarm/index.ts';
import { relayTo } from '../helpers/relay.ts';
import { hurried } from '../sources/swarm/shapes.ts';
import type { ActionsBed } from './actions.ts';
import { asking } from './ctl.ts';
import { embedded, optionsOf } from './embedded.ts';
import { type EngineApi, engineApi } from './engine-api.ts';
import { given } from './given.ts';
import { APP, APP_2, DONE, service } from './swarm-specs.ts';
import { type Nodes, SwarmSystem } from './swarm-system.ts';

export type SwarmActionsBed = ActionsBed & { system: SwarmSystem };

const HASTE = 10;
const CRASH = { exitCode: 1, afterMs: 500, lastLine: 'boom' };

export async function embeddedSwarmActions(): Promise<SwarmActionsBed> {
  const platform = await embedded({ scenario: 'still', haste: HASTE });
  const { world } = platform;
  const { swarm } = world;
  for (const image of [APP, APP_2]) swarm.images.push(image);
  const host = optionsOf(platform, 'swarm').host ?? '';
  const engine = engineApi(host);
  const nodes: Nodes = {
    async leave(name) {
      const node = swarm.store.list('node').find(each => each.Description.Hostname === name);
      if (!node) return;
      swarm.store.modify('node', node.ID, ({ ManagerStatus: _, ...now }) => ({
        ...now,
        Spec: { ...now.Spec, Role: 'worker' },
      }));
      await engine.ask('DELETE', `/nodes/${node.ID}?force=1`);
    },
    async join(name) {
      world.catchUp();
      const { Description, Status } = known(name);
      const Spec = { Labels: {}, Role: 'worker' as const, Availability: 'active' as const };
      swarm.store.create('node', {
        ID: swarm.random.dockerId(),
        Spec,
        Description,
        Status: { ...Status, State: 'ready' },
      });
    },
    manages: async () => {},
    async partition(name) {
      world.catchUp();
      swarm.loseNode(name);
    },
    async heal(name) {
      world.catchUp();
      swarm.returnNode(name, false);
    },
    async ended(name) {
      const job = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } };
      const spec = service(name, DONE, { mode: job, placement: { Constraints: ['node.role == manager'] } });
      const { body } = await engine.ask('POST', '/services/create', spec);
      const path = `/services/${at(body, ['ID'])}`;
      await vi.waitFor(async () => {
        const tasks = await engine.get<unknown[]>('/tasks');
        const own = tasks.find(task => `/services/${at(task, ['ServiceID'])}` === path);
        expect(at(own, ['Status', 'State'])).toBe('complete');
      }, 30_000);
      return async () => void (await engine.ask('DELETE', path));
    },
    provide: async (image, how) => swarm.images.push(image, how === 'broken' ? CRASH : null),
  };
  const before = swarm.store.list('node');
  const known = (name: string) => {
    const node = before.find(each => each.Description.Hostname === name);
    if (!node) throw new Error(`there was no ${name}`);
    return node;
  };
  return bedOf({
    host,
    engine,
    nodes,
    now: () => world.timeline.now + world.behindMs,
    waits: { everyMs: 20, limitMs: HASTE * 30_000, proofMs: 100 },
    close: () => platform.close(),
  });
}

export async function realSwarmActions(): Promise<SwarmActionsBed> {
  const host = given('QD_DOCKER_HOST');
  const engine = engineApi(host);
  const bed = asking('QD_SWARM_CTL');
  const numberOf = (name: string) => name.replace('node', '');
  const docker = (name: string, ...argv: string[]) => bed('docker', numberOf(name), ...argv);
  const idsOf = async (name: string) => {
    const all = await engine.get<{ ID: string; Description: { Hostname: string } }[]>('/nodes');
    return all.filter(({ Description }) => Description.Hostname === name).map(({ ID }) => ID);
  };
  const leave = async (name: string) => {
    await docker(name, 'swarm', 'leave', '--force').catch(() => {}); // it may have left
    for (const id of await idsOf(name)) await engine.ask('DELETE', `/nodes/${id}?force=1`);
  };
  const broken = async (name: string, image: string) => {
    const id = await docker(name, 'create', APP);
    await docker(name, 'commit', '--change', 'CMD ["sh","-c","exit 1"]', id, image);
    await docker(name, 'rm', id);
  };
  const nodes: Nodes = {
    leave,
    async join(name) {
      await leave(name);
      const token = await docker('node1', 'swarm', 'join-token', '--quiet', 'worker');
      const own = `198.18.0.${numberOf(name)}`;
      await docker(name, 'swarm', 'join', '--advertise-addr', own, '--token', token, '198.18.0.1:2377');
    },
    async manages(name) {
      await bed('manages', numberOf(name));
    },
    async partition(name) {
      await bed('partition', numberOf(name));
    },
    async heal(name) {
      await bed('heal', numberOf(name));
    },
    async ended(name) {
      await docker('node1', 'create', '--name', `${name}.1`, APP);
      return async () => {};
    },
    async provide(image, how) {
      for (const name of ['node1', 'node2', 'node3']) {
        if (how === 'mended') await docker(name, 'tag', APP_2, image);
        else await broken(name, image);
      }
    },
  };
  return bedOf({
    host,
    engine,
    nodes,
    waits: { everyMs: 200, limitMs: 60_000, proofMs: 1_000 },
    close: async () => {},
  });
}

interface Given {
  host: string;
  engine: EngineApi;
  nodes: Nodes;
  now?: () => number;
  waits: ActionsBed['waits'];
  close(): Promise<void>;
}

async function bedOf({ host, engine, nodes, now, waits, close }: Given): Promise<SwarmActionsBed> {
  const { protocol, hostname, port, pathname } = new URL(host);
  const relay = await relayTo(protocol === 'unix:' ? { socketPath: pathname } : { host: hostname, port: Number(port) });
  const system = await SwarmSystem.open(engine, nodes);
  const fleet = new Fleet({ ...(now && { now }) });
  fleet.watch(createSwarm('swarm', { kind: 'swarm', host: `tcp://127.0.0.1:${relay.port}` }, hurried(5)));
  await vi.waitFor(() => expect(fleet.sources()[0]?.phase).toBe('live'), 30_000);
  return {
    system,
    fleet,
    viewer: null,
    relay,
    waits,
    drafts: system.folder,
    async close() {
      await fleet.stop();
      await relay.close();
      await system.close();
      await close();
    },
  };
}
