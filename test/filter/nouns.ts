import type { Node, Replica, Workload } from '../../src/model/entity.ts';
import type { FeedEvent } from '../../src/model/event.ts';

export const NOW = Date.UTC(2026, 10, 23, 14, 3);

const entity = {
  source: 'prod',
  observedAt: NOW,
  health: 'ok',
  reason: null,
  uid: null,
  version: null,
  createdAt: NOW - 3_600_000,
  labels: {},
} as const;

export function replica(change: Partial<Replica> = {}): Replica {
  return {
    ...entity,
    id: 'prod/saasodoo/pod/odoo-acme-x7k2p',
    kind: 'replica',
    name: 'odoo-acme-x7k2p',
    system: 'kubernetes',
    namespace: 'saasodoo',
    workload: 'prod/saasodoo/Deployment/odoo-acme',
    node: 'prod/node/worker-1',
    state: 'Running',
    ready: true,
    wanted: 'running',
    containers: 1,
    containersReady: 1,
    restarts: 0,
    lastRestartAt: null,
    message: null,
    exitCode: null,
    startedAt: NOW - 3_600_000,
    ip: null,
    image: 'odoo:17',
    cpuUsedMillicores: 250,
    memoryUsedBytes: 512 * 1024 ** 2,
    cpuRequestMillicores: null,
    cpuLimitMillicores: 1000,
    memoryRequestBytes: null,
    memoryLimitBytes: null,
    slot: null,
    ...change,
  };
}

export function workload(change: Partial<Workload> = {}): Workload {
  return {
    ...entity,
    id: 'prod/saasodoo/Deployment/odoo-acme',
    kind: 'workload',
    name: 'odoo-acme',
    system: 'kubernetes',
    type: 'Deployment',
    namespace: 'saasodoo',
    wanted: 1,
    ready: 1,
    updated: 1,
    images: ['odoo:17'],
    rollout: null,
    message: null,
    succeeded: null,
    failed: null,
    schedule: null,
    suspended: false,
    lastRunAt: null,
    finishedAt: null,
    managedBy: null,
    owner: null,
    strategy: null,
    restarts: 0,
    cpuUsedMillicores: null,
    memoryUsedBytes: null,
    ...change,
  };
}

export function node(change: Partial<Node> = {}): Node {
  return {
    ...entity,
    id: 'prod/node/worker-1',
    kind: 'node',
    name: 'worker-1',
    system: 'kubernetes',
    roles: ['agent'],
    state: 'ready',
    ready: true,
    stateReason: null,
    stateSince: null,
    availability: 'active',
    leader: false,
    pressures: [],
    cpuMillicores: 4000,
    cpuUsedMillicores: 1000,
    memoryBytes: 8 * 1024 ** 3,
    memoryUsedBytes: null,
    diskBytes: null,
    diskUsedBytes: null,
    replicaCapacity: 110,
    address: '10.0.0.1',
    softwareVersion: 'v1.35.4',
    ...change,
  };
}

export function event(change: Partial<FeedEvent> = {}): FeedEvent {
  return {
    id: 'prod/BackOff/x7k2p',
    key: 'prod/BackOff/x7k2p',
    at: NOW - 60_000,
    firstAt: NOW - 3_600_000,
    severity: 'bad',
    source: 'prod',
    about: 'prod/saasodoo/pod/odoo-acme-x7k2p',
    subject: 'pod/odoo-acme-x7k2p',
    reason: 'BackOff',
    message: 'back-off restarting failed container',
    count: 14,
    ...change,
  };
}
