import { containerName } from '../controller/swarm/events.ts';
import type { SwarmService, Task } from '../controller/swarm/objects.ts';
import { type Engine, imageId } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { filtersOf, hasLabels, isSet, meets } from './filters.ts';
import { humanSince } from './human-since.ts';

const KNOWN = ['ancestor', 'exited', 'health', 'id', 'is-task', 'label', 'name', 'network', 'status'];

/** A container is that of a task; the engine knows of no others. */
export interface Container {
  Id: string;
  /** Without the slash in front. */
  name: string;
  task: Task;
  service: SwarmService;
}

/** Those of one engine, those that ended and were not cleaned away among them. */
export function containersOf({ swarm, node, removed }: Engine): Container[] {
  return swarm.store.list('task').flatMap(task => {
    const Id = task.Status.ContainerStatus?.ContainerID;
    if (task.NodeID !== node.ID || !Id || removed.has(Id)) return [];
    const service = swarm.store.get('service', task.ServiceID);
    return service ? [{ Id, name: containerName(service, task), task, service }] : [];
  });
}

/** By id, by name, or by the beginning of an id. Throws an EngineError. */
export function findContainer(engine: Engine, wanted: string): Container {
  const all = containersOf(engine);
  const named = all.find(({ Id, name }) => Id === wanted || name === wanted.replace(/^\//, ''));
  const begun = all.filter(({ Id }) => Id.startsWith(wanted));
  if (!named && begun.length > 1) {
    throw new EngineError(400, `multiple IDs found with provided prefix: ${wanted}`);
  }
  const found = named ?? begun[0];
  if (!found) throw new EngineError(404, `No such container: ${wanted}`);
  return found;
}

/** What it has written beside its image: the same for the same task. */
export function containerBytes({ ID }: Task): number {
  return 4096 * (1 + (Number.parseInt(ID.slice(0, 6), 36) % 20_000));
}

/** `/containers/json`: what runs on this engine; with `all=1` what ran. */
export function listContainers(engine: Engine, query: URLSearchParams): object[] {
  const filters = filtersOf(query, KNOWN);
  const wantsAll = isSet(query, 'all') || filters.status !== undefined;
  return containersOf(engine)
    .map(each => describe(engine, each))
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

/** `/containers/ID/json` */
export function inspectContainer(engine: Engine, wanted: string): object {
  const container = findContainer(engine, wanted);
  const { Id, name, task } = container;
  const { Image, Env = [], Command = [], Args = [], TTY = false } = task.Spec.ContainerSpec;
  const { State, Labels, NetworkSettings } = describe(engine, container);
  const { ExitCode = 0, PID: Pid = 0 } = task.Status.ContainerStatus ?? {};
  return {
    Id,
    Created: task.CreatedAt,
    Path: Command[0] ?? '/entrypoint.sh',
    Args,
    State: {
      Status: State,
      Running: State === 'running',
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: State === 'running' ? Pid : 0,
      ExitCode,
      Error: '',
      StartedAt: task.Status.Timestamp,
      FinishedAt: State === 'exited' ? task.Status.Timestamp : '0001-01-01T00:00:00Z',
    },
    Image: imageId(Image),
    Name: `/${name}`,
    RestartCount: 0,
    Driver: 'overlay2',
    Platform: 'linux',
    Mounts: [],
    Config: { Hostname: Id.slice(0, 12), Tty: TTY, Env, Image, Labels, Cmd: [...Command, ...Args] },
    HostConfig: { NetworkMode: 'bridge', RestartPolicy: { Name: '', MaximumRetryCount: 0 } },
    NetworkSettings,
    ResolvConfPath: '',
    HostnamePath: '',
    HostsPath: '',
    LogPath: '',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: null,
  };
}

/** A container as lists have it. */
export function describe({ world }: Engine, { Id, name, task, service }: Container) {
  const { Image, Healthcheck, Labels, Command = [], Args = [] } = task.Spec.ContainerSpec;
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
    ...stateOf(task, world.timeline.now, Healthcheck !== undefined),
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
