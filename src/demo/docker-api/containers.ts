import { createHash } from 'node:crypto';
import { containerName } from '../controller/swarm/events.ts';
import type { SwarmService, Task } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { filtersOf, hasLabels, isSet, meets } from './filters.ts';
import { findNode } from './find.ts';
import { humanSince } from './human-since.ts';

const KNOWN = ['ancestor', 'exited', 'health', 'id', 'is-task', 'label', 'name', 'network', 'status'];

/** `/containers/json`: what runs on the manager's own engine, the only one that it knows of; with `all=1` what ran. */
export function listContainers(swarm: Swarm, query: URLSearchParams): object[] {
  const filters = filtersOf(query, KNOWN);
  const node = findNode(swarm, 'self');
  const wantsAll = isSet(query, 'all') || filters.status !== undefined;
  return swarm.store
    .list('task')
    .filter(task => task.NodeID === node.ID && task.Status.ContainerStatus?.ContainerID)
    .flatMap(task => {
      const service = swarm.store.get('service', task.ServiceID);
      return service ? [containerOf(swarm, service, task)] : [];
    })
    .filter(
      each =>
        (wantsAll || each.State === 'running') &&
        meets(filters.id, id => each.Id.startsWith(id)) &&
        meets(filters.name, part => each.Names.some(name => name.includes(part))) &&
        meets(filters.status, status => status === each.State) &&
        meets(filters.ancestor, image => image === each.Image) &&
        meets(filters.network, wanted => wanted in each.NetworkSettings.Networks) &&
        meets(filters.health, wanted => each.Status.includes(`(${wanted})`)) &&
        meets(filters['is-task'], wanted => wanted === 'true') &&
        hasLabels(each.Labels, filters.label),
    )
    .sort((a, b) => b.Created - a.Created);
}

function containerOf(swarm: Swarm, service: SwarmService, task: Task) {
  const name = containerName(service, task);
  const { Image, Healthcheck, Labels, Command = [], Args = [] } = task.Spec.ContainerSpec;
  const { ContainerID: Id = '' } = task.Status.ContainerStatus ?? {};
  return {
    Id,
    Names: [`/${name}`],
    Image,
    ImageID: imageId(Image),
    Command: [...Command, ...Args].join(' ') || '/entrypoint.sh',
    Created: Math.floor(Date.parse(task.CreatedAt) / 1000),
    Ports: [],
    Labels: {
      ...Labels,
      'com.docker.swarm.node.id': task.NodeID ?? '',
      'com.docker.swarm.service.id': service.ID,
      'com.docker.swarm.service.name': service.Spec.Name,
      'com.docker.swarm.task': '',
      'com.docker.swarm.task.id': task.ID,
      'com.docker.swarm.task.name': name,
    },
    ...stateOf(task, swarm.timeline.now, Healthcheck !== undefined),
    HostConfig: { NetworkMode: 'bridge' },
    NetworkSettings: { Networks: networksOf(task) },
    Mounts: [],
  };
}

function stateOf({ Status }: Task, now: number, isChecked: boolean): { State: string; Status: string } {
  const since = humanSince(now - Date.parse(Status.Timestamp));
  const health = (of: string) => (isChecked ? ` (${of})` : '');
  switch (Status.State) {
    case 'running':
      return { State: 'running', Status: `Up ${since}${health('healthy')}` };
    case 'starting':
      return { State: 'running', Status: `Up ${since}${health('health: starting')}` };
    case 'ready':
      return { State: 'created', Status: 'Created' };
    default:
      return { State: 'exited', Status: `Exited (${Status.ContainerStatus?.ExitCode ?? 0}) ${since} ago` };
  }
}

function networksOf({ NetworksAttachments = [] }: Task): Record<string, object> {
  return Object.fromEntries(
    NetworksAttachments.map(({ Network, Addresses: [address = ''] }) => {
      const [IPAddress, prefix] = address.split('/');
      return [Network.Spec.Name, { NetworkID: Network.ID, IPAddress, IPPrefixLen: Number(prefix ?? 0) }];
    }),
  );
}

function imageId(image: string): string {
  return `sha256:${createHash('sha256').update(image).digest('hex')}`;
}
