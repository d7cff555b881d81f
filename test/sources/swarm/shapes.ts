import type { ApiNetwork, ApiNode, ApiService, ApiTask } from '../../../src/sources/swarm/api.ts';
import { TIMING, type Timing } from '../../../src/sources/swarm/timing.ts';

/** Shapes as engine 20.10.24 (API 1.41) answers them, with what a test wants to be otherwise. */

const SPEC = {
  ContainerSpec: {
    Image: 'lab/busybox:1',
    Args: ['sh', '-c', 'sleep 1000'],
    Init: false,
    DNSConfig: {},
    Isolation: 'default',
  },
  Resources: { Limits: {}, Reservations: {} },
  Placement: {},
  ForceUpdate: 0,
};

/** Ids of 25 characters, as Swarm makes them. */
export const uid = (name: string): string => `${name}00000000000000000000000000`.slice(0, 25);

export function node(name: string, over: Partial<ApiNode> = {}): ApiNode {
  return {
    ID: uid(name),
    Version: { Index: 9 },
    CreatedAt: '2026-11-23T17:44:56.097723581Z',
    UpdatedAt: '2026-11-23T17:44:56.214556324Z',
    Spec: { Labels: {}, Role: 'worker', Availability: 'active' },
    Description: {
      Hostname: name,
      Resources: { NanoCPUs: 2_000_000_000, MemoryBytes: 25_276_502_016 },
      Engine: { EngineVersion: '20.10.24+dfsg1' },
    },
    Status: { State: 'ready', Addr: '198.18.0.1' },
    ...over,
  };
}

export const down = (name: string): ApiNode =>
  node(name, { Status: { State: 'down', Message: 'heartbeat failure', Addr: '198.18.0.3' } });

export function service(name: string, over: Partial<ApiService> & { replicas?: number } = {}): ApiService {
  const { replicas = 1, ...rest } = over;
  return {
    ID: uid(name),
    Version: { Index: 21 },
    CreatedAt: '2026-11-23T17:52:04.935897533Z',
    UpdatedAt: '2026-11-23T17:52:04.935897533Z',
    ServiceStatus: { RunningTasks: replicas, DesiredTasks: replicas, CompletedTasks: 0 },
    ...rest,
    Spec: {
      Name: name,
      Labels: {},
      TaskTemplate: { ...SPEC, Runtime: 'container' },
      Mode: { Replicated: { Replicas: replicas } },
      ...rest.Spec,
    },
  };
}

interface TaskOf {
  id: string;
  service: string;
  slot?: number;
  node?: string;
  state?: string;
  desired?: string;
  error?: string;
  exitCode?: number;
  /** When it came into its state, and how long before that it was made. */
  at?: number;
  livedMs?: number;
  spec?: ApiTask['Spec'];
}

export function task(of: TaskOf): ApiTask {
  const { id, service: name, slot, node: on, state = 'running', desired = 'running', error, exitCode } = of;
  const at = of.at ?? Date.parse('2026-11-23T17:52:05.830Z');
  return {
    ID: uid(id),
    Version: { Index: 27 },
    CreatedAt: new Date(at - (of.livedMs ?? 1_000)).toISOString(),
    UpdatedAt: new Date(at).toISOString(),
    Spec: of.spec ?? SPEC,
    ServiceID: uid(name),
    ...(slot === undefined ? {} : { Slot: slot }),
    ...(on === undefined ? {} : { NodeID: uid(on) }),
    Status: {
      Timestamp: new Date(at).toISOString(),
      State: state,
      Message: 'started',
      ...(error === undefined ? {} : { Err: error }),
      ContainerStatus: { ContainerID: '227a4145e8abcd0b', ExitCode: exitCode ?? 0 },
    },
    DesiredState: desired,
  };
}

export function network(name: string): ApiNetwork {
  return {
    Name: name,
    Id: uid(name),
    Created: '2026-11-23T17:44:56.097760527Z',
    Scope: 'swarm',
    Driver: 'overlay',
    Attachable: true,
    Labels: null,
  };
}

export const CHANGED_SPEC = { ...SPEC, ForceUpdate: 1 };

/** All waits of the source, `factor` times as short: a minute passes in a minute / factor. Deadlines stay generous. */
export function hurried(factor = 50, over: Partial<Timing> = {}): Timing {
  const shorter = (ms: number) => ms / factor;
  const { beatMs, gapMs, quietMs, patienceMs } = TIMING.pace;
  return {
    ...TIMING,
    pace: {
      beatMs: shorter(beatMs),
      gapMs: shorter(gapMs),
      quietMs: shorter(quietMs),
      patienceMs: shorter(patienceMs),
    },
    servicesMs: shorter(TIMING.servicesMs),
    tasksMs: shorter(TIMING.tasksMs),
    eachTaskMs: shorter(TIMING.eachTaskMs),
    restlessMs: shorter(TIMING.restlessMs),
    movingMs: shorter(TIMING.movingMs),
    movedMs: shorter(TIMING.movedMs),
    latelyMs: shorter(TIMING.latelyMs),
    nodesMs: shorter(TIMING.nodesMs),
    networksMs: shorter(TIMING.networksMs),
    settleMs: 5,
    reconnect: { baseMs: 5, limitMs: 50 },
    ...over,
  };
}
