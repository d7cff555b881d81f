import { ENGINE_VERSION } from '../controller/swarm/genesis.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { containersOf } from './containers.ts';
import { type Engine, NO_LEADER } from './engine.ts';
import { findNode } from './find.ts';
import { imagesOf } from './images.ts';

export const API_VERSION = '1.47';
export const MIN_API_VERSION = '1.24';
const PLATFORM = { Os: 'linux', Arch: 'amd64', KernelVersion: '6.12.57+deb13-amd64' };

export function version(): object {
  const engine = {
    ApiVersion: API_VERSION,
    MinAPIVersion: MIN_API_VERSION,
    GitCommit: 'demo',
    GoVersion: 'go1.23.6',
    ...PLATFORM,
    BuildTime: '2026-01-20T00:00:00.000000000+00:00',
  };
  const Details = { ...engine, Experimental: 'false' };
  return {
    Platform: { Name: 'Docker Engine - Community' },
    Components: [{ Name: 'Engine', Version: ENGINE_VERSION, Details }],
    Version: ENGINE_VERSION,
    ...engine,
  };
}

/** `/info`: the engine itself, and the swarm that it belongs to; only a manager knows that in whole. */
export function info(engine: Engine): object {
  const { swarm, world, node } = engine;
  const { startedAt, still, timeline } = world;
  const { ID, Description, Status, Spec } = node;
  const isManager = Spec.Role === 'manager';
  const leader = findNode(swarm, 'self');
  const containers = containersOf(engine);
  const running = swarm.tasksOn(ID).filter(each => each.Status.State === 'running').length;
  const nodes = swarm.store.list('node');
  return {
    ID: 'demo:engine:of:the:embedded:platform',
    Containers: containers.length,
    ContainersRunning: running,
    ContainersPaused: 0,
    ContainersStopped: containers.length - running,
    Images: imagesOf(engine).length,
    Driver: 'overlay2',
    LoggingDriver: 'json-file',
    CgroupDriver: 'systemd',
    CgroupVersion: '2',
    KernelVersion: PLATFORM.KernelVersion,
    OperatingSystem: 'Debian GNU/Linux 13 (trixie)',
    OSType: 'linux',
    Architecture: 'x86_64',
    NCPU: Description.Resources.NanoCPUs / 1e9,
    MemTotal: Description.Resources.MemoryBytes,
    SystemTime: new Date(still ? startedAt : timeline.now).toISOString(),
    DockerRootDir: '/var/lib/docker',
    Name: Description.Hostname,
    Labels: [],
    ServerVersion: ENGINE_VERSION,
    Plugins: { Volume: ['local'], Network: ['bridge', 'host', 'overlay'], Authorization: null, Log: ['json-file'] },
    Swarm: {
      NodeID: ID,
      NodeAddr: Status.Addr,
      LocalNodeState: 'active',
      ControlAvailable: isManager,
      Error: swarm.quorum.hasLeader ? '' : `rpc error: code = Unknown desc = ${NO_LEADER}`,
      RemoteManagers: [{ NodeID: leader.ID, Addr: `${leader.Status.Addr}:2377` }],
      ...(isManager && {
        Nodes: nodes.length,
        Managers: nodes.filter(each => each.Spec.Role === 'manager').length,
        Cluster: cluster(swarm),
      }),
    },
    LiveRestoreEnabled: false,
    Warnings: null,
  };
}

/** `/swarm`, and a part of `/info`. The tokens with which a node joins are not among it. */
export function cluster(swarm: Swarm): object {
  const { CreatedAt } = findNode(swarm, 'self');
  return {
    ID: 'demoswarm0000000000000000',
    Version: { Index: 10 },
    CreatedAt,
    UpdatedAt: CreatedAt,
    Spec: {
      Name: 'default',
      Labels: {},
      Orchestration: { TaskHistoryRetentionLimit: 5 },
      Raft: {
        SnapshotInterval: 10000,
        KeepOldSnapshots: 0,
        LogEntriesForSlowFollowers: 500,
        ElectionTick: 10,
        HeartbeatTick: 1,
      },
      Dispatcher: { HeartbeatPeriod: 2_000_000_000 },
      CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
      TaskDefaults: {},
      EncryptionConfig: { AutoLockManagers: false },
    },
    RootRotationInProgress: false,
    DefaultAddrPool: null,
    SubnetSize: 24,
    DataPathPort: 4789,
  };
}
