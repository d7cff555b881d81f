import { containerName } from '../controller/swarm/events.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';

import { filtersOf, hasLabels, meets } from './filters.ts';
import { humanSince } from './human-since.ts';
import { findNode } from './nodes.ts';

/** `/containers/json`: only the manager's own engine is asked, so only what runs there. */
export function listContainers(swarm: Swarm, query: URLSearchParams): object[] {
  const filters = filtersOf(query, ['id', 'label', 'name', 'status', 'ancestor', 'network', 'health', 'is-task']);
  const node = findNode(swarm, 'self');
  return swarm
    .tasksOn(node.ID)
    .filter(each => each.Status.State === 'running')
    .flatMap(task => {
      const service = swarm.store.get('service', task.ServiceID);
      if (!service) return [];
      const name = containerName(service, task);
      const started = Date.parse(task.Status.Timestamp);
      const { Image, Healthcheck, Labels: own } = task.Spec.ContainerSpec;
      const Labels = {
        ...own,
        'com.docker.swarm.node.id': node.ID,
        'com.docker.swarm.service.id': service.ID,
        'com.docker.swarm.service.name': service.Spec.Name,
        'com.docker.swarm.task': '',
        'com.docker.swarm.task.id': task.ID,
        'com.docker.swarm.task.name': name,
      };
      const Id = task.Status.ContainerStatus?.ContainerID ?? '';
      const isWanted =
        meets(filters.id, id => Id.startsWith(id)) &&
        meets(filters.name, part => name.includes(part)) &&
        meets(filters.status, status => status === 'running') &&
        hasLabels(Labels, filters.label);
      const up = `Up ${humanSince(swarm.timeline.now - started)}`;
      return isWanted
        ? [
            {
              Id,
              Names: [`/${name}`],
              Image,
              ImageID: `sha256:${Id}`,
              Command: '/entrypoint.sh',
              Created: Math.floor(Date.parse(task.CreatedAt) / 1000),
              Ports: [],
              Labels,
              State: 'running',
              Status: Healthcheck ? `${up} (healthy)` : up,
              HostConfig: { NetworkMode: 'default' },
              NetworkSettings: { Networks: {} },
              Mounts: [],
            },
          ]
        : [];
    });
}
