import { PLATFORM_SERVICES } from '../../services.ts';
import { type NodeShape, REGISTRY, type Shape } from '../../shape.ts';
import { isoNano, type SwarmNetwork } from './objects.ts';
import { instanceSpec, poolSpec, stackSpecs } from './stack.ts';
import type { Swarm } from './swarm.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
export const ENGINE_VERSION = '27.5.1';
const PLUGINS = [
  ...['fluentd', 'json-file', 'local', 'syslog'].map(Name => ({ Type: 'Log', Name })),
  ...['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'].map(Name => ({ Type: 'Network', Name })),
  { Type: 'Volume', Name: 'local' },
];

/** Plans the swarm's past: nodes, networks, the stack, tenants in the order of their age, and a node that was drained. */
export function planSwarm(swarm: Swarm, { shape, now, calm }: { shape: Shape; now: number; calm: boolean }): void {
  const { timeline, random, store, images } = swarm;
  swarm.settling = true;
  for (const { image } of PLATFORM_SERVICES) images.push(image);
  for (const { odooVersion } of shape.instances) images.push(`${REGISTRY}/odoo:${odooVersion}`);
  images.push('postgres:18-alpine');
  const network = random.dockerId();
  const born = (ageMs: number, make: () => void) => timeline.at(now - ageMs, make);
  born(219 * DAY, () => {
    for (const node of shape.nodes) addNode(swarm, node);
    store.networks.push(
      overlay(network, 'saasodoo-network', 1, timeline.now, { attachable: true }),
      overlay(random.dockerId(), 'ingress', 0, timeline.now, { ingress: true }),
      local(random.hex(64), 'bridge', timeline.now),
      local(random.hex(64), 'docker_gwbridge', timeline.now),
      local(random.hex(64), 'host', timeline.now),
      local(random.hex(64), 'none', timeline.now),
    );
  });
  born(40 * DAY, () => {
    for (const spec of stackSpecs(network)) swarm.createService(spec);
  });
  for (const pool of shape.pools.filter(each => each.system === 'swarm')) {
    born(pool.ageSeconds * 1000, () => swarm.createService(poolSpec(pool, network)));
  }
  for (const instance of shape.instances.filter(each => each.system === 'swarm')) {
    born(Math.min(instance.ageSeconds * 1000, 200 * DAY), () => swarm.createService(instanceSpec(instance, network)));
  }
  const drained = shape.nodes.find(each => each.trouble === 'drained');
  if (drained && !calm) born(291 * MINUTE, () => setAvailability(swarm, drained.name, 'drain'));
  born(65 * MINUTE, () => {
    swarm.settling = false;
  });
}

/** As `docker node update --availability` does. */
export function setAvailability(swarm: Swarm, hostname: string, Availability: 'active' | 'pause' | 'drain'): void {
  const node = swarm.store.list('node').find(each => each.Description.Hostname === hostname);
  if (node) swarm.store.modify('node', node.ID, now => ({ ...now, Spec: { ...now.Spec, Availability } }));
}

function addNode(swarm: Swarm, node: NodeShape): void {
  const isManager = node.swarm === 'manager';
  swarm.store.create('node', {
    ID: swarm.random.dockerId(),
    Spec: { Labels: {}, Role: isManager ? 'manager' : 'worker', Availability: 'active' },
    Description: {
      Hostname: node.name,
      Platform: { Architecture: 'x86_64', OS: 'linux' },
      Resources: { NanoCPUs: node.cores * 1e9, MemoryBytes: node.memoryBytes },
      Engine: { EngineVersion: ENGINE_VERSION, Plugins: PLUGINS },
    },
    Status: { State: 'ready', Addr: node.address },
    ...(isManager && { ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: `${node.address}:2377` } }),
  });
}

function overlay(
  Id: string,
  Name: string,
  number: number,
  at: number,
  { attachable = false, ingress = false }: { attachable?: boolean; ingress?: boolean },
): SwarmNetwork {
  return {
    Name,
    Id,
    Created: isoNano(at),
    Scope: 'swarm',
    Driver: 'overlay',
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: [{ Subnet: `10.0.${number}.0/24`, Gateway: `10.0.${number}.1` }],
    },
    Internal: false,
    Attachable: attachable,
    Ingress: ingress,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: null,
    Options: { 'com.docker.network.driver.overlay.vxlanid_list': String(4096 + number) },
    Labels: null,
  };
}

function local(Id: string, Name: string, at: number): SwarmNetwork {
  const Driver = Name === 'none' ? 'null' : Name === 'host' ? 'host' : 'bridge';
  return {
    ...overlay(Id, Name, 0, at, {}),
    Scope: 'local',
    Driver,
    IPAM: { Driver: 'default', Options: null, Config: [] },
    Containers: {},
    Options: {},
    Labels: {},
  };
}
