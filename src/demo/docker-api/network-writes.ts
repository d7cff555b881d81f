import { isOver, isWanted, type Labels, type SwarmNetwork } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { EngineError, refused } from './engine-error.ts';
import { filtersOf } from './filters.ts';
import { findNetwork } from './find.ts';
import { BUILT_IN } from './networks.ts';

interface Wanted {
  Name?: string;
  Driver?: string;
  Internal?: boolean;
  Attachable?: boolean;
  Labels?: Labels;
}

/** `POST /networks/create`: an overlay of the swarm, or a bridge of the engine's own. Throws an EngineError. */
export function createNetwork({ store, moment, random }: Swarm, body: () => object): object {
  const { Name = '', Driver = 'bridge', Internal = false, Attachable = false, Labels = {} } = body() as Wanted;
  if (!Name) throw new EngineError(400, 'invalid name: ');
  if (store.networks.some(each => each.Name === Name)) {
    throw new EngineError(409, `network with name ${Name} already exists`);
  }
  const isOverlay = Driver === 'overlay';
  const number = store.networks.filter(each => each.Driver === Driver).length;
  const prefix = isOverlay ? `10.0.${number}` : `172.${17 + number}.0`;
  const network: SwarmNetwork = {
    Name,
    Id: isOverlay ? random.dockerId() : random.hex(64),
    Created: moment,
    Scope: isOverlay ? 'swarm' : 'local',
    Driver,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: [{ Subnet: `${prefix}.0/${isOverlay ? 24 : 16}`, Gateway: `${prefix}.1` }],
    },
    Internal,
    Attachable,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: isOverlay ? null : {},
    Options: isOverlay ? { 'com.docker.network.driver.overlay.vxlanid_list': String(4096 + number) } : {},
    Labels,
  };
  store.networks.push(network);
  return { Id: network.Id, Warning: '' };
}

/** `DELETE /networks/ID`: not while a service, or a task that is to run, has it. Throws an EngineError. */
export function removeNetwork(swarm: Swarm, wanted: string): void {
  const { networks } = swarm.store;
  const network = findNetwork(swarm, wanted);
  const { Id, Name, Ingress } = network;
  if (BUILT_IN.includes(Name)) {
    throw new EngineError(403, `${Name} is a pre-defined network and cannot be removed`);
  }
  const owner = swarm.store
    .list('service')
    .find(({ Spec, Endpoint }) =>
      Ingress ? Endpoint.Ports?.length : Spec.TaskTemplate.Networks?.some(each => each.Target === Id),
    );
  if (owner && Ingress) {
    const why = `ingress network cannot be removed because service ${owner.ID} depends on it`;
    throw refused(400, 'FailedPrecondition', why);
  }
  if (owner) throw refused(400, 'FailedPrecondition', `network ${Id} is in use by service ${owner.ID}`);
  const task = swarm.store
    .list('task')
    .filter(each => isWanted(each) && !isOver(each))
    .find(each => each.NetworksAttachments?.some(({ Network }) => Network.ID === Id));
  if (task) throw refused(400, 'FailedPrecondition', `network ${Id} is in use by task ${task.ID}`);
  networks.splice(networks.indexOf(network), 1);
}

/** `POST /networks/prune`: those that nothing uses, except the engine's own. */
export function pruneNetworks(swarm: Swarm, query: URLSearchParams): object {
  filtersOf(query, ['label', 'label!', 'until']);
  const gone: string[] = [];
  for (const { Id, Name, Ingress } of [...swarm.store.networks]) {
    if (Ingress || Name === 'docker_gwbridge' || BUILT_IN.includes(Name)) continue;
    try {
      removeNetwork(swarm, Id);
      gone.push(Name);
    } catch (error) {
      // In use: it stays.
      if (!(error instanceof EngineError)) throw error;
    }
  }
  return { NetworksDeleted: gone.length ? gone : null };
}
