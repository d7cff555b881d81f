import type { Fleet } from '../fleet/fleet.ts';
import type { Kind, Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';

export const API_VERSION = 'quarterdeck/v1';

/** The words of the field for the kinds; a replica is a Pod or a Task. */
const KIND_NAMES: Record<Kind, string> = {
  node: 'Node',
  workload: 'Workload',
  replica: 'Pod',
  service: 'Service',
  claim: 'Claim',
  network: 'Network',
  pool: 'Pool',
  database: 'Database',
  directory: 'Directory',
  storage: 'Storage',
  instance: 'Instance',
  route: 'Route',
  backup: 'Backup',
  check: 'Check',
  host: 'Host',
  object: 'Object',
};

export function kindName(noun: Noun): string {
  return noun.kind === 'replica' && noun.system === 'swarm' ? 'Task' : KIND_NAMES[noun.kind];
}

/** Properties that hold the id of another noun: they give its name, and the id under `…Id`. */
const REFERENCES = new Set(['node', 'workload', 'pool', 'owner']);

/**
 * A noun as JSON has it: id, kind, name, source, health, reason, observedAt first, then its own fields. Times are ISO
 * 8601 in UTC, what is not known is null.
 */
export function itemOf(noun: Noun, fleet: Fleet): Record<string, unknown> {
  const { id, kind: _, name, source, health, reason, observedAt, createdAt, ...own } = noun;
  const taken = noun.kind === 'backup' ? noun.takenAt : createdAt;
  const item: Record<string, unknown> = {
    id,
    kind: kindName(noun),
    name,
    source,
    health,
    reason,
    observedAt: time(observedAt),
    createdAt: time(createdAt),
    ageSeconds: taken === null ? null : Math.max(0, Math.round((fleet.now() - taken) / 1000)),
    ...(noun.kind === 'route' && { namespace: noun.namespace ?? null }),
  };
  for (const [key, value] of Object.entries(own)) write(item, key, value, fleet);
  return item;
}

function write(item: Record<string, unknown>, key: string, value: unknown, fleet: Fleet): void {
  if (REFERENCES.has(key)) {
    const id = typeof value === 'string' ? value : null;
    item[key] = id === null ? null : (fleet.find(id)?.name ?? null);
    item[`${key}Id`] = id;
  } else if (key.endsWith('At') || key.endsWith('Since')) item[key] = time(value);
  else if (key === 'rollout' && typeof value === 'object' && value !== null) {
    item[key] = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === 'since' ? time(v) : v]));
  } else item[key] = value;
}

/** A line of the feed as JSON has it. */
export function eventItem({ key, at, firstAt, severity, source, about, subject, reason, message, count }: FeedEvent) {
  return {
    id: key,
    kind: 'Event',
    name: subject,
    source,
    health: severity === 'info' ? 'ok' : severity,
    reason,
    observedAt: time(at),
    firstAt: time(firstAt),
    severity,
    about,
    message,
    count,
  };
}

/** ISO 8601 in UTC, or null. */
export function time(at: unknown): string | null {
  return typeof at === 'number' && Number.isFinite(at) ? new Date(at).toISOString() : null;
}
