import type { Cluster } from './cluster.ts';
import { iso, isoMicro } from './moments.ts';
import type { Event, KubeObject } from './objects.ts';

export interface Telling {
  type?: Event['type'];
  reason: string;
  message: string;
  /** Who tells it: `kubelet`, `deployment-controller`. */
  component: string;
  /** The kubelet's node. */
  host?: string;
  /** The container in a pod that it is about. */
  container?: string;
}

/** The cluster forgets events after an hour, as the API server does (`--event-ttl`). */
export const EVENT_TTL_MS = 3_600_000;

/**
 * Tells an event as the real recorders do: the same words about the same object again raise the count of the event
 * that is there. The scheduler writes the newer form, with eventTime and without counts.
 */
export function record(cluster: Cluster, about: KubeObject, telling: Telling): void {
  const { timeline, store } = cluster;
  if (timeline.now < cluster.eventsFrom) return;
  const { type = 'Normal', reason, message, component, host, container } = telling;
  const { name, namespace, uid, resourceVersion } = about.metadata;
  const isScheduler = component === 'default-scheduler';
  const key = `${uid} ${component} ${type} ${reason} ${message}`;
  const known = cluster.eventNames.get(key);
  const now = iso(timeline.now);
  if (known && !isScheduler) {
    const before = store.get('events', known.namespace, known.name);
    if (before) {
      store.modify('events', before, event => ({ ...event, count: (event.count ?? 1) + 1, lastTimestamp: now }));
      return;
    }
  }
  const event = store.create('events', {
    metadata: { name: `${name}.18${cluster.random.hex(14)}`, namespace: namespace ?? 'default' },
    involvedObject: {
      kind: about.kind,
      ...(namespace && { namespace }),
      name,
      uid: about.kind === 'Node' ? name : uid,
      apiVersion: about.apiVersion,
      resourceVersion,
      ...(container && { fieldPath: `spec.containers{${container}}` }),
    },
    reason,
    message,
    source: isScheduler ? {} : { component, ...(host && { host }) },
    firstTimestamp: isScheduler ? null : now,
    lastTimestamp: isScheduler ? null : now,
    ...(!isScheduler && { count: 1 }),
    type,
    eventTime: isScheduler ? isoMicro(timeline.now) : null,
    ...(isScheduler && { action: reason === 'Scheduled' ? 'Binding' : 'Scheduling' }),
    reportingComponent: component,
    reportingInstance: isScheduler ? 'default-scheduler-vps-1' : (host ?? ''),
  });
  cluster.eventNames.set(key, { name: event.metadata.name, namespace: event.metadata.namespace });
}

/** Removes what was last told more than an hour ago. */
export function forgetOldEvents(cluster: Cluster): void {
  const oldest = cluster.timeline.now - EVENT_TTL_MS;
  for (const event of cluster.store.list('events')) {
    const last = event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
    if (Date.parse(last) < oldest) cluster.store.remove('events', event);
  }
  for (const [key, { namespace, name }] of cluster.eventNames) {
    if (!cluster.store.get('events', namespace, name)) cluster.eventNames.delete(key);
  }
}
